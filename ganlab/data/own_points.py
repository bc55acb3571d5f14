"""A person's own points: numbers from a CSV file or pasted, in one column or two."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from ganlab.data import own
from ganlab.data.base import Collection, DataSpec
from ganlab.experiment.settings import ExperimentError

MOST_BYTES = 5_000_000
MOST_POINTS = 100_000
FEWEST_POINTS = 2
LARGEST = 1e30  # of a number: its square still is one
SHOWN = 40  # characters of a bad line that a message repeats
ROOM = 1.1  # around the outermost point in a plot

SEPARATORS = {";": "semicolons", "\t": "tabs", ",": "commas", " ": "spaces"}
NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
DECIMAL_COMMA = re.compile(r"[+-]?\d*,\d+([eE][+-]?\d+)?")


@dataclass(frozen=True)
class Scaling:
    """How points were moved and scaled for training: x = (value - centre) / scale, one scale for all columns."""

    centre: tuple[float, ...]
    scale: float

    def __str__(self) -> str:
        centre = ", ".join(f"{c:.4g}" for c in self.centre)
        return f"x = (value - {centre if len(self.centre) == 1 else f'({centre})'}) / {self.scale:.4g}"


@dataclass(frozen=True)
class Table:
    """What was read: `values` (n, 1 or 2), the names of the columns if a header gave them, and how it was read."""

    values: NDArray[np.float64]
    header: tuple[str, ...]
    separator: str
    decimal_comma: bool


def parse(text: str | bytes) -> Table:
    """Read points: a line each, one or two numbers; commas, semicolons, tabs or spaces between; a header if any.

    A comma is a decimal comma where something else separates the columns ("1,5; 2,5"), and a separator otherwise.
    Empty lines and lines that begin with # are passed over.

    Raises:
        ExperimentError: with the line that is wrong, and what is expected there.
    """
    lines = _lines(text)
    separator = _separator([line for _, line in lines])
    rows = [(number, _cells(line, separator)) for number, line in lines]
    header: tuple[str, ...] = ()
    if rows and not any(_is_number(cell, separator) for cell in rows[0][1]):
        header = tuple(rows[0][1])
        rows = rows[1:]
    if len(rows) < FEWEST_POINTS:
        raise ExperimentError(f"There are {len(rows)} points here; at least {FEWEST_POINTS} are needed, one a line.")
    if len(rows) > MOST_POINTS:
        raise ExperimentError(f"There are {len(rows):,} points here; up to {MOST_POINTS:,} are taken.")
    columns = len(rows[0][1])
    if columns > 2:
        raise ExperimentError(
            f"Line {rows[0][0]} has {columns} columns, but points have one or two: leave the others out."
        )
    values = np.empty((len(rows), columns))
    for row, (number, cells) in enumerate(rows):
        if len(cells) != columns or not all(_is_number(cell, separator) for cell in cells):
            raise ExperimentError(_complaint(number, cells, columns, separator))
        values[row] = [float(cell.replace(",", ".")) for cell in cells]
        if not np.abs(values[row]).max() <= LARGEST:
            raise ExperimentError(f"Line {number} holds a number beyond {LARGEST:g}, which is too large to train on.")
    decimal_comma = separator != "," and any("," in cell for _, cells in rows for cell in cells)
    return Table(values, header if len(header) == columns else (), SEPARATORS[separator], decimal_comma)


def keep(values: NDArray[np.floating]) -> str:
    """Store points (n, 1 or 2) for an Experiment; returns its `own_data`.

    Raises:
        ExperimentError: they are no such points, or too many.
    """
    values = np.asarray(values, np.float64)
    if values.ndim != 2 or values.shape[1] not in (1, 2) or not FEWEST_POINTS <= len(values) <= MOST_POINTS:
        raise ExperimentError(
            f"Points are {FEWEST_POINTS} to {MOST_POINTS:,} rows of one or two numbers, not {values.shape}."
        )
    if not np.abs(values).max() <= LARGEST:
        raise ExperimentError(f"Points must be finite and within {LARGEST:g}.")
    return own.keep("points", values)


def scaled(values: NDArray[np.float64]) -> tuple[NDArray[np.float32], Scaling]:
    """The points with mean 0 and, along the wider axis, standard deviation 1: as wide as the other data here."""
    centre = values.mean(axis=0)
    scale = float(values.std(axis=0).max()) or 1.0  # one point many times over stays where its mean is
    return ((values - centre) / scale).astype(np.float32), Scaling(tuple(centre.tolist()), scale)


def own_points(digest: str) -> Collection:
    """The points that were kept under this digest, scaled.

    Raises:
        DataUnavailable: there are none.
    """
    values, _ = scaled(np.array(own.find("points", digest), np.float64))
    extent = max(ROOM * float(np.abs(values).max()), 1.5)
    return Collection(DataSpec((values.shape[1],), len(values), extent), torch.from_numpy(values))


def _lines(text: str | bytes) -> list[tuple[int, str]]:
    """The lines that hold something, each with its number."""
    if len(text) > MOST_BYTES:
        raise ExperimentError(f"This is {len(text) / 1e6:.1f} MB of text; up to {MOST_BYTES / 1e6:.0f} MB are read.")
    if isinstance(text, bytes):
        try:
            text = text.decode("utf-8-sig")
        except UnicodeDecodeError:
            raise ExperimentError("This is no text: save the table as CSV (UTF-8) and hand that in.") from None
    numbered = enumerate(text.removeprefix("\ufeff").splitlines(), start=1)
    return [(number, line.strip()) for number, line in numbered if line.strip() and not line.lstrip().startswith("#")]


def _separator(lines: list[str]) -> str:
    """What stands between the columns, of `SEPARATORS`."""
    for separator in (";", "\t"):
        if any(separator in line for line in lines):
            return separator
    if not any("," in line for line in lines):
        return " "
    # "1,5 2,5": spaces separate, and each comma stands inside a number. "1,5" alone is two columns.
    pairs = [line.split() for line in lines[-50:]]
    if all(
        len(cells) == 2 and all(DECIMAL_COMMA.fullmatch(c) or NUMBER.fullmatch(c) for c in cells) for cells in pairs
    ):
        return " "
    return ","


def _cells(line: str, separator: str) -> list[str]:
    cells = [cell.strip().strip('"') for cell in (line.split() if separator == " " else line.split(separator))]
    return cells[:-1] if len(cells) > 1 and not cells[-1] else cells


def _is_number(cell: str, separator: str) -> bool:
    return bool(NUMBER.fullmatch(cell) or (separator != "," and DECIMAL_COMMA.fullmatch(cell)))


def _complaint(number: int, cells: list[str], columns: int, separator: str) -> str:
    line = f"{separator} ".join(cells) if separator != " " else " ".join(cells)
    shown = line if len(line) <= SHOWN else line[:SHOWN] + "..."
    expected = "one number" if columns == 1 else f"two numbers with {SEPARATORS[separator]} between them"
    return f'Line {number} reads "{shown}", but {expected} is expected, such as {_example(columns, separator)}.'


def _example(columns: int, separator: str) -> str:
    return "0.5" if columns == 1 else f"0.5{separator.replace(chr(9), ' ')}{' ' if separator in ',;' else ''}-1.2"

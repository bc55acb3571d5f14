"""A person's own points: one or two columns of a table that was handed in, pasted or drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from numpy.typing import NDArray

from ganlab.data import own
from ganlab.data.base import Collection, DataSpec, Units
from ganlab.data.numbers import is_missing
from ganlab.data.tables import MOST_ROWS, Column, Table, complaint
from ganlab.experiment.data import MOST_OWN_CLASSES
from ganlab.experiment.settings import ExperimentError

MOST_POINTS = MOST_ROWS
FEWEST_POINTS = 2
LARGEST = 1e30  # of a number: its square still is one
UNLIKE = 3.0  # so many times as wide as the other, an axis has other units
ROOM = 1.1  # around the outermost point in a plot
SENTINELS = (-99, -999, -9999, -99999, 999, 9999, 99999)  # written by many programs where a value is missing
FAR = 5.0  # from all other values, in ranges of these: so far away a sentinel is no measurement
LINES_NAMED = 5


@dataclass(frozen=True)
class Points:
    """The points chosen from a table: `values` (n, 1 or 2), the names of the columns, () if no header gave them.

    Attributes:
        noted: sentences on what was left out.
        labels, classes: the names of the classes, and the class of each point; () where no column names any.
    """

    values: NDArray[np.float64]
    names: tuple[str, ...]
    noted: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    classes: tuple[int, ...] = ()


def usual_columns(table: Table) -> tuple[int, ...]:
    """The first two columns of numbers, or the only one."""
    return tuple(place for place, column in enumerate(table.columns) if column.is_numbers and not column.counts)[:2]


def label_columns(table: Table) -> tuple[int, ...]:
    """The columns that can name classes: a few words or numbers, again and again."""
    return tuple(place for place, column in enumerate(table.columns) if not column.counts and _names_classes(column))


def usual_label(table: Table) -> int | None:
    """The column of words that names classes, if there is just one."""
    of_words = [place for place in label_columns(table) if not table.columns[place].is_numbers]
    return of_words[0] if len(of_words) == 1 else None


def chosen(table: Table, columns: Sequence[int] | None = None, label: int | None = None) -> Points:
    """These columns of the table as points, or the usual ones, and the classes that another column names.

    Rows without a number or a class are left out, and `noted` says so.

    Raises:
        ExperimentError: with the line that is wrong, or what is missing.
    """
    columns = usual_columns(table) if columns is None else tuple(columns)
    if not columns and table.lines:
        raise ExperimentError(complaint(table, 0, 2))
    taken = [table.columns[place] for place in columns]
    for column in taken:
        _refuse_words(table, column, len(taken))
    words = np.array(table.columns[label].words if label is not None else ("",) * len(table.lines))
    values = np.stack([column.numbers for column in taken], axis=1) if taken else np.empty((0, 1))
    keep, noted = _complete(table, values, words if label is not None else None)
    values, words = values[keep], words[keep]
    names = tuple(column.name for column in taken)
    points = Points(values, names if all(names) else (), noted)
    if label is None:
        return points
    labels, classes = np.unique(words, return_inverse=True)
    return replace(points, labels=tuple(map(str, labels)), classes=tuple(classes.tolist()))


def keep(values: NDArray[np.floating], about: own.About = own.NOTHING) -> str:
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
    return own.keep("points", values, about)


def about(points: Points) -> own.About:
    """Returns what is kept with points from a table. Each axis has its own scale if the axes differ much."""
    widths = points.values.std(axis=0)
    each_axis = bool(widths.max() > UNLIKE * widths.min() > 0)
    return own.About(points.names, each_axis, points.labels, points.classes)


def scaled(values: NDArray[np.float64], about: own.About = own.NOTHING) -> tuple[NDArray[np.float32], Units]:
    """The points with mean 0 and, along the wider axis or along each, standard deviation 1, as other data here."""
    centre, widths = values.mean(axis=0), values.std(axis=0)
    if not about.each_axis:
        widths[:] = widths.max()
    widths[widths == 0] = 1.0  # one point many times over stays where its mean is
    units = Units(tuple(centre.tolist()), tuple(widths.tolist()), about.names)
    return ((values - centre) / widths).astype(np.float32), units


def own_points(digest: str) -> Collection:
    """The points that were kept under this digest, scaled.

    Raises:
        DataUnavailable: there are none.
    """
    found = np.array(own.find("points", digest), np.float64)
    about = own.about("points", digest)
    values, units = scaled(found, about)
    extent = max(ROOM * float(np.abs(values).max()), 1.5)
    spec = DataSpec((values.shape[1],), len(values), extent, labels=about.labels, units=units)
    return Collection(spec, torch.from_numpy(values), torch.tensor(about.classes) if about.classes else None)


def _names_classes(column: Column) -> bool:
    different = len({word for word in column.words if not is_missing(word)})
    return 2 <= different <= min(MOST_OWN_CLASSES, len(column.words) // 2)


def _complete(table: Table, values: np.ndarray, words: np.ndarray | None) -> tuple[np.ndarray, tuple[str, ...]]:
    """Which rows hold all that is needed, and sentences on those that do not.

    Raises:
        ExperimentError: too few do, or one holds a number that is too large.
    """
    noted = [*table.noted]
    keep = np.logical_not(np.isnan(values).any(axis=1))
    if words is not None:
        keep = np.logical_and(keep, [not is_missing(word) for word in words])
    if not keep.all():
        noted.append(f"{_left_out(table, np.logical_not(keep))}: a value is missing there.")
    for place in range(values.shape[1]):
        for sentinel in _sentinels(values[keep, place]):
            marked = np.logical_and(keep, values[:, place] == sentinel)
            noted.append(f"{_left_out(table, marked)}: many programs write {sentinel} for a missing value.")
            keep = np.logical_and(keep, np.logical_not(marked))
    for row in np.flatnonzero(np.logical_and(keep, (np.abs(values) > LARGEST).any(axis=1)))[:1]:
        raise ExperimentError(
            f"Line {table.lines[row]} holds a number beyond {LARGEST:g}, which is too large for training."
        )
    if keep.sum() < FEWEST_POINTS:
        few = f"There are {keep.sum()} points here; at least {FEWEST_POINTS} are needed, one a line."
        raise ExperimentError(" ".join([few, *noted]))
    return keep, tuple(noted)


def _refuse_words(table: Table, column: Column, wanted: int) -> None:
    """Raise ExperimentError where the column holds something else than a number, or nothing."""
    for row in np.flatnonzero(np.isnan(column.numbers)):
        if not is_missing(column.words[row]):
            raise ExperimentError(complaint(table, int(row), wanted))


def _sentinels(values: NDArray[np.float64]) -> list[int]:
    """The numbers that stand for a missing value here: known ones, far from all others."""
    found = [sentinel for sentinel in SENTINELS if (values == sentinel).any()]
    others = values[~np.isin(values, found)]
    if not found or len(others) < FEWEST_POINTS:
        return []
    reach = FAR * max(float(np.ptp(others)), float(np.abs(others).max()) / FAR)
    return [s for s in found if s > others.max() + reach or s < others.min() - reach]


def _left_out(table: Table, rows: np.ndarray) -> str:
    """How many rows, and on which lines."""
    lines = [table.lines[row] for row in np.flatnonzero(rows)]
    named = ", ".join(map(str, lines[:LINES_NAMED])) + (", ..." if len(lines) > LINES_NAMED else "")
    return f"{len(lines):,} {'row is' if len(lines) == 1 else 'rows are'} left out (line {named})"

"""Reads tables with pandas: exported spreadsheets, pasted columns and printed arrays."""

from __future__ import annotations

import codecs
import io
import re
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ganlab.data.arrays import rows_of
from ganlab.data.numbers import DECIMAL_COMMA, NUMBER, Convention, convention_of, is_missing
from ganlab.experiment.settings import ExperimentError

if TYPE_CHECKING:
    import pandas as pd

MOST_BYTES = 5_000_000
MOST_ROWS = 100_000
MOST_LINES = 2 * MOST_ROWS  # blank ones and comments among them
MOST_COLUMNS = 64
MOST_CELLS = 1_000_000
SAMPLE = 20_000  # characters at the beginning from which the separator is told
SHOWN = 40  # characters of a bad line that a message repeats

SEPARATORS = {";": "semicolons", "\t": "tabs", ",": "commas", "|": "bars", " ": "spaces"}
DECLARED = re.compile(r"sep=([;,|\t])", re.IGNORECASE)  # what Excel reads and writes as a first line
COMMENT = re.compile(r"#(?!N/A|NA\b|VALUE!|DIV/0!|REF!|NUM!|NAME\?)")  # and not what Excel writes for an error
QUOTED = re.compile(r'"[^"\n]*"')
INDICES = frozenset(("", "index", "unnamed: 0", "id", "nr", "no", "row", "#"))  # names of columns that count rows
WORKBOOK = b"PK\x03\x04"


@dataclass(frozen=True)
class Column:
    """One column: its name, its cells as they stand, and their numbers, NaN where a cell holds none.

    Attributes:
        counts: whether it only numbers the rows, as an index that pandas or R writes.
    """

    name: str
    words: tuple[str, ...]
    numbers: NDArray[np.float64]
    counts: bool = False

    @property
    def is_numbers(self) -> bool:
        """Whether at least half of the filled cells are numbers."""
        filled = sum(not is_missing(word) for word in self.words)
        found = int((~np.isnan(self.numbers)).sum())
        return found > 0 and 2 * found >= filled


@dataclass(frozen=True)
class Table:
    """What was read: the columns, the line of each row, and how it was read.

    `noted` are sentences on what was not taken as it stands.
    """

    columns: tuple[Column, ...]
    lines: tuple[int, ...]
    separator: str
    decimal_comma: bool
    noted: tuple[str, ...] = ()

    def name(self, place: int) -> str:
        """What to call a column."""
        return self.columns[place].name or f"Column {place + 1}"

    def line(self, row: int) -> str:
        """The cells of a row as a message repeats them."""
        joint = next(mark for mark, name in SEPARATORS.items() if name == self.separator)
        cells = [column.words[row] for column in self.columns]
        while len(cells) > 1 and not cells[-1]:
            cells.pop()
        line = joint.join(cells) if joint == " " else f"{joint} ".join(cells)
        return line if len(line) <= SHOWN else line[:SHOWN] + "..."


def read(text: str | bytes) -> Table:
    """Read a table: a line each row; semicolons, tabs, commas, bars or spaces between; a header if any.

    Blank lines, blank columns and lines that begin with # are passed over.

    Raises:
        ExperimentError: it is no text, too large, or a line can't be understood.
    """
    lines, separator = _lines(_text(text))
    frame = _cells(lines, separator)
    names, frame = _header(frame, separator)
    if len(frame) > MOST_ROWS:
        raise ExperimentError(f"There are {len(frame):,} points here, and at most {MOST_ROWS:,} are possible.")
    convention = _convention(frame, separator)
    columns = []
    for place in frame.columns:
        words = tuple(frame[place].tolist())
        if any(words):
            columns.append(_column(names.get(place, ""), words, convention))
    noted = []
    if columns and _counts_rows(columns, names):
        columns[0] = replace(columns[0], counts=True)
        noted.append(f"{columns[0].name or 'The first column'} only counts the rows, so it is left out.")
    if convention.thousands:
        noted.append(f'"{convention.thousands}" is read as a separator of thousands.')
    lines_of_rows = tuple(int(line) for line in frame.index)
    table = Table(tuple(columns), lines_of_rows, SEPARATORS[separator], convention.decimal_comma, tuple(noted))
    _refuse_strays(table)
    return table


def _text(text: str | bytes) -> str:
    """The text, with one kind of line ends.

    Raises:
        ExperimentError: it is too long, or no text.
    """
    if len(text) > MOST_BYTES:
        raise ExperimentError(
            f"This is {len(text) / 1e6:.1f} MB of text, and at most {MOST_BYTES / 1e6:.0f} MB are possible."
        )
    if isinstance(text, bytes):
        if text.startswith(WORKBOOK):
            raise ExperimentError(
                "This is a workbook or an archive, not text: save the sheet as CSV and use the CSV file."
            )
        text = _decoded(text)
    if "\0" in text:
        raise ExperimentError("This is not text: save the table as CSV (UTF-8) and use the CSV file.")
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def _decoded(content: bytes) -> str:
    """From UTF-16 where a mark says so, else from UTF-8, or the code page that Excel writes in the West."""
    wide = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    for encoding in ("utf-16",) if wide else ("utf-8-sig", "cp1252"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise ExperimentError("This is not text: save the table as CSV (UTF-8) and use the CSV file.")


def _lines(text: str) -> tuple[list[str], str]:
    """The lines, those without data empty, and what stands between the columns, of `SEPARATORS`."""
    text = text.rstrip(" \t\n,;|")  # the blank rows and columns that spreadsheets leave behind
    rows = rows_of(text)
    if rows is not None:
        return rows, " "
    if text.count("\n") > MOST_LINES:
        raise ExperimentError(
            f"There are {text.count(chr(10)) + 1:,} lines here, and at most {MOST_ROWS:,} are possible."
        )
    lines = [line.strip(" ") for line in text.split("\n")]
    lines = ["" if COMMENT.match(line) else line for line in lines]
    first = next((number for number, line in enumerate(lines) if line), None)
    if first is not None and (declared := DECLARED.fullmatch(lines[first])):
        lines[first] = ""
        return lines, declared[1]
    return lines, _separator([QUOTED.sub('""', line) for line in "\n".join(lines)[:SAMPLE].split("\n") if line])


def _separator(lines: list[str]) -> str:
    """What stands between the columns of these lines, in which quoted text was left out."""
    for separator in (";", "\t", "|"):
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


def _cells(lines: list[str], separator: str) -> pd.DataFrame:
    """The cells as text, "" where there is none; blank rows are left out, and the index is the number of the line."""
    import pandas as pd  # takes half a second, for which a process that reads no table need not wait

    filled = sum(map(bool, lines))
    if filled > MOST_ROWS + 1:
        raise ExperimentError(f"There are {filled:,} lines here, and at most {MOST_ROWS:,} are possible.")
    if not filled:
        return pd.DataFrame()
    width = 1 + max(len(line.split()) - 1 if separator == " " else line.count(separator) for line in lines)
    if separator in " ," and filled == 1 and width > 2:  # numbers in one line are points on a line
        (line,) = (line for line in lines if line)
        lines, width = line.replace(",", " ").split(), 1
        filled = len(lines)
    if width > MOST_COLUMNS:
        raise ExperimentError(
            f"There are {width:,} columns here, and at most {MOST_COLUMNS} are possible: leave some out."
        )
    if filled * width > MOST_CELLS:
        raise ExperimentError(
            f"There are {filled:,} lines of up to {width} columns here, and at most {MOST_CELLS:,} cells are "
            "possible: leave columns out."
        )
    try:
        frame = pd.read_csv(
            io.StringIO("\n".join(lines)), sep=r"\s+" if separator == " " else separator, header=None,
            names=list(range(width)), index_col=False, dtype=str, keep_default_na=False, skip_blank_lines=False,
            skipinitialspace=True,
        )  # fmt: skip
    except (pd.errors.ParserError, pd.errors.EmptyDataError):
        raise ExperimentError('A quotation mark (") is opened but not closed: close it, or leave it out.') from None
    frame = frame.fillna("").apply(lambda column: column.str.strip())
    breaks = sum((frame[place].str.count("\n") for place in frame.columns), start=pd.Series(0, frame.index))
    frame.index = pd.Index(np.arange(1, len(frame) + 1) + np.concatenate([[0], np.cumsum(breaks)[:-1]]).astype(int))
    return frame[(frame != "").any(axis=1)]


def _header(frame: pd.DataFrame, separator: str) -> tuple[dict[int, str], pd.DataFrame]:
    """The names of the columns by their place, if the first row gives any, and the other rows."""
    if frame.empty:
        return {}, frame
    first = [str(cell) for cell in frame.iloc[0]]
    rest = frame.iloc[1:]
    while len(first) > 1 and not first[-1]:
        first.pop()
    if not _names_columns(first, rest):
        return {}, frame
    used = [place for place in rest.columns if (rest[place] != "").any()]
    if separator == " " and len(first) > len(used) == 1:
        first = [" ".join(first)]  # the words of one name
    elif len(first) == len(used) - 1:
        first = ["", *first]  # R names no column for the names of its rows
    seen: Counter[str] = Counter()
    names = {}
    for place, name in enumerate(" ".join(name.split()) for name in first):
        seen[name] += 1
        names[place] = name if seen[name] == 1 or not name else f"{name} ({seen[name]})"
    return (names if len(names) >= len(used) else {}), rest


def _names_columns(first: list[str], rest: pd.DataFrame) -> bool:
    """Whether the first row is a header: words alone, or the 0, 1, ... by which pandas counts columns."""
    if not any(_is_number(cell) for cell in first):
        return not all(map(is_missing, first))
    counted = [cell for cell in first if cell]
    if counted != [str(number) for number in range(len(counted))]:
        return False
    if not first[0]:
        return True  # above an index
    return not rest.empty and not any(cell.lstrip("-").isdigit() for column in rest for cell in rest[column])


def _is_number(cell: str) -> bool:
    return Convention().value(cell) is not None or Convention(True).value(cell) is not None


def _convention(frame: pd.DataFrame, separator: str) -> Convention:
    cells = (cell for place in frame.columns for cell in frame[place].tolist())
    found = convention_of(cells, commas_separate=separator == ",")
    if isinstance(found, Convention):
        return found
    line = next(int(line) for line, row in zip(frame.index, frame.to_numpy(), strict=True) if found in row)
    raise ExperimentError(
        f'Line {line} holds "{found}", which can be read in two ways: write it as {found.replace(",", "")} or as '
        f"{found.replace(',', '.')}."
    )


def _column(name: str, words: tuple[str, ...], convention: Convention) -> Column:
    values = (convention.value(word) for word in words)
    return Column(name, words, np.array([np.nan if value is None else value for value in values]))


def _counts_rows(columns: list[Column], names: dict[int, str]) -> bool:
    """Whether the first column holds whole numbers that rise, under the name of an index or none, beside others."""
    first = columns[0]
    if len(columns) < 2 or not names or first.name.lower() not in INDICES:
        return False
    steps = np.diff(first.numbers)
    return bool(len(steps) and (steps >= 1).all() and (first.numbers == np.floor(first.numbers)).all())


def _refuse_strays(table: Table) -> None:
    """Raise ExperimentError if a line has a cell where most have none, and no header names one."""
    for place, column in enumerate(table.columns):
        filled = [row for row, word in enumerate(column.words) if word]
        if not column.name and 2 * len(filled) < len(column.words):
            raise ExperimentError(complaint(table, filled[0], place))


def complaint(table: Table, row: int, columns: int) -> str:
    """A sentence on a row that does not hold `columns` numbers."""
    joint = next(mark for mark, name in SEPARATORS.items() if name == table.separator)
    gap = {" ": " ", "\t": " "}.get(joint, f"{joint} ")
    expected = "one number" if columns == 1 else f"{columns} numbers with {table.separator} between them"
    expected = expected.replace("2 numbers", "two numbers")
    example = gap.join(("0.5", "-1.2", "0.7")[:columns] if columns < 3 else ("0.5", "-1.2", "..."))
    return f'Line {table.lines[row]} reads "{table.line(row)}", but {expected} is expected, such as {example}.'

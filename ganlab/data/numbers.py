"""Numbers as people write them: decimal points or commas, separators of thousands, a typographic minus."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

LONGEST = 100  # characters of a number

# No two neighbours of these patterns can take the same character: the time is linear in the length.
NUMBER = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?")
DECIMAL_COMMA = re.compile(r"[+-]?\d*,\d+(?:[eE][+-]?\d+)?")
BY_POINTS = re.compile(r"[+-]?[1-9]\d{0,2}(?:\.\d{3})+(?:,\d*)?")  # 1.150,5
BY_COMMAS = re.compile(r"[+-]?[1-9]\d{0,2}(?:,\d{3})+(?:\.\d*)?")  # 1,150.5
BY_SPACES = re.compile(r"[+-]?[1-9]\d{0,2}(?:[ ']\d{3})+(?:[.,]\d*)?")  # 1 150,5 and 1'150.5

MINUS, SPACE = "\u2010\u2011\u2012\u2013\u2212\ufe63\uff0d", "\u00a0\u2009\u202f"
TYPOGRAPHIC = str.maketrans({**dict.fromkeys(MINUS, "-"), **dict.fromkeys(SPACE, " "), "’": "'"})
MISSING = {
    "nan", "na", "n/a", "n.a.", "<na>", "#n/a", "#na", "nat", "null", "none", "nil", "missing", "inf", "infinity",
    "#value!", "#div/0!", "#ref!", "#num!", "#name?", "?", ".", "-", "--",
}  # fmt: skip


@dataclass(frozen=True)
class Convention:
    """How a table writes its numbers: a decimal comma or point, and what separates thousands, if anything does."""

    decimal_comma: bool = False
    thousands: str = ""

    def value(self, cell: str) -> float | None:
        """The number in a cell, None where there is none."""
        if len(cell) > LONGEST:
            return None
        if not self.decimal_comma and NUMBER.fullmatch(cell):
            return float(cell)
        plain = cell.translate(TYPOGRAPHIC)
        if BY_SPACES.fullmatch(plain):
            plain = plain.replace(" ", "").replace("'", "")
        if self.thousands == "." and BY_POINTS.fullmatch(plain):
            plain = plain.replace(".", "")
        elif self.thousands == "," and BY_COMMAS.fullmatch(plain):
            plain = plain.replace(",", "")
        if self.decimal_comma:
            plain = plain.replace(",", ".")
        return float(plain) if NUMBER.fullmatch(plain) else None


def is_missing(cell: str) -> bool:
    """Whether a cell says that there is no number."""
    return not cell or cell.lower().lstrip("+-") in MISSING or cell in MISSING


def convention_of(cells: Iterable[str], *, commas_separate: bool) -> Convention | str:
    """How these cells write numbers, or a cell that can be read in two ways.

    "1,234" alone is a decimal comma where something else separates the columns, as spreadsheets write it there;
    where commas separate columns too, it can't be told.
    """
    marked = [cell.translate(TYPOGRAPHIC) for cell in cells if len(cell) <= LONGEST and ("," in cell or "." in cell)]
    commas = [cell for cell in marked if "," in cell and (DECIMAL_COMMA.fullmatch(cell) or _is_grouped(cell))]
    if not commas:
        return Convention()
    if any(not BY_COMMAS.fullmatch(cell) for cell in commas):
        points = [cell for cell in marked if "." in cell and (NUMBER.fullmatch(cell) or _is_grouped(cell))]
        return Convention(True, "." if points and all(map(BY_POINTS.fullmatch, points)) else "")
    if any("." in cell or cell.count(",") > 1 for cell in commas):
        return Convention(False, ",")
    return commas[0] if commas_separate else Convention(True)


def _is_grouped(cell: str) -> bool:
    return bool(BY_POINTS.fullmatch(cell) or BY_COMMAS.fullmatch(cell) or BY_SPACES.fullmatch(cell))

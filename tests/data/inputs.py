"""Tables as spreadsheets, pandas, NumPy and MATLAB write them: the same 60 points, each time in another manner."""

from __future__ import annotations

import numpy as np

POINTS = np.random.default_rng(0).normal((0.3, 1.6), (1.0, 0.9), (60, 2)).round(3)
POINTS[0] = 1.5, -0.25
LINE = POINTS[:, :1]
FEW = POINTS[:8]


def rows(points: np.ndarray, joint: str, *, comma: bool = False, quoted: bool = False, tail: str = "") -> str:
    """A line for each point."""
    cells = [[f"{value:.3f}".replace(".", "," if comma else ".") for value in row] for row in points]
    cells = [[f'"{cell}"' for cell in row] for row in cells] if quoted else cells
    return "".join(joint.join(row) + tail + "\r\n" for row in cells)


GERMAN = "x;y\r\n" + rows(POINTS, ";", comma=True)
INDEXED = [f"{number},{row}" for number, row in enumerate(rows(POINTS, ",").splitlines())]

TABLES: dict[str, tuple[bytes, np.ndarray]] = {
    "quoted decimal commas, one column": (("wert\n" + rows(LINE, "", comma=True, quoted=True)).encode(), LINE),
    "quoted decimal commas, two columns": (("x,y\n" + rows(POINTS, ",", comma=True, quoted=True)).encode(), POINTS),
    "trailing blank rows": (GERMAN.encode() + b";\r\n" * 40, POINTS),
    "trailing blank columns": (("x,y,,,\r\n" + rows(POINTS, ",", tail=",,,")).encode(), POINTS),
    "sep=;": (b"sep=;\r\n" + GERMAN.encode(), POINTS),
    "typographic minus": (("x,y\n" + rows(POINTS, ",").replace("-", "\u2212")).encode(), POINTS),
    "cp1252": (("Breite;H\u00f6he\n" + rows(POINTS, ";", comma=True)).encode("cp1252"), POINTS),
    "utf-16": (GERMAN.replace(";", "\t").encode("utf-16"), POINTS),
    "pandas' index, one column": (
        "\n".join([",value", *(line.rpartition(",")[0] for line in INDEXED)]).encode(), LINE
    ),
    "pandas' index": ("\n".join([",x,y", *INDEXED]).encode(), POINTS),
    "pandas' index and names": ("\n".join([",0,1", *INDEXED]).encode(), POINTS),
    "pandas' names": (("0,1\n" + rows(POINTS, ",")).encode(), POINTS),
    "R's names of rows": ("\n".join(['"x" "y"', *(line.replace(",", " ") for line in INDEXED)]).encode(), POINTS),
    "thousands": (
        ("x;y\n" + "".join(f"1.{n:03d},5;0,{n}\n" for n in range(10, 70))).encode(),
        np.array([[1000.5 + n, n / 100] for n in range(10, 70)]),
    ),
    "a list of Python": (repr(FEW.tolist()).encode(), FEW),
    "what NumPy prints": (str(FEW).encode(), FEW),
    "an array of NumPy": (f"x = np.{FEW!r}".encode(), FEW),
    "MATLAB": (("A = [" + "; ".join(f"{x} {y}" for x, y in FEW) + "];").encode(), FEW),
    "numbers in one line": (", ".join(str(value) for value in LINE[:, 0]).encode(), LINE),
}  # fmt: skip

"""The scalars of a run as 32-bit floats, row after row, in a file that grows at its end."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np

from ganlab.training.history import Floats

FLOAT = np.dtype("<f4")


def append(path: Path, rows: Floats) -> None:
    """Add to the file the rows (iterations, scalars) that it does not hold yet, so that they survive a loss of power.

    Raises:
        OSError: the disk does not take them.
    """
    width = rows.shape[1] * FLOAT.itemsize
    with path.open("ab") as file:
        there = min(file.tell() // width, len(rows))
        file.truncate(there * width)  # half a row is left where a process was killed
        file.write(np.ascontiguousarray(rows[there:], FLOAT).tobytes())
        file.flush()
        os.fsync(file.fileno())


def read(path: Path, width: int) -> Floats:
    """Its rows (iterations, width); none where there is no such file."""
    content = path.read_bytes() if path.is_file() else b""
    whole = len(content) // (width * FLOAT.itemsize) * width * FLOAT.itemsize
    return np.frombuffer(content[:whole], FLOAT).reshape(-1, width)


def in_order(rows: Floats, names: list[str], scalars: tuple[str, ...]) -> Floats:
    """The rows with their columns in the order of `scalars`; NaN where one was not measured."""
    if tuple(names) == scalars:
        return rows
    ordered = np.full((len(rows), len(scalars)), np.nan, np.float32)
    for i, name in enumerate(scalars):
        if name in names:
            ordered[:, i] = rows[:, names.index(name)]
    return ordered

"""Every scalar of every iteration as a table."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np

from ganlab.export.files import CannotExport
from ganlab.export.taken import Taken
from ganlab.training.history import SCALARS_OF


def columns(taken: Taken) -> tuple[str, ...]:
    """The names of the table's columns."""
    return ("iteration", *SCALARS_OF[taken.experiment.model])


def write_csv(taken: Taken, folder: Path) -> str:
    """history.csv: one line an iteration; nothing stands where a scalar was not measured."""
    path = folder / "history.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(columns(taken))
        for iteration, row in enumerate(taken.history, start=1):
            writer.writerow((iteration, *("" if np.isnan(value) else f"{value:.9g}" for value in row)))
    with path.open(newline="", encoding="utf-8") as file:
        _, *lines = csv.reader(file)
    return _agreed(np.array([[float(value or "nan") for value in line] for line in lines]), taken)


def write_parquet(taken: Taken, folder: Path) -> str:
    """history.parquet: the same as 32-bit floats, with the experiment in the file's metadata."""
    import pyarrow as pa
    from pyarrow import parquet

    path = folder / "history.parquet"
    values = [np.arange(1, len(taken.history) + 1), *taken.history.T]
    table = pa.table(dict(zip(columns(taken), values, strict=True)))
    parquet.write_table(table.replace_schema_metadata({"experiment": taken.experiment.to_json()}), path)
    read = parquet.read_table(path)
    return _agreed(np.stack([read[name].to_numpy() for name in columns(taken)], axis=1), taken)


def _agreed(read: np.ndarray, taken: Taken) -> str:
    read = read.reshape(-1, len(columns(taken)))
    if not np.array_equal(read[:, 1:].astype(np.float32), taken.history, equal_nan=True):
        raise CannotExport("The table that was read back holds other numbers: please report this.")
    return f"read back: {len(taken.history):,} iterations of {taken.history.shape[1]} scalars are the same"

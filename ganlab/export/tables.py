"""Every scalar of every iteration as a table."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np

from ganlab.export.files import CannotExport
from ganlab.export.trained_run import TrainedRun
from ganlab.training.history import SCALARS_OF


def columns(run: TrainedRun) -> tuple[str, ...]:
    """The names of the table's columns."""
    return ("iteration", *SCALARS_OF[run.experiment.model])


def write_csv(run: TrainedRun, folder: Path) -> str:
    """Write history.csv: one line for each iteration. A scalar that was not measured is left blank."""
    path = folder / "history.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(columns(run))
        for iteration, row in enumerate(run.history, start=1):
            writer.writerow((iteration, *("" if np.isnan(value) else f"{value:.9g}" for value in row)))
    with path.open(newline="", encoding="utf-8") as file:
        _, *lines = csv.reader(file)
    return _agreed(np.array([[float(value or "nan") for value in line] for line in lines]), run)


def write_parquet(run: TrainedRun, folder: Path) -> str:
    """Write history.parquet: every scalar as a 32-bit float, and the experiment in the file's metadata."""
    import pyarrow as pa
    from pyarrow import parquet

    path = folder / "history.parquet"
    values = [np.arange(1, len(run.history) + 1), *run.history.T]
    table = pa.table(dict(zip(columns(run), values, strict=True)))
    parquet.write_table(table.replace_schema_metadata({"experiment": run.experiment.to_json()}), path)
    read = parquet.read_table(path)
    return _agreed(np.stack([read[name].to_numpy() for name in columns(run)], axis=1), run)


def _agreed(read: np.ndarray, run: TrainedRun) -> str:
    read = read.reshape(-1, len(columns(run)))
    if not np.array_equal(read[:, 1:].astype(np.float32), run.history, equal_nan=True):
        raise CannotExport("The table that was read back holds other numbers: please report this.")
    return f"read back: {len(run.history):,} iterations of {run.history.shape[1]} scalars are the same"

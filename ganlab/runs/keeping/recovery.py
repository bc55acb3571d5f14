"""Runs that are in the folder and not in the list, found again by what their files say of themselves."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np

from ganlab.experiment import Experiment, ExperimentError
from ganlab.runs.keeping import checkpoint_file
from ganlab.runs.keeping.picture import SamplePreview, draw
from ganlab.runs.keeping.rows import COLUMNS, Storage, row_of, storage_of
from ganlab.runs.keeping.stored_run import values_of
from ganlab.runs.record import RunRecord
from ganlab.runs.state import State

FOUND = (
    "This run was missing in the list of runs, and GanLab found it again by its file. An older GanLab saved it and "
    "kept its curves and its name only in that list, so they are lost. The weights are complete."
)


def found_again(paths: Iterable[Path]) -> list[dict[str, Any]]:
    """A row of the list for each run of which a file holds the newest state; damaged files give none."""
    newest: dict[str, dict[str, Any]] = {}
    for path in paths:
        try:
            row = _row(path)
        except (ExperimentError, ValueError, KeyError, TypeError, AttributeError, OSError):
            continue
        if row is not None and (row["id"] not in newest or row["saved"] > newest[row["id"]]["saved"]):
            newest[row["id"]] = row
    return list(newest.values())


def _row(path: Path) -> dict[str, Any] | None:
    """None for a best state and for what a fork went on from: they come with the newest state of their run."""
    values = checkpoint_file.read_record(path)
    if values is None:
        return _row_of_an_older_file(path)
    if values["stored"]["which"] != "last":
        return None
    return row_of(values, storage_of(values["stored"], path.name), path.parent)


def _row_of_an_older_file(path: Path) -> dict[str, Any]:
    """Returns the row of a file that says only its settings and its iteration. It may hold any state of any run."""
    plain = checkpoint_file.read(path).plain
    experiment = Experiment.of(**plain["experiment"])
    record = RunRecord(
        experiment,
        experiment,
        iteration=int(plain["iteration"]),
        id=path.stem,
        name=f"Found again at iteration {plain['iteration']:,}",
        state=State.PAUSED,
        message=FOUND,
    )
    files: dict[str, str | None] = dict.fromkeys(COLUMNS)
    written = path.stat().st_mtime
    picture = draw(SamplePreview(np.empty((0, 2), np.float32), 1.0))
    return row_of(values_of(record), Storage(files | {"file": path.name}, written, written, "", picture), path.parent)

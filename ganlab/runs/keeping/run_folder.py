"""The folder of a run that was trained without the app: its settings, its scalars as a table, and its checkpoint."""

from __future__ import annotations

import csv
import json
import os
from dataclasses import replace
from itertools import islice
from pathlib import Path

import numpy as np

from ganlab.experiment import Experiment, ExperimentError
from ganlab.runs.fork import Origin
from ganlab.runs.keeping import checkpoint_file
from ganlab.runs.keeping.stored_run import record_of, values_of
from ganlab.runs.record import RunRecord, untrained
from ganlab.runs.state import Intervention, State
from ganlab.training.history import SCALARS_OF, Floats

CHECKPOINT, WEIGHTS = "checkpoint.safetensors", "weights.safetensors"
EXPERIMENT, HISTORY = "experiment.json", "history.csv"
COURSE = "course.json"  # where older versions wrote what a checkpoint's own record tells now


class RunFolder:
    """A folder in which one run is saved again and again as it trains. A process that is killed leaves it readable."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._rows = self._end = 0  # of the table of scalars: rows and bytes that are surely in it

    def write(self, record: RunRecord) -> list[Path]:
        """Write the run as it is now; returns the files that tell how it is.

        Of a run that failed only the weights are written, to look at: they are older than what its optimisers
        remember. A checkpoint of before stays.

        Raises:
            OSError: the disk does not take it; what was saved before is still there.
        """
        assert record.checkpoint is not None
        experiment, history = self.folder / EXPERIMENT, self.folder / HISTORY
        if not self._end:
            experiment.write_text(record.experiment.to_json(), encoding="utf-8")
        self._append(record, history)  # first: of a longer table, the rows up to the checkpoint count
        written = [experiment, history]
        if record.state is not State.FAILED:
            checkpoint_file.write(record.checkpoint, self.folder / CHECKPOINT, values_of(record))
            written.append(self.folder / CHECKPOINT)
        elif record.iteration:
            checkpoint_file.write_weights(record.checkpoint, self.folder / WEIGHTS, values_of(record))
            written.append(self.folder / WEIGHTS)
        return written

    def _append(self, record: RunRecord, path: Path) -> None:
        """Add the iterations that the table lacks."""
        assert record.checkpoint is not None
        rows = record.checkpoint.history
        with path.open("a", newline="", encoding="utf-8") as file:
            file.truncate(self._end)  # part of a row is left where the disk was full
            writer = csv.writer(file)
            if not self._end:
                writer.writerow(("iteration", *record.scalars))
            for iteration in range(self._rows, len(rows)):
                writer.writerow((iteration + 1, *(f"{value:.6g}" for value in rows[iteration])))
            file.flush()
            os.fsync(file.fileno())
            self._rows, self._end = len(rows), file.tell()


def read(path: Path) -> RunRecord:
    """The record in this folder, or of this checkpoint, with the scalars of the table beside it if there is one.

    What a fork went on from is not in the folder: of that, only the sentence is known.

    Raises:
        ExperimentError: there is no checkpoint, or a file is damaged.
    """
    path = path / CHECKPOINT if path.is_dir() else path
    try:
        checkpoint, values = checkpoint_file.read(path), checkpoint_file.read_record(path)
    except ExperimentError as error:
        raise ExperimentError(f"{path.name} can't be read as a checkpoint. {error}") from None
    experiment = Experiment.of(**checkpoint.plain["experiment"])
    scalars = _read_history(path.with_name(HISTORY), SCALARS_OF[experiment.model], checkpoint.iteration)
    checkpoint = replace(checkpoint, history=scalars)
    record = _read_course(path.with_name(COURSE), experiment) if values is None else record_of(values)
    return replace(record, iteration=checkpoint.iteration, checkpoint=checkpoint)


def _read_history(path: Path, scalars: tuple[str, ...], iterations: int) -> Floats:
    """The scalars of the first iterations in the file, (iterations, scalars); none if there is no file."""
    if not path.is_file():
        return np.empty((0, len(scalars)), np.float32)
    try:
        with path.open(newline="", encoding="utf-8") as file:
            lines = islice(csv.DictReader(file), iterations)  # after them, half a row where a process was killed
            rows = [[float(line[name] or "nan") for name in scalars] for line in lines]
    except (KeyError, TypeError, ValueError, OSError, csv.Error):
        raise ExperimentError(
            f"{path} is not a table of scalars that `ganlab train` wrote: move it to another folder."
        ) from None
    return np.array(rows, np.float32).reshape(-1, len(scalars))


def _read_course(path: Path, experiment: Experiment) -> RunRecord:
    """What an older version wrote of a run that was changed on its way; where it wrote nothing, it never was."""
    if not path.is_file():
        return untrained(experiment)
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
        begun = Experiment.of(**values["initial_experiment"])
        interventions = tuple(Intervention(*each) for each in values["interventions"])
        origin = values["origin"] and Origin("", 0, str(values["origin"]))
    except (ValueError, KeyError, TypeError, OSError):
        raise ExperimentError(f"{path} is not a file that `ganlab train` wrote: move it to another folder.") from None
    return RunRecord(experiment, begun, interventions, origin)

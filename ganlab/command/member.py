"""One run of a sweep, in a folder of its own: begun, gone on with, saved while it trains, and measured."""

from __future__ import annotations

import math
import time
from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ganlab.experiment import Experiment, ExperimentError
from ganlab.runs.keeping import checkpoint_file, run_folder
from ganlab.runs.keeping.intervals import SAVE_SECONDS
from ganlab.runs.keeping.run_folder import CHECKPOINT, WEIGHTS, RunFolder
from ganlab.runs.keeping.stored_run import record_of
from ganlab.runs.lab import Lab
from ganlab.runs.record import RunRecord
from ganlab.runs.run import Run
from ganlab.runs.state import MOVED, State
from ganlab.runs.sweeps.measures import measures_of

LONGEST_NAME = 150  # characters of a folder


@dataclass(frozen=True)
class Row:
    """What came of a run: its settings, the iterations that it did, its measures, and why it failed, if it did."""

    settings: Mapping[str, Any]
    iteration: int
    measures: Mapping[str, float]
    broken: str
    folder: str


class Member:
    """A run of a sweep.

    Attributes:
        row: what came of it; None until it has ended.
    """

    def __init__(self, experiment: Experiment, settings: Mapping[str, Any], folder: Path) -> None:
        """It is found again in `folder`, under a name made of its settings."""
        self.experiment, self.settings = experiment, settings
        name = ",".join(f"{field}={value}" for field, value in settings.items())
        self.folder = folder / name.replace("/", "-")[:LONGEST_NAME]
        self.row: Row | None = None
        self.run: Run | None = None
        self._files = RunFolder(self.folder)
        self._stored: RunRecord | None = None
        self._asked: Future[RunRecord] | None = None
        self._saved_at = 0.0

    @property
    def iteration(self) -> int:
        """Iterations done so far."""
        if self.row is not None:
            return self.row.iteration
        if self.run is not None:
            return self.run.iteration
        return 0 if self._stored is None else self._stored.iteration

    @property
    def rate(self) -> float:
        """Iterations a second at present."""
        return 0.0 if self.run is None else self.run.rate

    def look(self) -> None:
        """Find out what an earlier sweep has left in its folder.

        Raises:
            ExperimentError: it is damaged, or of another run.
        """
        if (self.folder / CHECKPOINT).is_file():
            record = run_folder.read(self.folder)
        elif (self.folder / WEIGHTS).is_file():  # it failed, and would again
            values = checkpoint_file.read_record(self.folder / WEIGHTS)
            record = record_of(values or {})
        else:
            return
        steps = self.experiment.max_steps
        was_changed = any(each.kind != MOVED for each in record.interventions)
        if record.initial_experiment.changed(max_steps=steps) != self.experiment or was_changed:
            raise ExperimentError(
                f"{self.folder} holds a run with other settings than the plan says: choose another folder with --out."
            )
        if record.iteration > steps:
            raise ExperimentError(
                f"The run in {self.folder} has done {record.iteration:,} iterations, and the plan asks for {steps:,}: "
                "choose another folder with --out."
            )
        if record.state is State.FAILED or record.iteration == steps:
            self._end(record)
        else:
            self._stored = replace(record, experiment=record.experiment.changed(max_steps=steps))

    def begin(self, lab: Lab) -> None:
        """Train it, from where it was."""
        self.run = lab.create(self.experiment) if self._stored is None else lab.bring_back(self._stored)
        self.run.play()
        self._saved_at = time.monotonic()

    def keep_up(self) -> bool:
        """Save it if it is time to, and take down what came of it once it has ended. Returns whether it has.

        Raises:
            OSError: the disk does not take it.
        """
        run = self.run
        assert run is not None
        has_ended = run.state in (State.FINISHED, State.FAILED)
        if self._asked is None and (has_ended or time.monotonic() - self._saved_at > SAVE_SECONDS):
            self._asked = run.record()
        if self._asked is None or not self._asked.done():
            return False
        asked, self._asked, self._saved_at = self._asked, None, time.monotonic()
        record = _answer(asked)
        if record is not None and (record.state is State.FAILED or _is_sound(record)):
            self._write(record)
        if not has_ended:
            return False
        if record is not None and record.state in (State.FINISHED, State.FAILED):
            self._end(record)
        elif run.state is State.FAILED:  # so that it can't even be asked
            e = self.experiment
            self._end(RunRecord(e, e, iteration=run.iteration, state=State.FAILED, message=run.message))
        return self.row is not None

    def save(self, seconds: float) -> None:
        """Save it as it is now, if it answers within so many seconds."""
        if self.run is None or self.row is not None:
            return
        try:
            record = self.run.record().result(seconds)
        except Exception:  # whatever it is: what was saved before is still there
            return
        if _is_sound(record):
            self._write(record)

    def _write(self, record: RunRecord) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self._files.write(record)

    def _end(self, record: RunRecord) -> None:
        failed = record.state is State.FAILED
        measures = {} if failed or record.checkpoint is None else measures_of(record)
        broken = str(record.message) if failed else ""
        self.row = Row(self.settings, record.iteration, measures, broken, self.folder.name)
        self.run = None


def _answer(asked: Future[RunRecord]) -> RunRecord | None:
    return None if asked.cancelled() or asked.exception() is not None else asked.result()


def _is_sound(record: RunRecord) -> bool:
    return record.checkpoint is not None and record.checkpoint.is_sound and record.iteration > 0


def number(value: float) -> str:
    """A measure in a table: as many digits as the scalars of a run's folder have."""
    return f"{value:.6g}" if math.isfinite(value) else ""

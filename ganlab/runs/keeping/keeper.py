"""Saves the runs of a Lab as they go, without holding up training: the training thread copies, another one writes."""

from __future__ import annotations

import logging
import secrets
import sqlite3
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from ganlab.runs.audience import Audience
from ganlab.runs.commanded import new_id
from ganlab.runs.keeping.picture import Samples
from ganlab.runs.keeping.store import Store
from ganlab.runs.record import BestCheckpoint, RunRecord
from ganlab.runs.run import Run
from ganlab.runs.state import State

logger = logging.getLogger(__name__)

SAVE_SECONDS = 30.0  # between two states of a run that trains
JUDGE_SECONDS = 2.0  # between two looks at whether it is better than it has ever been


@dataclass(frozen=True)
class Draft:
    """A record on its way to the disk: see `Store.save`."""

    record: RunRecord
    samples: Samples
    lineage: str


@dataclass
class Trace:
    """What a keeper knows of a run.

    Attributes:
        mark: what the run was like when it was copied last.
        copied_at: when that was (`time.monotonic`).
        build: of the run, to which `lineage` belongs.
        best: the best it has been; judged_at: when it was last compared with that.
    """

    mark: tuple[Any, ...] | None
    copied_at: float
    build: int
    lineage: str
    best: BestCheckpoint | None = None
    judged_at: float = 0.0


class Keeper:
    """Watches runs and stores each when it comes to rest, and every half minute while it trains.

    Attributes:
        trouble: why the last state could not be saved, and what to do; None once one can be again.
    """

    def __init__(self, store: Store, save_seconds: float = SAVE_SECONDS) -> None:
        self.store = store
        self.trouble: str | None = None
        self._save_seconds = save_seconds
        self._traces: dict[str, Trace] = {}
        self._news = threading.Condition()
        self._waiting: dict[str, Draft] = {}
        self._writing = False
        self._closing = False
        self._thread: threading.Thread | None = None

    # Any thread

    def restore(self, run_id: str, audience: Audience) -> Run | None:
        """A stored run, at rest as it was saved; None if it is not here. Its weights are read when it is built.

        Raises:
            ExperimentError: it was saved with settings that this version or this machine does not have.
        """
        self.wait()
        stored = self.store.run(run_id)
        if stored is None:
            return None
        run = Run.restored(stored.record, lambda: self.store.record(run_id), audience)
        self._traces[run_id] = Trace(_mark(run), time.monotonic(), run.build, secrets.token_hex(8), stored.best)
        return run

    def restore_best(self, run_id: str, audience: Audience) -> Run | None:
        """Another run that goes on from the best that a stored one has been; None if there is none.

        Raises:
            ExperimentError: as `restore`, or its weights are gone.
        """
        self.wait()
        stored = self.store.run(run_id)
        if stored is None or stored.best is None:
            return None
        best = self.store.best_record(run_id)
        best = replace(
            best,
            id=new_id(),
            name=f"{best.name} at its best" if best.name else "",
            state=State.PAUSED,
            message=f"A run of its own that goes on from the best weights, those of iteration {best.iteration:,}.",
        )
        run = Run.restored(best, lambda: best, audience)
        self._traces[run.id] = Trace(_mark(run), time.monotonic(), run.build, secrets.token_hex(8))
        return run

    def forget(self, run_id: str) -> None:
        """Don't write what still waits to be written of a run."""
        with self._news:
            self._waiting.pop(run_id, None)

    def wait(self) -> None:
        """Until all that was copied so far is written, or could not be."""
        with self._news:
            self._news.wait_for(lambda: not self._waiting and not self._writing)

    def close(self) -> None:
        """Write what waits, and end the thread."""
        with self._news:
            self._closing = True
            self._news.notify_all()
        if self._thread is not None:
            self._thread.join()

    # The training thread

    def look(self, run: Run) -> None:
        """Copy the run, if it is time to save it."""
        if run.iteration == 0 or not run.built:
            return
        now, mark = time.monotonic(), _mark(run)
        trace = self._traces.get(run.id)
        if trace is None or trace.build != run.build:
            trace = self._traces[run.id] = Trace(None, now, run.build, secrets.token_hex(8))
        if now - trace.judged_at >= JUDGE_SECONDS and (trace.mark is None or trace.mark[1] != run.iteration):
            self._judge(run, trace)
        rested = now - trace.copied_at >= self._save_seconds
        if mark != trace.mark and (rested or run.state is not State.RUNNING):
            self._copy(run, trace)

    def finish(self, runs: Iterable[Run]) -> None:
        """Copy what has changed of these runs, whenever they were saved last: nobody will train them any more."""
        for run in runs:
            trace = self._traces.get(run.id)
            if run.iteration > 0 and trace is not None and trace.mark != _mark(run):
                self._copy(run, trace)
            self._traces.pop(run.id, None)

    def _judge(self, run: Run, trace: Trace) -> None:
        trace.best, trace.judged_at = run.best_yet(trace.best), time.monotonic()

    def _copy(self, run: Run, trace: Trace) -> None:
        trace.mark, trace.copied_at = _mark(run), time.monotonic()  # first: another thread may command it meanwhile
        self._judge(run, trace)
        if (copied := run.recorded()) is None:
            return
        record, samples = copied
        with self._news:
            self._waiting[run.id] = Draft(replace(record, best=trace.best), samples, trace.lineage)
            if self._thread is None:
                self._thread = threading.Thread(target=self._write, name="ganlab-saving", daemon=True)
                self._thread.start()
            self._news.notify_all()

    # The thread that writes

    def _write(self) -> None:
        while (draft := self._next()) is not None:
            try:
                self._written(draft.record, self.store.save(draft.record, draft.samples, draft.lineage))
            except Exception as error:
                self._say(draft.record, error)
            with self._news:
                self._writing = False
                self._news.notify_all()

    def _next(self) -> Draft | None:
        """The state that has waited longest; None when there will be no more."""
        with self._news:
            self._news.wait_for(lambda: self._waiting or self._closing)
            if not self._waiting:
                return None
            self._writing = True
            return self._waiting.pop(next(iter(self._waiting)))

    def _written(self, record: RunRecord, excess: int) -> None:
        """All is well, or people have named more than there is room for; the best weights need no memory any more."""
        self.trouble = None
        if excess > 0:
            self.trouble = (
                f"The runs that you named take more than the {self.store.most_bytes / 1024**3:.0f} GB set aside for "
                f"runs, by {excess / 1024**2:.0f} MB: delete some of them (under Runs)."
            )
        trace = self._traces.get(record.id)
        if trace is not None and record.best is not None and trace.best is record.best:
            trace.best = replace(record.best, checkpoint=None)

    def _say(self, record: RunRecord, error: Exception) -> None:
        """Let it be tried again, and let people know."""
        if (trace := self._traces.get(record.id)) is not None:
            trace.mark = None
        if not isinstance(error, OSError | sqlite3.Error):
            logger.exception("A run could not be saved")
        self.trouble = (
            f"Runs can't be saved now ({error}). Training goes on, but what it learns is lost when the app closes: "
            f"free some space on the disk of {self.store.folder}."
        )


def _mark(run: Run) -> tuple[Any, ...]:
    """What a stored state of a run should tell; different as soon as it is out of date."""
    directions, done = tuple(run.directions.values()), len(run.interventions)
    return run.build, run.iteration, run.state, run.message, run.experiment, run.name, directions, done

"""Saves the runs of a Lab as they go, without holding up training: the training thread copies, another one writes."""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from ganlab.experiment.sentence import Sentence
from ganlab.runs.audience import Audience
from ganlab.runs.keeping.intervals import SAVE_SECONDS, pause_after
from ganlab.runs.keeping.store import Store
from ganlab.runs.keeping.writer import Draft, Writer
from ganlab.runs.record import BestCheckpoint, RunRecord
from ganlab.runs.run import Run
from ganlab.runs.state import State
from ganlab.runs.training_job import new_id

AT_ITS_BEST = "A new run that goes on from the best weights, those of iteration {iteration:,}."
JUDGE_SECONDS = 2.0  # between two looks at whether it is better than it has ever been
PARTED = (
    "Another GanLab has trained this run further since you opened it here. Both are kept: what you train here is "
    "saved as a new run, which is listed under Runs. Press Train to go on."
)


@dataclass
class Trace:
    """What a keeper knows of a run.

    Attributes:
        mark: what the run was like when it was copied last.
        build: of the run, to which `lineage` belongs.
        begun: when it was first copied; copied_at: when it was copied last (`time.monotonic`).
        best: the best it has been; judged_at: when it was last compared with that.
    """

    run: Run
    mark: tuple[Any, ...] | None
    build: int
    lineage: str
    begun: float
    copied_at: float
    best: BestCheckpoint | None = None
    judged_at: float = 0.0


class Keeper:
    """Watches runs and stores each as soon as it trains, when it comes to rest, and every few seconds in between."""

    def __init__(self, store: Store, save_seconds: float = SAVE_SECONDS) -> None:
        self.store = store
        self._save_seconds = save_seconds
        self._traces: dict[str, Trace] = {}
        self._writer = Writer(store, self._written, self._part)

    # Any thread

    @property
    def trouble(self) -> str | None:
        """Why the last state could not be saved, and what to do; None once one can be again."""
        return self._writer.trouble

    def restore(self, run_id: str, audience: Audience) -> Run | None:
        """A stored run, at rest as it was saved; None if it is not here. Its weights are read when it is built.

        Raises:
            ExperimentError: it was saved with settings that this version or this machine does not have.
        """
        self.wait()
        if (draft := self._writer.waiting(run_id)) is not None:  # the disk does not take it at present
            run = Run.restored(draft.record, lambda: draft.record, audience)
            self._traces[run_id] = Trace(run, None, run.build, draft.lineage, *_now(), draft.record.best)
            return run
        stored = self.store.run(run_id)
        if stored is None:
            return None
        run = Run.restored(stored.record, lambda: self._read(run_id), audience)
        self._traces[run_id] = Trace(run, _mark(run), run.build, secrets.token_hex(8), *_now(), stored.best)
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
            message=Sentence(AT_ITS_BEST, iteration=best.iteration),
        )
        run = Run.restored(best, lambda: best, audience)
        self._traces[run.id] = Trace(run, _mark(run), run.build, secrets.token_hex(8), *_now())
        return run

    def _read(self, run_id: str) -> RunRecord:
        """All of a run as it is stored now; another process may have stored it anew since it was found here."""
        if (stored := self.store.run(run_id)) is not None:
            self._writer.read_from(run_id, stored.file)
        return self.store.record(run_id)

    def forget(self, run_id: str) -> None:
        """Drop what still waits to be written of a run."""
        self._writer.forget(run_id)
        self._traces.pop(run_id, None)

    def wait(self) -> None:
        """Wait until all copies so far are written, or have failed."""
        self._writer.wait()

    def close(self) -> None:
        """Write what waits, and end the writing thread."""
        self._writer.close()

    # The training thread

    def copy_if_due(self, run: Run) -> None:
        """Copy the run, if it is time to save it."""
        if run.iteration == 0 or not run.built:
            return
        now, mark = time.monotonic(), _mark(run)
        trace = self._traces.get(run.id)
        if trace is None or trace.build != run.build:
            trace = self._traces[run.id] = Trace(run, None, run.build, secrets.token_hex(8), now, 0.0)
        if now - trace.judged_at >= JUDGE_SECONDS and (trace.mark is None or trace.mark[1] != run.iteration):
            self._judge(run, trace)
        if mark != trace.mark and (run.state is not State.RUNNING or self._is_due(trace, now)):
            self._copy(run, trace)

    def finish(self, runs: Iterable[Run]) -> None:
        """Copy what has changed of these runs, whenever they were saved last: nobody will train them any more."""
        for run in runs:
            trace = self._traces.get(run.id)
            if run.iteration > 0 and trace is not None and trace.mark != _mark(run):
                self._copy(run, trace)
            self._traces.pop(run.id, None)

    def _is_due(self, trace: Trace, now: float) -> bool:
        return now - trace.copied_at >= pause_after(trace.copied_at - trace.begun, self._save_seconds)

    def _judge(self, run: Run, trace: Trace) -> None:
        trace.best, trace.judged_at = run.best_yet(trace.best), time.monotonic()

    def _copy(self, run: Run, trace: Trace) -> None:
        trace.mark, trace.copied_at = _mark(run), time.monotonic()  # first: another thread may command it meanwhile
        self._judge(run, trace)
        if (copied := run.recorded()) is not None:
            record, samples = copied
            self._writer.put(Draft(replace(record, best=trace.best), samples, trace.lineage))

    # The writing thread

    def _written(self, draft: Draft) -> None:
        """Free the memory of the best weights, which are on the disk now."""
        best, trace = draft.record.best, self._traces.get(draft.record.id)
        if trace is not None and best is not None and trace.best is best:
            trace.best = replace(best, checkpoint=None)

    def _part(self, run_id: str) -> None:
        if (trace := self._traces.get(run_id)) is not None:
            trace.run.hold(Sentence(PARTED))


def _now() -> tuple[float, float]:
    return time.monotonic(), time.monotonic()


def _mark(run: Run) -> tuple[Any, ...]:
    """What a stored state of a run should tell; different as soon as it is out of date."""
    directions, done = tuple(run.directions.values()), len(run.interventions)
    return run.build, run.iteration, run.state, run.message, run.experiment, run.name, directions, run.picks, done

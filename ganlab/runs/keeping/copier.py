"""Copies runs between two iterations, so that they can be stored: the half of keeping that belongs to training."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

from ganlab.runs.keeping.draft import Draft
from ganlab.runs.keeping.intervals import SAVE_SECONDS, pause_after
from ganlab.runs.record import BestCheckpoint
from ganlab.runs.run import Run
from ganlab.runs.state import State

JUDGE_SECONDS = 2.0  # between two looks at whether it is better than it has ever been


@dataclass
class Trace:
    """What a copier knows of a run.

    Attributes:
        mark: what the run was like when it was copied last.
        build: of the run, to which `lineage` belongs.
        begun: when it was first copied; copied_at: when it was copied last (`time.monotonic`).
        best: the best it has been; judged_at: when it was last compared with that.
    """

    mark: tuple[Any, ...] | None
    build: int
    lineage: str
    begun: float
    copied_at: float
    best: BestCheckpoint | None = None
    judged_at: float = 0.0


class Copier:
    """Watches runs and copies each as soon as it trains, when it comes to rest, and every few seconds in between.

    The thread that trains calls `copy_if_due` and `finish`; any thread may call the others.
    """

    def __init__(self, put: Callable[[Draft], None], save_seconds: float = SAVE_SECONDS) -> None:
        """`put` takes each copy, and from then on keeps the best weights in it; it must return at once."""
        self._put = put
        self._save_seconds = save_seconds
        self._traces: dict[str, Trace] = {}

    def note(self, run: Run, best: BestCheckpoint | None = None, lineage: str = "", *, is_stored: bool = True) -> None:
        """A run was read from where it is stored; `best` is the best that it has been.

        Args:
            lineage: of the record that it was read from, where the run goes on writing that one.
            is_stored: whether what is stored is the run as it is now.
        """
        mark, now = _mark(run) if is_stored else None, time.monotonic()
        self._traces[run.id] = Trace(mark, run.build, lineage or secrets.token_hex(8), now, now, best)

    def forget(self, run_id: str) -> None:
        """Copy this run no more; if it comes back, it is as a new one."""
        self._traces.pop(run_id, None)

    def copy_if_due(self, run: Run) -> None:
        """Copy the run, if it is time to save it."""
        if run.iteration == 0 or not run.built:
            return
        now, mark = time.monotonic(), _mark(run)
        trace = self._traces.get(run.id)
        if trace is None or trace.build != run.build:
            trace = self._traces[run.id] = Trace(None, run.build, secrets.token_hex(8), now, 0.0)
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
            self._put(Draft(replace(record, best=trace.best), samples, trace.lineage, run.hold))
            trace.best = trace.best and replace(trace.best, checkpoint=None)


def _mark(run: Run) -> tuple[Any, ...]:
    """What a stored state of a run should tell; different as soon as it is out of date."""
    directions, done = tuple(run.directions.values()), len(run.interventions)
    return run.build, run.iteration, run.state, run.message, run.experiment, run.name, directions, run.picks, done

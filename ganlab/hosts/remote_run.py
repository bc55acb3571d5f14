"""A run whose networks are in a worker: all that pages may touch of it, in the server."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, wait
from typing import Any, NoReturn

from ganlab.experiment.sentence import to_plain
from ganlab.hosts import messages as m
from ganlab.hosts.arrivals import Arrival, as_stored, untrained
from ganlab.hosts.correspondent import PATIENCE
from ganlab.hosts.home import Home
from ganlab.hosts.mirrored_run import MirroredRun
from ganlab.runs.audience import Audience
from ganlab.runs.checkpoint import Checkpoint
from ganlab.runs.directions import KeptDirection
from ganlab.runs.fork import Origin
from ganlab.runs.picks import Picks
from ganlab.runs.record import RunRecord
from ganlab.runs.run import MAY_STEP
from ganlab.runs.state import State
from ganlab.runs.trainee import Rest
from ganlab.training.history import SCALARS_OF, History
from ganlab.views.questions import Question


class RemoteRun(MirroredRun):
    """A run that mirrors one in a worker, and passes commands on to it as messages: see `Correspondent`."""

    @classmethod
    def stored(cls, record: RunRecord, read: Callable[[], RunRecord], audience: Audience, home: Home) -> RemoteRun:
        """A run as it was stored, at rest: see `Run.restored`."""
        run = cls(record.experiment, audience, home)
        run._take_over(record)
        run._saved = record.iteration
        run._arrival = as_stored(read, run.state, run.message)
        return run

    def come_from(self, arrival: Arrival, ready: Future[Any], origin: Origin | None = None) -> None:
        """Come to a worker, paused, in this way, once something is ready; `origin` is what is known until then."""
        self.state, self._arrival, self._ready = State.PAUSED, arrival, ready
        if origin is not None:
            self.origin, self._iteration = origin, origin.iteration

    # What pages see

    @property
    def built(self) -> bool:
        """Whether a worker has it."""
        return self._worker is not None

    @property
    def history(self) -> History:
        """Every scalar of every iteration until it was copied last."""
        return self._mirror

    @property
    def rate(self) -> float:
        """Steps per second, as the worker said last; 0 while it holds still."""
        return self._rate if self.state is State.RUNNING else 0.0

    # What people do with it

    def play(self, rest: Rest | None = None) -> None:
        """See `Run`; so for all others."""
        with self._lock:
            if self.state in (State.READY, State.PAUSED, State.FINISHED):
                super().play(rest)
                told = rest and (rest.iteration, to_plain(rest.because), rest.once_collapsed, rest.since_fork)
                self._post(m.Play, rest=told)

    def reset(self) -> None:
        with self._lock:
            self.state, self.message, self.build = State.READY, None, self.build + 1
            self.initial_experiment, self.interventions, self.origin = self.experiment, [], None
            self._iteration, self._saved, self._begun, self._deaths = 0, 0, None, []
            self._mirror = History(SCALARS_OF[self.experiment.model])
            self._arrival, self._ready, self._is_over = untrained(self.experiment), None, False
            self._early = []
            if self._worker is not None:
                self._post(m.Reset)
            else:
                self._refuse_all(None)
        self.refresh()

    def change(self, **values: Any) -> None:
        with self._lock:
            before = self.experiment
            super().change(**values)
            if fresh := self.experiment.differences(before):
                self._post(m.Change, values=fresh)

    def rename(self, name: str) -> None:
        super().rename(name)
        self._keep()

    def keep_direction(self, kept: KeptDirection) -> None:
        super().keep_direction(kept)
        self._keep()

    def forget_direction(self, name: str) -> None:
        super().forget_direction(name)
        self._keep()

    def pick(self, latents: Picks) -> None:
        super().pick(latents)
        self._keep()

    def set_view(self, **settings: Any) -> None:
        with self._lock:
            super().set_view(**settings)
            if self._worker is not None:  # else it is told when it comes there
                self._post(m.SetView, values=vars(self.view))
        self.refresh()

    # What it is asked

    def reply_to(self, question: Question) -> Future[Any]:
        """The frame of the answer to a question."""
        return self._ask_for(m.Ask, lambda answer: answer.frame, question=question.model_dump_json().encode())

    def ask(self, question: Callable[..., Any]) -> NoReturn:
        """No function goes into another process."""
        raise TypeError(f"{question} can't be asked of a run in another process: ask with `reply_to`.")

    def record(self) -> Future[RunRecord]:
        return self._ask_for(m.Freeze, self._frozen)

    def checkpoint(self) -> Future[Checkpoint]:
        return self._ask_for(m.Freeze, lambda frozen: self._frozen(frozen).checkpoint)

    def save_now(self) -> None:
        if self._worker is not None:
            wait([self._ask_for(m.Save, lambda _: None)], PATIENCE)

    def _ask_for_trace(self) -> Future[Any]:
        return self._ask_for(m.TraceStep, lambda answer: answer.frame)

    # In place of what a run here would do

    def _take_one(self, step: Callable[..., None], intervention: str | None) -> None:
        self._check_gate()
        with self._lock:
            if self.state in MAY_STEP:
                self.state, self.message = State.PAUSED, None
                self._post(m.StepOnce, kind=intervention or "step")

    def _keep(self) -> None:
        with self._lock:
            if self._worker is not None:  # else it is told when it comes there
                self._post(m.Keep, **self._notes())

"""A sweep being trained: many experiments at once, commanded and shown as one.

Its commands come from any thread and are carried out on the Lab's, like a Run's.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from typing import Any

from ganlab.runs.audience import Audience, Nobody
from ganlab.runs.fork import Frozen
from ganlab.runs.mailbox import Mailbox
from ganlab.runs.pace import Pace
from ganlab.runs.run import Run
from ganlab.runs.state import State
from ganlab.runs.sweep_plan import Plan
from ganlab.runs.trouble import describe
from ganlab.runs.wall import Wall
from ganlab.training.device import pick_device

SETTLE_SECONDS = 0.4  # the wall is shown, and its members looked after, at most this often


class Sweep:
    """The members of a Plan, trained side by side.

    Attributes:
        id: cannot be guessed, as a run's.
        message: a sentence on why all of it failed, finished or was paused by itself; None otherwise.
        broken: why each member that broke did, by its number; the others go on.
        played_at, last_watched, used_seconds: as a run's.

    Raises:
        ExperimentError: there is no such device here.
    """

    def __init__(self, plan: Plan, audience: Audience | None = None) -> None:
        pick_device(plan.base.device)
        self.id = secrets.token_urlsafe(16)
        self.plan = plan
        self.state = State.READY
        self.message: str | None = None
        self.broken: dict[int, str] = {}
        self.played_at = 0.0
        self.used_seconds = 0.0
        self.last_watched = time.monotonic()
        self._audience = audience or Nobody()
        self._wake: Callable[[], None] = lambda: None
        self._lock = threading.RLock()
        self._commands = Mailbox()
        self._stale = True
        self._pace = Pace(SETTLE_SECONDS)
        self._wall: Wall | None = None

    # What a person may ask of it, from any thread

    @property
    def iteration(self) -> int:
        """Iterations that every member has done."""
        return 0 if self._wall is None else self._wall.iteration

    def on_wake(self, wake: Callable[[], None]) -> None:
        """Call `wake` whenever there is something new to do."""
        self._wake = wake

    def play(self) -> None:
        """Train until told otherwise."""
        self.last_watched = self.played_at = time.monotonic()
        self._move({State.READY, State.PAUSED, State.FINISHED}, State.RUNNING)

    def pause(self, because: str | None = None) -> None:
        """Hold still between two iterations; `because` is shown as the message."""
        if self._move({State.RUNNING}, State.PAUSED):
            self.message = because

    def retire(self) -> None:
        """End it: nobody will take its turns any more."""
        self._move(set(State) - {State.FAILED}, State.STOPPED)
        self._commands.close()

    def refresh(self) -> None:
        """Show it as soon as possible, even while nothing moves."""
        self._stale = True
        self._wake()

    def open(self, member: int) -> Run:
        """A paused run that goes on from where this member is; from the start, if it broke or has not begun."""
        experiment = self.plan.experiments[member]
        if member in self.broken or self.iteration == 0:
            return Run(experiment, self._audience)
        frozen: Future[Frozen] = Future()

        def freeze() -> None:
            if frozen.set_running_or_notify_cancel():
                frozen.set_result(self._built().freeze(member))

        self._command(freeze, frozen)
        return Run.from_frozen(experiment, self._audience, self.id, frozen, self.obey)

    def _move(self, sources: set[State], target: State) -> bool:
        with self._lock:
            if self.state not in sources:
                return False
            self.state, self.message = target, None
            self._command(self._after_move)
        return True

    def _after_move(self) -> None:
        self._built().start_clock()
        self._stale = True

    def _command(self, command: Callable[[], None], answer: Future[Any] | None = None) -> None:
        self._commands.put(command, answer)
        self._wake()

    # What the training thread does with it

    def obey(self) -> bool:
        """Carry out the commands that wait; whether there were any."""
        obeyed = False
        while (command := self._commands.take()) is not None:
            obeyed = True
            with self._guarded():
                command()
        return obeyed

    def turn(self, seconds: float) -> None:
        """Train for about so long: at least one iteration of some of the members."""
        started = time.perf_counter()
        with self._guarded():
            wall = self._built()
            while self.state is State.RUNNING and not self._commands:
                if self.plan.base.max_steps and wall.iteration >= self.plan.base.max_steps:
                    self._finish()
                    break
                wall.step()
                if time.perf_counter() - started >= seconds:
                    break
            if time.perf_counter() - wall.settled_at >= SETTLE_SECONDS:
                self._settle()
        self.used_seconds += time.perf_counter() - started

    def show(self) -> None:
        """Publish a snapshot if somebody looks and one is due."""
        now = time.perf_counter()
        due = self._pace.due(now) if self.state is State.RUNNING else self._stale
        if not due or not self._audience.watched(self.id):
            return
        self._stale = False
        self.last_watched = time.monotonic()
        with self._guarded():
            self._settle()
            self._audience.publish(self.id, self._snapshot())
        spent = time.perf_counter() - now
        self.used_seconds += spent
        self._pace.shown(now, spent)

    def _snapshot(self) -> dict[str, Any]:
        wall = self._wall
        return {
            "run": self.id,
            "build": 0,
            "iteration": self.iteration,
            "state": str(self.state),
            "message": self.message,
            "rate": wall.rate if wall is not None and self.state is State.RUNNING else 0.0,
            "broken": {str(member): sentence for member, sentence in self.broken.items()},
            "views": {"wall": wall.look()} if wall is not None else {},
        }

    def _settle(self) -> None:
        """Look after the members: who broke is left alone from now on."""
        wall = self._built()
        for member in wall.settle():
            self.broken.setdefault(
                member,
                f"Broke off by iteration {wall.iteration:,}: its numbers became infinite or NaN. "
                "Try smaller learning rates or penalties.",
            )
        if len(self.broken) == len(self.plan.experiments) and self.state is State.RUNNING:
            self.pause("Every member has broken off. Try smaller learning rates.")

    def _built(self) -> Wall:
        if self._wall is None:
            self._wall = Wall(self.plan.experiments)
        return self._wall

    def _finish(self) -> None:
        self._settle()
        with self._lock:
            if self.state is State.RUNNING:
                self.state = State.FINISHED
                self.message = f"All {self.plan.base.max_steps:,} iterations are done."
        self._stale = True

    @contextmanager
    def _guarded(self) -> Iterator[None]:
        """An exception inside ends this sweep, and nothing else on the thread."""
        try:
            yield
        except Exception as error:
            with self._lock:
                self.state = State.FAILED
                self.message = describe(error, self.iteration, None, self.plan.base)
            self._commands.clear()
            self._stale = True

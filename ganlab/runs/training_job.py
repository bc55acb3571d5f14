"""A job on the training thread: any thread commands it, and it trains in turns and shows itself.

Commands return at once. What they ask for happens between two iterations, on the one thread that owns the networks:
the Lab's, or the caller's own where there is no Lab.
"""

from __future__ import annotations

import math
import secrets
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from typing import Any

from ganlab.experiment.sentence import Sentence
from ganlab.runs.audience import Audience, Nobody
from ganlab.runs.mailbox import Mailbox
from ganlab.runs.pace import Pace, ShowingBudget
from ganlab.runs.state import State
from ganlab.training.device import pick_device, release, synchronize


def new_id() -> str:
    """Returns an id that cannot be guessed. It has only digits and letters, so that people can type it."""
    return secrets.token_hex(16)


class TrainingJob(ABC):
    """What gets turns on the training thread: a small state machine that people command.

    Attributes:
        id: cannot be guessed, so that knowing it is the right to watch and command it.
        message: a sentence on why it failed, finished or was paused by itself; None otherwise.
        build: how often it has been reset; iterations count from 0 in each.
        seat: the number of the seat in a class whose job it is; None without a class, and for nobody's.
        played_at: when it last began to train (`time.monotonic`).
        used_seconds: of the training thread's time; what fair turns are measured by.
        step_seconds: what an iteration of the last turn took.
        held: whether a closed gate keeps it from its turns, though it is running.
        shown_at: when its last frame was begun (`time.perf_counter`).

    Raises:
        ExperimentError: there is no such device here.
    """

    settle_seconds: float  # what it trains is looked after, and shown, at most this often
    is_elsewhere = False  # whether another process trains it, so that it gets no turns here

    def __init__(self, device: str, audience: Audience | None) -> None:
        self._device = pick_device(device)
        self.id = new_id()
        self.state = State.READY
        self.message: str | None = None
        self.build = 0
        self.seat: int | None = None
        self.played_at = 0.0
        self.used_seconds = self.step_seconds = self.shown_at = 0.0
        self.held = False
        self.last_watched = time.monotonic()
        self._audience = audience or Nobody()
        self._wake: Callable[[], None] = lambda: None
        self._lets: Callable[[], bool] = lambda: True
        self._lock = threading.RLock()
        self._commands = Mailbox()
        self._stale = True
        self._shown_as: tuple[State, bool] | None = None  # the state in its last frame, and whether it was held
        self._pace = Pace(self.settle_seconds)

    # What a person may ask of it, from any thread

    @property
    @abstractmethod
    def iteration(self) -> int:
        """Iterations done so far."""

    @property
    def waits(self) -> bool:
        """Whether it takes no turns for now, though it is running: it is ahead of what it belongs to."""
        return False

    def on_wake(self, wake: Callable[[], None]) -> None:
        """Call `wake` whenever there is something new to do."""
        self._wake = wake

    def stand_before(self, lets: Callable[[], bool]) -> None:
        """Ask `lets` whether the gate before the turns lets this job train."""
        self._lets = lets

    def play(self) -> None:
        """Train until told otherwise. What failed or was stopped needs a reset first."""
        self.last_watched = self.played_at = time.monotonic()
        self._move({State.READY, State.PAUSED, State.FINISHED}, State.RUNNING)

    def pause(self, because: str | None = None) -> None:
        """Pause between two iterations. `because` is shown as the message."""
        with self._lock:  # so that it is not said in place of why the run failed right after
            if self._move({State.RUNNING}, State.PAUSED):
                self.message = because

    def hold(self, because: str) -> None:
        """Pause if it trains, and show this message in any case."""
        with self._lock:
            if not self._move({State.RUNNING}, State.PAUSED):
                self._command(self._after_move)
            self.message = because

    def stop(self) -> None:
        """End it for good; what it learned stays to be looked at."""
        self._move(set(State) - {State.FAILED, State.STOPPED}, State.STOPPED)

    def retire(self) -> None:
        """Stop for good and cancel all answers, since it will get no more turns."""
        self.stop()
        self._commands.close()

    def refresh(self) -> None:
        """Publish a snapshot as soon as possible, even while nothing moves."""
        self._stale = True
        self._wake()

    def _move(self, sources: set[State], target: State) -> bool:
        with self._lock:
            if self.state not in sources:
                return False
            self.state, self.message = target, None
            self._command(self._after_move)
        return True

    def _command(self, command: Callable[[], None], answer: Future[Any] | None = None) -> None:
        self._commands.put(command, answer)
        self._wake()

    # What the training thread does with it

    @property
    def commanded(self) -> bool:
        """Whether commands wait to be carried out."""
        return bool(self._commands)

    def obey(self, seconds: float = math.inf) -> bool:
        """Carry out the waiting commands, those that are left after so many seconds another time.

        Returns whether there were any.
        """
        until, obeyed = time.perf_counter() + seconds, False
        while (command := self._commands.take()) is not None:
            obeyed = True
            with self._guarded():
                command()
            if time.perf_counter() >= until:
                break
        return obeyed

    def turn(self, seconds: float) -> None:
        """Train for about so long (one iteration at least), as long as it is running and not commanded."""
        started, steps = time.perf_counter(), 0
        with self._guarded():
            self._make_ready()
            ready = time.perf_counter()
            while self.state is State.RUNNING and not self._commands:
                if self._hold_if_due():
                    break
                self._step()
                steps += 1
                if time.perf_counter() - started >= seconds:
                    break
            if steps:
                synchronize(self._device)  # else the next run would pay for what this one has only asked for
                self.step_seconds = (time.perf_counter() - ready) / steps
            if time.perf_counter() - self._settled_at >= self.settle_seconds:
                self._settle()
        self.used_seconds += time.perf_counter() - started

    def show(self, budget: ShowingBudget) -> None:
        """Publish a snapshot if somebody looks and one is due: at rest when something changed, else a few a second.

        Args:
            budget: of the thread that trains. What is at rest, and what has just begun to train or to be held, is shown
                at once, whatever is left of it: somebody has pressed a button.
        """
        now, seen_as = time.perf_counter(), (self.state, self.held)
        if self.state is State.RUNNING:
            due = seen_as != self._shown_as or budget.allows(now, self._pace)
        else:
            due = self._stale
        views = self._audience.watched(self.id) if due else frozenset()
        if not views:
            return
        self._stale, self._shown_as = False, seen_as
        self.last_watched = time.monotonic()
        measuring = self._measuring
        with self._guarded():
            self._audience.publish(self.id, self._snapshot(views))
        spent = time.perf_counter() - now
        self.used_seconds += spent
        self._pace.shown(now, spent - (self._measuring - measuring))
        self.shown_at = now
        budget.spend(now, spent)

    def _hold_if_due(self) -> bool:
        """Finish at the last iteration. Returns whether it is at rest now."""
        last = self._max_steps
        if last and self.iteration >= last:
            self._hold(State.FINISHED, Sentence("All {last:,} iterations are done.", last=last))
            return True
        return False

    def _hold(self, state: State, message: str) -> None:
        self._settle()
        with self._lock:
            if self.state is State.RUNNING:
                self.message, self.state = message, state  # in this order: see `_fail`
        self._stale = True

    @contextmanager
    def _guarded(self) -> Iterator[None]:
        """An exception inside ends this one, and nothing else on the thread; what it claimed of torch does not last."""
        build = self.build
        try:
            yield
        except Exception as error:
            with self._lock:
                if build == self.build:  # else it was reset meanwhile: what broke is gone
                    self._fail(error)
            self._stale = True
        finally:
            release()

    def _fail(self, error: Exception) -> None:
        try:
            self.message = self._describe(error)  # first: a page that sees the state also says why
        finally:
            self._commands.clear()
            self.state = State.FAILED

    # What it trains

    @property
    @abstractmethod
    def _max_steps(self) -> int:
        """Iterations after which it is finished; 0: none."""

    @property
    @abstractmethod
    def _settled_at(self) -> float:
        """When it was last looked after (`time.perf_counter`)."""

    @property
    def _measuring(self) -> float:
        """Seconds for which snapshots have measured what is not drawn at every frame."""
        return 0.0

    @abstractmethod
    def _make_ready(self) -> None:
        """Build what is not there yet, and let torch compute as this one always does."""

    @abstractmethod
    def _step(self) -> None:
        """Train one iteration."""

    @abstractmethod
    def _settle(self) -> None:
        """Read what the last iterations measured."""

    @abstractmethod
    def _after_move(self) -> None:
        """The state has changed."""

    @abstractmethod
    def _snapshot(self, views: frozenset[str]) -> dict[str, Any]:
        """Returns the snapshot that viewers see."""

    @abstractmethod
    def _describe(self, error: Exception) -> str:
        """What to tell a person about an error that ended it."""

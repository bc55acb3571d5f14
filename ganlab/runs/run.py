"""One Experiment being trained: a small state machine between the people who command it and a Trainer.

Commands may come from any thread and return at once. What they ask for happens between two steps, on
the one thread that owns the networks: the Lab's, or the caller's own where there is no Lab.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, TypeVar

import torch

from ganlab.experiment import LIVE_FIELDS, Experiment, ExperimentError
from ganlab.runs.audience import Audience, Nobody
from ganlab.runs.snapshot import take_snapshot
from ganlab.runs.trouble import Trouble, describe, first_not_finite
from ganlab.training.device import pick_device
from ganlab.training.history import History
from ganlab.training.probes import Probes, ViewSettings
from ganlab.training.trainer import Trainer

Answer = TypeVar("Answer")

SETTLE_SECONDS = 0.2  # scalars are read, and frames published, at most this often
PUBLISHING_SHARE = 0.08  # of a run's time at most goes into showing it


class State(StrEnum):
    READY = "ready"  # built, not trained yet
    RUNNING = "running"
    PAUSED = "paused"
    FINISHED = "finished"  # its last iteration is done
    FAILED = "failed"  # an error ended it; `message` says which
    STOPPED = "stopped"  # ended by a person


@dataclass(frozen=True)
class Intervention:
    """What a person did to a run after `iteration` iterations: new values of fields, or half a step."""

    iteration: int
    kind: str  # "change", "step_d" or "step_g"
    values: dict[str, Any] = field(default_factory=dict)


class Run:
    """An Experiment being trained.

    Attributes:
        id: cannot be guessed, so that knowing it is the right to watch and command the run.
        experiment: as it is now, with all changes; initial_experiment: as it was at iteration 0.
        message: a sentence on why it failed, finished or was paused by itself; None otherwise.
        interventions: with `initial_experiment`, all that is needed to replay the run.
        used_seconds: of the training thread's time; what fair turns are measured by.

    Raises:
        ExperimentError: there is no such device here.
    """

    def __init__(self, experiment: Experiment, audience: Audience | None = None) -> None:
        pick_device(experiment.device)
        self.id = secrets.token_urlsafe(16)
        self.experiment = self.initial_experiment = experiment
        self.state = State.READY
        self.message: str | None = None
        self.interventions: list[Intervention] = []
        self.history = History()
        self.rate = 0.0
        self.used_seconds = 0.0
        self.last_watched = time.monotonic()
        self._audience = audience or Nobody()
        self._wake: Callable[[], None] = lambda: None
        self._lock = threading.RLock()
        self._commands: deque[Callable[[], None]] = deque()
        self._settings = ViewSettings()
        self._stale = True
        self._sequence = 0
        self._settled_at = (0.0, 0)  # (when, at which iteration)
        self._publish_after = 0.0
        self._trainer: Trainer | None = None
        self._probes: Probes | None = None
        self._last_good: tuple[int, list[torch.Tensor]] = (0, [])  # (iteration, weights and buffers)

    # What a person may ask of it, from any thread

    @property
    def iteration(self) -> int:
        """Iterations done so far."""
        return 0 if self._trainer is None else self._trainer.iteration

    def on_wake(self, wake: Callable[[], None]) -> None:
        """Call `wake` whenever there is something new to do."""
        self._wake = wake

    def play(self) -> None:
        """Train until told otherwise. A run that failed or was stopped needs a reset first."""
        self.last_watched = time.monotonic()
        self._move({State.READY, State.PAUSED, State.FINISHED}, State.RUNNING)

    def pause(self, because: str | None = None) -> None:
        """Hold still between two steps; `because` is shown as the message."""
        if self._move({State.RUNNING}, State.PAUSED):
            self.message = because

    def stop(self) -> None:
        """End it for good; what it learned stays to be looked at."""
        self._move({State.READY, State.RUNNING, State.PAUSED, State.FINISHED}, State.STOPPED)

    def step(self) -> None:
        """One iteration, then hold still."""
        self._take_one(lambda trainer: trainer.step(), None)

    def step_d(self) -> None:
        """One update of the discriminator, then hold still."""
        self._take_one(lambda trainer: trainer.step_d(), "step_d")

    def step_g(self) -> None:
        """One update of the generator, then hold still."""
        self._take_one(lambda trainer: trainer.step_g(), "step_g")

    def reset(self) -> None:
        """Back to untrained networks, with the settings as they are now."""
        with self._lock:
            self.state, self.message = State.READY, None
            self._commands.clear()
            self._command(self._rebuild)

    def change(self, **values: Any) -> None:
        """Give live fields new values, from the next step on.

        Raises:
            ExperimentError: a value is not allowed, or its field may not change while training.
        """
        with self._lock:
            changed = self.experiment.changed(**values)
            fresh = changed.differences(self.experiment)
            if fixed := [name for name in fresh if name not in LIVE_FIELDS]:
                raise ExperimentError(f"{', '.join(fixed)} can't change while it trains: start a new run.")
            self.experiment = changed
            if fresh:
                self._command(lambda: self._apply(fresh))

    def set_view(self, **settings: Any) -> None:
        """Choose what the probes show: see `ViewSettings`."""
        with self._lock:
            self._settings = ViewSettings(**(vars(self._settings) | settings))
            self._command(lambda: setattr(self, "_stale", True))

    @property
    def view(self) -> ViewSettings:
        """What the probes show."""
        return self._settings

    def refresh(self) -> None:
        """Publish a snapshot as soon as possible, even while nothing moves."""
        self._stale = True
        self._wake()

    def ask(self, question: Callable[[Trainer], Answer]) -> Future[Answer]:
        """The answer to a question about the networks, found between two steps.

        A question returns plain data, never a live network, and changes nothing.
        """
        answer: Future[Answer] = Future()

        def reply() -> None:
            if answer.set_running_or_notify_cancel():
                try:
                    answer.set_result(question(self._built()))
                except Exception as error:
                    answer.set_exception(error)

        self._command(reply)
        return answer

    def _move(self, sources: set[State], target: State) -> bool:
        with self._lock:
            if self.state not in sources:
                return False
            self.state, self.message = target, None
            self._settled_at = (time.perf_counter(), self.iteration)
            self._stale = True
            self._command(self._settle)
        return True

    def _take_one(self, step: Callable[[Trainer], None], intervention: str | None) -> None:
        with self._lock:
            if self.state not in (State.READY, State.RUNNING, State.PAUSED):
                return
            self.state, self.message = State.PAUSED, None

            def take() -> None:
                trainer = self._built()
                torch.set_num_threads(trainer.threads)
                if intervention:
                    self.interventions.append(Intervention(trainer.iteration, intervention))
                step(trainer)
                self._settle()
                self._stale = True

            self._command(take)

    def _command(self, command: Callable[[], None]) -> None:
        self._commands.append(command)
        self._wake()

    # What the training thread does with it

    def obey(self) -> bool:
        """Carry out the commands that wait; whether there were any."""
        obeyed = False
        while self._commands:
            obeyed = True
            command = self._commands.popleft()
            with self._guarded():
                command()
        return obeyed

    def turn(self, seconds: float) -> None:
        """Train for about so long (one step at least), as long as the run is running and not commanded."""
        started = time.perf_counter()
        with self._guarded():
            trainer = self._built()
            torch.set_num_threads(trainer.threads)
            last = self.experiment.max_steps or float("inf")
            while self.state is State.RUNNING and not self._commands:
                if trainer.iteration >= last:
                    self._settle()
                    self._finish()
                    break
                trainer.step()
                if time.perf_counter() - started >= seconds:
                    break
            if time.perf_counter() - self._settled_at[0] >= SETTLE_SECONDS:
                self._settle()
        self.used_seconds += time.perf_counter() - started

    def show(self) -> None:
        """Publish a snapshot if somebody looks and one is due."""
        now = time.perf_counter()
        moving = self.state is State.RUNNING
        if not (self._stale or (moving and now >= self._publish_after)):
            return
        views = self._audience.watched(self.id)
        if not views:
            return
        self._stale = False
        self.last_watched = time.monotonic()
        with self._guarded():
            trainer = self._built()
            assert self._probes is not None
            self._settle()
            self._probes.settings = self._settings
            self._sequence += 1
            self._audience.publish(self.id, take_snapshot(self, trainer, self._probes, views, self._sequence))
        spent = time.perf_counter() - now
        self.used_seconds += spent
        self._publish_after = now + max(SETTLE_SECONDS, spent / PUBLISHING_SHARE)

    def _built(self) -> Trainer:
        if self._trainer is None:
            self._rebuild()
        assert self._trainer is not None
        return self._trainer

    def _rebuild(self) -> None:
        self._trainer = self._probes = None
        self._trainer = Trainer(self.experiment)
        self.initial_experiment = self.experiment
        self.interventions = []
        self.history = History()
        self.rate = 0.0
        self._probes = Probes(self._trainer, self.history)
        self._keep_weights()
        self._settled_at = (time.perf_counter(), 0)
        self._stale = True

    def _apply(self, values: dict[str, Any]) -> None:
        trainer = self._built()
        self.interventions.append(Intervention(trainer.iteration, "change", values))
        trainer.change(**values)
        self._stale = True

    def _settle(self) -> None:
        """Read the scalars of the last steps, and keep the weights if all of them are finite."""
        trainer = self._built()
        for rows in trainer.drain():
            at = first_not_finite(rows)
            self.history.append(rows if at is None else rows[: at + 1])
            if at is not None:
                raise Trouble.not_finite(len(self.history), rows[at])
        self._keep_weights()
        when, iteration = self._settled_at
        now = time.perf_counter()
        if trainer.iteration > iteration and now > when:
            rate = (trainer.iteration - iteration) / (now - when)
            self.rate = 0.7 * self.rate + 0.3 * rate if self.rate else rate
        self._settled_at = (now, trainer.iteration)

    def _finish(self) -> None:
        with self._lock:
            if self.state is State.RUNNING:
                self.state = State.FINISHED
                self.message = f"All {self.experiment.max_steps:,} iterations are done."
        self._stale = True

    def _keep_weights(self) -> None:
        self._last_good = (self.iteration, [tensor.detach().clone() for tensor in self._live_tensors()])

    def _live_tensors(self) -> list[torch.Tensor]:
        trainer = self._built()
        networks = [trainer.generator, trainer.discriminator, *([trainer.ema] if trainer.ema is not None else [])]
        return [tensor for network in networks for tensor in (*network.parameters(), *network.buffers())]

    @contextmanager
    def _guarded(self) -> Iterator[None]:
        """An exception inside ends this run, and nothing else on the thread."""
        try:
            yield
        except Exception as error:
            self.fail(error)

    def fail(self, error: Exception) -> None:
        """End it in state "failed", its last good weights back in place."""
        with self._lock:
            self.state = State.FAILED
            good_iteration, good = self._last_good
            self.message = describe(error, self.iteration, good_iteration, self.experiment)
            self._commands.clear()
        if self._trainer is not None:
            with torch.no_grad():
                for live, kept in zip(self._live_tensors(), good, strict=True):
                    live.copy_(kept)
            self._trainer.iteration = max(good_iteration, len(self.history))
        self._stale = True

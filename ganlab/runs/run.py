"""One Experiment being trained: a small state machine between the people who command it and a Trainer.

Commands may come from any thread and return at once. What they ask for happens between two steps, on
the one thread that owns the networks: the Lab's, or the caller's own where there is no Lab.
"""

from __future__ import annotations

import math
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, Future
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from ganlab.experiment import LIVE_FIELDS, Experiment, ExperimentError
from ganlab.runs.audience import Audience, Nobody
from ganlab.runs.directions import KeptDirection
from ganlab.runs.engine import Engine
from ganlab.runs.fork import Frozen, Origin
from ganlab.runs.kept import Best, Entry, Kept
from ganlab.runs.mailbox import Mailbox
from ganlab.runs.snapshot import take_snapshot
from ganlab.runs.state import Intervention, State
from ganlab.runs.trouble import Trouble, describe
from ganlab.training.device import pick_device
from ganlab.training.history import History
from ganlab.training.probes import ViewSettings
from ganlab.training.trainer import Trainer

Answer = TypeVar("Answer")
Load = Callable[[tuple[str, ...]], tuple[Frozen, Origin | None]]

GONE = "The run that this one was to go on from was reset, failed or was put away first."
CLOSED = "GanLab was closed while this run trained. Here it is at iteration {:,}: press Train to go on."
SETTLE_SECONDS = 0.2  # scalars are read, and frames published, at most this often
PUBLISHING_SHARE = 0.08  # of a run's time at most goes into showing it


@dataclass(frozen=True)
class Start:
    """Where a run began: its settings then, what was done to it since, and what it went on from if it is a fork."""

    experiment: Experiment
    interventions: list[Intervention]
    origin: Origin | None = None


class Run:
    """An Experiment being trained.

    Attributes:
        id: cannot be guessed, so that knowing it is the right to watch and command the run.
        name: as a person called it; "" where nobody did.
        experiment: as it is now, with all changes; initial_experiment: as it was when it began.
        message: a sentence on why it failed, finished or was paused by itself; None otherwise.
        interventions: with `initial_experiment`, all that is needed to replay the run.
        origin: of a fork, which run it went on from and what was carried over; None otherwise, and until it is built.
        view: what its viewers chose to see of it.
        directions: in latent space, that somebody named and kept, by name.
        build: how often it has been reset; iterations count from 0 in each.
        played_at: when it last began to train (`time.monotonic`).
        used_seconds: of the training thread's time; what fair turns are measured by.

    Raises:
        ExperimentError: there is no such device here.
    """

    def __init__(self, experiment: Experiment, audience: Audience | None = None) -> None:
        pick_device(experiment.device)
        self.id = secrets.token_urlsafe(16)
        self.name = ""
        self.experiment = self.initial_experiment = experiment
        self.state = State.READY
        self.message: str | None = None
        self.interventions: list[Intervention] = []
        self.origin: Origin | None = None
        self.view = ViewSettings()
        self.directions: dict[str, KeptDirection] = {}
        self.build = 0
        self.played_at = 0.0
        self.used_seconds = 0.0
        self.last_watched = time.monotonic()
        self._audience = audience or Nobody()
        self._wake: Callable[[], None] = lambda: None
        self._lock = threading.RLock()
        self._commands = Mailbox()
        self._stale = True
        self._publish_after = 0.0
        self._engine: Engine | None = None
        self._thaw: Callable[[Engine], Start] | None = None
        self._iteration = 0  # until it is built

    @classmethod
    def restored(cls, entry: Entry, load: Load, audience: Audience | None = None) -> Run:
        """A run as it was stored, at rest; its weights are read when it is built, at its first command.

        Args:
            load: reads them, and what the run went on from if it is a fork, with histories in the order of these
                scalars.

        Raises:
            ExperimentError: its settings are not to be had here.
        """
        run = cls(entry.experiment, audience)
        run.id, run.name, run.state, run.message = entry.id, entry.name, entry.state, entry.message
        run.initial_experiment, run.interventions = entry.initial_experiment, list(entry.interventions)
        run.directions = {direction.name: direction for direction in entry.directions}
        run._iteration = entry.iteration
        if run.state is State.RUNNING:
            run.state, run.message = State.PAUSED, CLOSED.format(entry.iteration)

        def thaw(engine: Engine) -> Start:
            frozen, origin = load(engine.history.scalars)
            engine.take_back(frozen)
            return Start(entry.initial_experiment, list(entry.interventions), origin)

        run._thaw = thaw
        return run

    # What a person may ask of it, from any thread

    @property
    def iteration(self) -> int:
        """Iterations done so far."""
        engine = self._engine
        return self._iteration if engine is None else engine.trainer.iteration

    @property
    def built(self) -> bool:
        """Whether its networks are there; a stored run's and a fork's are not, until they are needed."""
        return self._engine is not None

    @property
    def history(self) -> History:
        """Every scalar of every iteration."""
        engine = self._engine
        return History() if engine is None else engine.history

    @property
    def rate(self) -> float:
        """Steps per second; 0 while it holds still."""
        engine = self._engine
        return engine.rate if engine is not None and self.state is State.RUNNING else 0.0

    def on_wake(self, wake: Callable[[], None]) -> None:
        """Call `wake` whenever there is something new to do."""
        self._wake = wake

    def play(self) -> None:
        """Train until told otherwise. A run that failed or was stopped needs a reset first."""
        self.last_watched = self.played_at = time.monotonic()
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
            self.origin = self._thaw = None
            self._iteration = 0
            self.build += 1
            self._commands.clear()
            self._command(self._rebuild)

    def retire(self) -> None:
        """End it and answer nothing any more: nobody will take its turns."""
        self.stop()
        self._commands.close()

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

    def fork(self, **changes: Any) -> Run:
        """A paused run that goes on from here with other settings, any of them: what fits is carried over.

        Without changes it will give the same bits as this one. It takes its turns on the same thread, and is built
        at its first command.

        Raises:
            ExperimentError: a value is not allowed.
        """
        with self._lock:
            child = Run(self.experiment.changed(**changes), self._audience)
            frozen = self._ask(lambda engine: engine.freeze())
        child.view = self.view
        if child.experiment.latent_dim == self.experiment.latent_dim:
            child.directions = dict(self.directions)
        child._go_on(self.id, frozen, self.obey)
        return child

    @classmethod
    def from_frozen(
        cls, experiment: Experiment, audience: Audience, parent: str, frozen: Future[Frozen], obey: Callable[[], object]
    ) -> Run:
        """A paused run that goes on from `frozen`, which `obey`, called on the training thread, sees to."""
        run = cls(experiment, audience)
        run._go_on(parent, frozen, obey)
        return run

    def _go_on(self, parent: str, frozen: Future[Frozen], obey: Callable[[], object]) -> None:
        def thaw(engine: Engine) -> Start:
            obey()  # by the one thread that owns both
            try:
                start = frozen.result(timeout=0)
            except CancelledError:
                raise Trouble(GONE, "Reset it to start from untrained networks.") from None
            return Start(self.experiment, [], Origin(parent, start, engine.go_on_from(start)))

        self.state = State.PAUSED
        self._thaw = thaw
        self._command(lambda: self._after_move())

    def rename(self, name: str) -> None:
        """Call it by this name; by none, its settings say what to call it."""
        self.name = name
        self._wake()

    def set_view(self, **settings: Any) -> None:
        """Choose what the probes show: see `ViewSettings`."""
        with self._lock:
            self.view = ViewSettings(**(vars(self.view) | settings))
        self.refresh()

    def keep_direction(self, kept: KeptDirection) -> None:
        """Keep a direction in latent space under its name, in place of one that had it before."""
        self.directions = {**self.directions, kept.name: kept}  # not changed in place: another thread may be saving it
        self._wake()

    def forget_direction(self, name: str) -> None:
        """Keep it no longer."""
        self.directions = {each: kept for each, kept in self.directions.items() if each != name}
        self._wake()

    def refresh(self) -> None:
        """Publish a snapshot as soon as possible, even while nothing moves."""
        self._stale = True
        self._wake()

    def ask(self, question: Callable[[Trainer], Answer]) -> Future[Answer]:
        """The answer to a question about the networks, found between two steps.

        A question returns plain data, never a live network, and changes nothing. The answer is cancelled if the
        run is reset, fails or is put away first.
        """
        return self._ask(lambda engine: question(engine.trainer))

    def _ask(self, question: Callable[[Engine], Answer]) -> Future[Answer]:
        answer: Future[Answer] = Future()

        def reply() -> None:
            if answer.set_running_or_notify_cancel():
                try:
                    answer.set_result(question(self._built()))
                except Exception as error:
                    answer.set_exception(error)
                    if isinstance(error, Trouble):  # of the run itself, not of the question
                        raise

        self._commands.put(reply, answer)
        self._wake()
        return answer

    def _move(self, sources: set[State], target: State) -> bool:
        with self._lock:
            if self.state not in sources:
                return False
            self.state, self.message = target, None
            self._command(self._after_move)
        return True

    def _after_move(self) -> None:
        """Read what was measured up to a pause, and don't count the pause as training time."""
        engine = self._built()
        engine.settle()
        engine.start_clock()
        self._stale = True

    def _take_one(self, step: Callable[[Trainer], None], intervention: str | None) -> None:
        with self._lock:
            if self.state not in (State.READY, State.RUNNING, State.PAUSED):
                return
            self.state, self.message = State.PAUSED, None

            def take() -> None:
                engine = self._built()
                engine.claim_threads()
                if intervention:
                    self.interventions.append(Intervention(self.iteration, intervention))
                step(engine.trainer)
                engine.settle()
                self._stale = True

            self._command(take)

    def _command(self, command: Callable[[], None]) -> None:
        self._commands.put(command)
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
        """Train for about so long (one step at least), as long as the run is running and not commanded."""
        started = time.perf_counter()
        with self._guarded():
            engine = self._built()
            engine.claim_threads()
            last = self.experiment.max_steps or math.inf
            while self.state is State.RUNNING and not self._commands:
                if engine.trainer.iteration >= last:
                    self._finish()
                    break
                engine.trainer.step()
                if time.perf_counter() - started >= seconds:
                    break
            if time.perf_counter() - engine.settled_at >= SETTLE_SECONDS:
                engine.settle()
            engine.seconds += time.perf_counter() - started
        self.used_seconds += time.perf_counter() - started

    def show(self) -> None:
        """Publish a snapshot if somebody looks and one is due: at rest when something changed, else five a second."""
        now = time.perf_counter()
        due = now >= self._publish_after if self.state is State.RUNNING else self._stale
        views = self._audience.watched(self.id) if due else frozenset()
        if not views:
            return
        self._stale = False
        self.last_watched = time.monotonic()
        with self._guarded():
            self._audience.publish(self.id, self._snapshot(views))
        spent = time.perf_counter() - now
        self.used_seconds += spent
        self._publish_after = now + max(SETTLE_SECONDS, spent / PUBLISHING_SHARE)

    def best_yet(self, best: Best | None) -> Best | None:
        """The better one of `best` and what the run is now; for the training thread."""
        with self._guarded():
            coverage = self._engine.probes.coverage() if self._engine is not None else None
            if self._engine is not None and coverage is not None:
                now = Best(coverage.captured, coverage.total, coverage.high_quality, self.iteration)
                if now.beats(best):
                    return replace(now, frozen=self._engine.freeze())
        return best

    def keep(self, lineage: str, best: Best | None = None) -> Kept | None:
        """All of it as it is now, to be stored; None where it can't be had."""
        kept = None
        with self._guarded():
            if (engine := self._engine) is not None:
                kept = Kept(
                    id=self.id,
                    lineage=lineage,
                    name=self.name,
                    frozen=engine.freeze(),
                    scalars=engine.history.scalars,
                    experiment=self.experiment,
                    initial_experiment=self.initial_experiment,
                    state=self.state,
                    message=self.message,
                    interventions=tuple(self.interventions),
                    samples=engine.probes.samples(),
                    extent=engine.trainer.spec.extent,
                    best=best,
                    origin=self.origin,
                    directions=tuple(self.directions.values()),
                )
        return kept

    def _snapshot(self, views: frozenset[str]) -> dict[str, Any]:
        if self._engine is None and self.state is State.FAILED:
            return take_snapshot(self, None, views)  # it could not even be built; trying again is for a reset
        engine = self._built()
        engine.settle()
        engine.probes.settings = self.view
        return take_snapshot(self, engine, views)

    def _built(self) -> Engine:
        if self._engine is None:
            self._rebuild()
        assert self._engine is not None
        return self._engine

    def _rebuild(self) -> None:
        self._engine = None  # first, so that two generations of networks never take memory at once
        engine = Engine(self.experiment)
        start = self._thaw(engine) if self._thaw is not None else Start(self.experiment, [])
        self._engine = engine
        self.initial_experiment, self.interventions, self.origin = start.experiment, start.interventions, start.origin
        self._stale = True

    def _apply(self, values: dict[str, Any]) -> None:
        trainer = self._built().trainer
        self.interventions.append(Intervention(trainer.iteration, "change", values))
        trainer.change(**values)
        self._stale = True

    def _finish(self) -> None:
        self._built().settle()
        with self._lock:
            if self.state is State.RUNNING:
                self.state = State.FINISHED
                self.message = f"All {self.experiment.max_steps:,} iterations are done."
        self._stale = True

    @contextmanager
    def _guarded(self) -> Iterator[None]:
        """An exception inside ends this run, and nothing else on the thread."""
        build = self.build
        try:
            yield
        except Exception as error:
            self._fail(error, build)

    def _fail(self, error: Exception, build: int) -> None:
        """End it in state "failed", its last good weights back in place."""
        with self._lock:
            if build != self.build:
                return  # it was reset meanwhile: what broke is gone
            self.state = State.FAILED
            self._commands.clear()
            iteration = self.iteration
            kept = self._engine.salvage() if self._engine is not None else None
            self.message = describe(error, iteration, kept, self.experiment)
        self._stale = True

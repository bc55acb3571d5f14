"""A run as the thread that trains sees it: it obeys what waits in the mailbox, trains for its turn, shows and keeps.

Only one thread calls this: the Lab's, or the caller's own where there is no Lab. What it reads of a person's wishes
(the state, the settings, the view) is put there by `ganlab.runs.run`, in any thread.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from ganlab.experiment import Experiment
from ganlab.runs.audience import Audience, Nobody
from ganlab.runs.directions import KeptDirection
from ganlab.runs.engine import Engine
from ganlab.runs.fork import Origin
from ganlab.runs.kept import Best, Kept
from ganlab.runs.mailbox import Mailbox
from ganlab.runs.pace import Pace
from ganlab.runs.snapshot import take_snapshot
from ganlab.runs.start import Thaw, untrained
from ganlab.runs.state import Intervention, State
from ganlab.runs.trouble import describe
from ganlab.training.device import pick_device
from ganlab.training.history import History
from ganlab.training.probes import ViewSettings

SETTLE_SECONDS = 0.2  # scalars are read, and frames published, at most this often


class Trainee:
    """An Experiment and the networks that are trained on it, from the first command on.

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
        self._awaited: Future[Any] | None = None  # what a view that was shown waits for
        self._pace = Pace(SETTLE_SECONDS)
        self._engine: Engine | None = None
        self._rest: tuple[int, str] | None = None  # the iteration at which to hold still by itself, and what to say
        self._thaw: Thaw = untrained
        self._iteration = 0  # until it is built

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
            while self.state is State.RUNNING and not self._commands:
                if self._hold_if_due(engine):
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
        due = self._pace.due(now) if self.state is State.RUNNING else self._stale
        views = self._audience.watched(self.id) if due else frozenset()
        if not views:
            return
        self._stale = False
        self.last_watched = time.monotonic()
        measuring = self._measuring()
        with self._guarded():
            self._audience.publish(self.id, self._snapshot(views))
        spent = time.perf_counter() - now
        self.used_seconds += spent
        self._pace.shown(now, spent - (self._measuring() - measuring))

    def _measuring(self) -> float:
        return self._engine.probes.measuring if self._engine is not None else 0.0

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
        snapshot = take_snapshot(self, engine, views)
        self._show_again_after(engine.probes.awaited)
        return snapshot

    def _show_again_after(self, awaited: Future[Any] | None) -> None:
        """Publish once more when what a view waits for is there: at rest, nothing else would."""

        def refresh() -> None:
            self._stale = True

        def is_there(_: Future[Any]) -> None:
            self._commands.put(refresh)
            self._wake()

        if awaited is not None and awaited is not self._awaited:
            awaited.add_done_callback(is_there)
        self._awaited = awaited

    def _built(self) -> Engine:
        if self._engine is None:
            self._rebuild()
        assert self._engine is not None
        return self._engine

    def _rebuild(self) -> None:
        self._engine = None  # first, so that two generations of networks never take memory at once
        engine = Engine(self.experiment)
        start = self._thaw(engine)
        self._engine = engine
        self.initial_experiment, self.interventions, self.origin = start.experiment, start.interventions, start.origin
        self._stale = True

    def _hold_if_due(self, engine: Engine) -> bool:
        """Finish, or pause where it was told to; whether it did."""
        last, rest = self.experiment.max_steps, self._rest
        if last and engine.trainer.iteration >= last:
            self._hold(engine, State.FINISHED, f"All {last:,} iterations are done.")
        elif rest and engine.trainer.iteration >= rest[0]:
            self._hold(engine, State.PAUSED, rest[1])
        else:
            return False
        return True

    def _hold(self, engine: Engine, state: State, message: str) -> None:
        engine.settle()
        with self._lock:
            if self.state is State.RUNNING:
                self.state, self.message = state, message
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

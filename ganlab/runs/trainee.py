"""A run as the thread that trains sees it: its networks, built when they are needed, shown and kept.

Only one thread calls this: the Lab's, or the caller's own where there is no Lab. What it reads of a person's wishes
(the state, the settings, the view) is put there by `ganlab.runs.run`, in any thread.
"""

from __future__ import annotations

import time
from concurrent.futures import Future
from dataclasses import dataclass, replace
from typing import Any

from ganlab.experiment import Experiment
from ganlab.experiment.sentence import Sentence
from ganlab.runs.audience import Audience
from ganlab.runs.directions import KeptDirection
from ganlab.runs.engine import Engine
from ganlab.runs.fork import Origin
from ganlab.runs.keeping.picture import SamplePreview
from ganlab.runs.picks import Picks
from ganlab.runs.record import BestCheckpoint, RunRecord
from ganlab.runs.snapshot import changes_of, game_of
from ganlab.runs.start import Start, untrained
from ganlab.runs.state import Intervention, State
from ganlab.runs.training_job import TrainingJob
from ganlab.runs.trouble import describe
from ganlab.training.history import History
from ganlab.training.precision import in_words
from ganlab.views import ViewSettings

SETTLE_SECONDS = 0.2  # scalars are read, and frames published, at most this often
LOOK_EVERY = 25  # iterations between two looks at whether it has collapsed
LOOKS_BEGIN = 100  # before, a small cloud of samples may lie on a mode by chance: it has not begun
COLLAPSED = (
    "Paused after {iteration:,} iterations, because the run has collapsed: {good:.0%} of its samples are good, and "
    "they capture {captured} of {total} modes."
)


@dataclass(frozen=True)
class Rest:
    """When a run holds still by itself.

    Attributes:
        iteration: the last one before it does; because: what it says then.
        once_collapsed: whether it does so earlier, at a look that finds its samples collapsed.
        since_fork: whether the iteration counts from where a fork went on.
    """

    iteration: int
    because: str
    once_collapsed: bool = False
    since_fork: bool = False


class Trainee(TrainingJob):
    """An Experiment and the networks that are trained on it, from the first command on.

    Attributes:
        name: as a person called it; "" where nobody did.
        experiment: as it is now, with all changes; initial_experiment: as it was when it began.
        interventions: with `initial_experiment`, all that is needed to replay the run.
        origin: of a fork, which run it went on from and what was carried over; None otherwise, and until it is built.
        view: what its viewers chose to see of it.
        directions: in latent space, that somebody named and kept, by name.
        picks: the latents that somebody picked.

    Raises:
        ExperimentError: there is no such device here.
    """

    settle_seconds = SETTLE_SECONDS

    def __init__(self, experiment: Experiment, audience: Audience | None = None) -> None:
        super().__init__(experiment.device, audience)
        self.name = ""
        self.experiment = self.initial_experiment = experiment
        self.interventions: list[Intervention] = []
        self.origin: Origin | None = None
        self.view = ViewSettings()
        self.directions: dict[str, KeptDirection] = {}
        self.picks: Picks = ()
        self._awaited: set[Future[Any]] = set()  # what the views that were shown wait for
        self._engine: Engine | None = None
        self._rest: Rest | None = None
        self._start: Start = untrained
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
        return engine.rate if engine is not None and self.state is State.RUNNING and not self.held else 0.0

    def turn(self, seconds: float) -> None:
        """Train for one turn. Its time also counts as the training time of the networks."""
        started = time.perf_counter()
        super().turn(seconds)
        if (engine := self._engine) is not None:
            engine.seconds += time.perf_counter() - started

    def best_yet(self, best: BestCheckpoint | None) -> BestCheckpoint | None:
        """Returns the better of `best` and the run as it is now. Only the training thread may call it."""
        with self._guarded():
            coverage = self._engine.probes.coverage() if self._engine is not None else None
            if self._engine is not None and coverage is not None:
                now = BestCheckpoint(coverage.captured, coverage.total, coverage.high_quality, self.iteration)
                if now.beats(best):
                    return replace(now, checkpoint=self._engine.checkpoint())
        return best

    def recorded(self) -> tuple[RunRecord, SamplePreview] | None:
        """All of it as it is now, and samples to know it by; None where that can't be had. For the training thread."""
        with self._guarded():
            if (engine := self._engine) is not None:
                return self._record(engine), SamplePreview(engine.probes.samples(), engine.trainer.spec.extent)
        return None

    def _record(self, engine: Engine) -> RunRecord:
        checkpoint = engine.checkpoint()
        return RunRecord(
            # Not a change that was asked for and is still on its way here: the record must replay.
            experiment=engine.trainer.experiment.changed(max_steps=self._max_steps),
            initial_experiment=self.initial_experiment,
            interventions=tuple(self.interventions),
            origin=self.origin,
            iteration=checkpoint.iteration,
            checkpoint=checkpoint,
            id=self.id,
            name=self.name,
            state=self.state,
            message=self.message,
            directions=tuple(self.directions.values()),
            picks=self.picks,
        )

    def _snapshot(self, views: frozenset[str]) -> dict[str, Any]:
        if self._engine is None and self.state is State.FAILED:
            return self._facts(None, {})  # it could not even be built; trying again is for a reset
        engine = self._built()
        engine.settle()
        engine.probes.book.settings = self.view
        facts = self._facts(engine, engine.probes.answer(views, moving=self.state is State.RUNNING))
        self._show_again_after(engine.probes.awaited)
        return facts

    def _facts(self, engine: Engine | None, views: dict[str, Any]) -> dict[str, Any]:
        """The answers to what is watched, with all that every viewer needs to know."""
        return {
            "build": self.build,
            "iteration": self.iteration,
            "passes": engine.trainer.sampler.passes if engine else None,
            "state": str(self.state),
            "held": self.held,
            "message": self.message,
            "origin": self.origin.sentence if self.origin else None,
            "forked_at": self.origin.iteration if self.origin and not self.origin.shipped else None,
            "before_the_curves": self.origin.before_the_curves if self.origin else None,
            "rate": self.rate,
            "seconds": engine.seconds if engine else 0.0,
            "device": in_words(self.experiment, engine.trainer.device) if engine else self.experiment.device,
            "changes": changes_of(self.interventions),
            **game_of(self.experiment),
            "views": views,
        }

    def _show_again_after(self, awaited: set[Future[Any]]) -> None:
        """Publish once more when something that a view waits for is there: at rest, nothing else would."""

        def refresh() -> None:
            self._stale = True

        def is_there(_: Future[Any]) -> None:
            self._commands.put(refresh)
            self._wake()

        new, self._awaited = awaited - self._awaited, awaited
        for each in new:
            each.add_done_callback(is_there)

    def _built(self) -> Engine:
        if self._engine is None:
            self._rebuild()
        assert self._engine is not None
        return self._engine

    def _rebuild(self) -> None:
        self._engine = None  # first, so that two generations of networks never take memory at once
        engine = Engine(self.experiment)
        record = self._start(engine)
        self._engine = engine
        if record.message:
            self.message = record.message
        self.initial_experiment, self.origin = record.initial_experiment, record.origin
        self.interventions = list(record.interventions)
        self._stale = True

    @property
    def _max_steps(self) -> int:
        return self.experiment.max_steps

    @property
    def _settled_at(self) -> float:
        return self._built().settled_at

    @property
    def _measuring(self) -> float:
        return self._engine.probes.measuring if self._engine is not None else 0.0

    def _hold_if_due(self) -> bool:
        """Finish, or pause where it was told to; whether it did."""
        if super()._hold_if_due():
            return True
        rest = self._rest
        if rest is None:
            return False
        first = self.origin.iteration if rest.since_fork and self.origin is not None else 0
        if self.iteration - first >= rest.iteration:
            self._hold(State.PAUSED, rest.because)
            return True
        if rest.once_collapsed and self.iteration >= LOOKS_BEGIN:
            return self.iteration % LOOK_EVERY == 0 and self._hold_if_collapsed()
        return False

    def _hold_if_collapsed(self) -> bool:
        seen = self._built().probes.coverage()
        if seen is None or not seen.collapsed:
            return False
        facts = {"good": seen.high_quality, "captured": seen.captured, "total": seen.total}
        self._hold(State.PAUSED, Sentence(COLLAPSED, iteration=self.iteration, **facts))
        return True

    def _make_ready(self) -> None:
        self._built().claim()

    def _step(self) -> None:
        self._built().step()

    def _settle(self) -> None:
        self._built().settle()

    def _after_move(self) -> None:
        """Read what was measured up to a pause, and don't count the pause as training time."""
        engine = self._built()
        engine.settle()
        engine.start_clock()
        self._stale = True

    def _describe(self, error: Exception) -> str:
        """What happened; the last good weights are put back first."""
        iteration = self.iteration
        kept = self._engine.salvage() if self._engine is not None else None
        return describe(error, iteration, kept, self.experiment)

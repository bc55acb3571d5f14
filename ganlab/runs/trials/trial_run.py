"""A run that is tried several times at once from one moment: with a remedy, or untreated, as the twin of the others."""

from __future__ import annotations

from concurrent.futures import Future
from typing import Any

import numpy as np
import torch

from ganlab.experiment import Experiment
from ganlab.experiment.sentence import Sentence
from ganlab.metrics.effect import TrialCounts
from ganlab.runs.audience import Audience
from ganlab.runs.checkpoint import Checkpoint
from ganlab.runs.run import Run
from ganlab.runs.state import State
from ganlab.runs.trainee import Rest
from ganlab.runs.trials.comparison import compared
from ganlab.runs.trials.counting import ModeCounter, counter_of
from ganlab.training.batched import BatchedTrainer, going_on, why_apart
from ganlab.views.view import Wire

PAIRS = 5
EVERY = 50  # iterations from look to look
PLANNED = 1_000  # iterations after which the verdict is final
TRIAL = Wire()  # how what is said of a trial is sent: as it is


class TrialRun(Run):
    """A run that goes on from a moment of another one, and with it others of the same settings with other chance.

    What pages show is the first of them, which meets the chance that the other run would have met. A change by hand
    ends the comparison; it trains on alone then.

    Attributes:
        parent: the run whose moment it goes on from.
        moment: that run as it was then.
        twin: the untreated one that it is compared with; None of the twin itself.
        looks: what was counted of all of them, by the iterations since then.
    """

    def __init__(
        self,
        experiment: Experiment,
        audience: Audience,
        parent: Run,
        moment: Future[Checkpoint],
        twin: TrialRun | None = None,
    ) -> None:
        super().__init__(experiment, audience)
        self.parent, self.moment, self.twin = parent, moment, twin
        self.looks: dict[int, TrialCounts] = {}
        self._goal: int | None = None  # iterations since the moment at which it holds still
        self._others: BatchedTrainer | None = None
        self._counter: ModeCounter | None = None
        self._go_on(parent.id, moment, parent.obey)

    @classmethod
    def untreated(cls, run: Run) -> TrialRun:
        """The twin that goes on from where this run is now."""
        return cls(run.experiment, run._audience, run, run.checkpoint())

    def remedied(self, **changes: Any) -> TrialRun:
        """A run with other settings that goes on from the same moment as this twin.

        Raises:
            ExperimentError: a value is not allowed.
        """
        return TrialRun(self.initial_experiment.changed(**changes), self._audience, self.parent, self.moment, self)

    @property
    def since(self) -> int:
        """Iterations since the moment; 0 until it is built."""
        return self.iteration - self.origin.iteration if self.origin else 0

    @property
    def why_alone(self) -> str | None:
        """Why no others are trained with it, as the end of a sentence; None where they are."""
        return why_apart(self.initial_experiment)

    @property
    def next_planned(self) -> int:
        """Iterations since the moment at which it holds still next."""
        return PLANNED * (self.since // PLANNED + 1)

    def train_to(self, since: int) -> None:
        """Train until so many iterations since the moment, then hold still; if it is there, stay."""
        if self.since < since:
            self._goal = since
            super().play()

    def play(self, rest: Rest | None = None) -> None:
        self._goal = None
        super().play(rest)

    def _rebuild(self) -> None:
        super()._rebuild()
        self.looks, self._others, self._counter = {}, None, None
        if self.origin is None or self.origin.checkpoint is None:  # it was reset: an ordinary run from now on
            return
        begun, e = self.origin.checkpoint, self.experiment
        if self.why_alone is None:
            members = [e.changed(seed=e.seed + i) for i in range(1, PAIRS)]
            self._others = going_on(members, begun.tensors, begun.plain)
        self._counter = counter_of(e)
        self._look()

    def _hold_if_due(self) -> bool:
        if super()._hold_if_due():
            return True
        if self._goal is not None and self.since >= self._goal:
            self._hold(State.PAUSED, "")
            return True
        return False

    def _step(self) -> None:
        super()._step()
        if self.interventions or self._counter is None:
            return
        while self._others is not None and self._others.iteration < self.iteration:
            self._others.step()
        if self.since % EVERY == 0:
            self._look()

    @torch.no_grad()
    def _look(self) -> None:
        """Count the modes of all of them now."""
        trainer, counter = self._built().trainer, self._counter
        if counter is None:
            return
        generator = trainer.shown.eval()
        samples = generator(counter.latents.to(trainer.device))[None]
        generator.train()
        if self._others is not None:
            samples = torch.cat([samples, self._others.samples(counter.latents)])
        modes, good = zip(*(counter.count(each) for each in samples), strict=True)
        self.looks[self.since] = TrialCounts(np.array(modes, np.float64), np.array(good, np.float64))

    def _snapshot(self, views: frozenset[str]) -> dict[str, Any]:
        seen = super()._snapshot(views)
        if "trial" in views and self.looks:
            seen["views"]["trial"] = self._told()
        return seen

    def _told(self) -> dict[str, Any]:
        """The counts of this run, those of its twin, and the verdict."""
        assert self._counter is not None
        names = {"modes_name": self._counter.modes_name, "good_name": self._counter.good_name}
        told = {"total": self._counter.total, **names, **_rows(self, "")}
        if self.interventions:
            return told | {"changed": True}
        if self.twin is None or not (self.looks.keys() & self.twin.looks.keys()):
            return told
        found = compared(self.looks, self.twin.looks, self._counter, name=self.name, planned=PLANNED)
        verdict = {"effect": str(found.effect), "headline": found.headline, "evidence": found.evidence}
        return told | _rows(self.twin, "twin_") | verdict | {"at": found.at, "note": self._note()}

    def _note(self) -> Sentence | None:
        """Why there is one pair only."""
        told = "There is one pair only, so the difference may be chance. More can't be trained together: {why}."
        return None if self.why_alone is None else Sentence(told, why=self.why_alone)


def _rows(run: TrialRun, of: str) -> dict[str, Any]:
    """The looks at a run as arrays: iterations (looks,), modes and shares of good samples (looks, pairs)."""
    looks = sorted(run.looks.items())
    return {
        f"{of}x": np.array([since for since, _ in looks], np.float32),
        f"{of}modes": np.array([each.modes for _, each in looks], np.float32),
        f"{of}good": np.array([each.good for _, each in looks], np.float32),
    }

"""A run that is tried several times at once from one moment: with a remedy, or untreated, as the twin of the others."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from ganlab.experiment import Experiment
from ganlab.experiment.sentence import Sentence
from ganlab.metrics.effect import TrialCounts
from ganlab.runs.audience import Audience
from ganlab.runs.checkpoint import Checkpoint
from ganlab.runs.run import Run
from ganlab.runs.trainee import Rest
from ganlab.runs.trials.comparison import Looks, compared
from ganlab.runs.trials.counting import ModeCounter, counter_of
from ganlab.training.batched import Members, going_on, why_apart
from ganlab.views.view import Wire

PAIRS = 5
EVERY = 50  # iterations from look to look
PLANNED = 1_000  # iterations after which the verdict is final
TRIAL = Wire()  # how what is said of a trial is sent: as it is


@dataclass(frozen=True)
class TrialMoment:
    """Another run as it was between two of its iterations.

    Attributes:
        run: its id.
        checkpoint: its state; obey: sees to that, when the training thread calls it.
    """

    run: str
    checkpoint: Future[Checkpoint]
    obey: Callable[[], object] = lambda: None

    @property
    def is_lost(self) -> bool:
        """Whether its state can't be had any more: the run was reset first, or failed, or its process ended."""
        known = self.checkpoint
        return known.cancelled() or (known.done() and known.exception() is not None)


class TrialRun(Run):
    """A run that goes on from a moment of another one, and with it others of the same settings with other chance.

    What pages show is the first of them, which meets the chance that the other run would have met. A change by hand
    ends the comparison; it trains on alone then.

    Attributes:
        moment: from which it goes on.
        twin: the untreated one that it is compared with; None of the twin itself.
        looks: what was counted of all of them; twin_looks: what was counted of the twin.
    """

    moment: TrialMoment

    def __init__(self, experiment: Experiment, audience: Audience | None = None) -> None:
        super().__init__(experiment, audience)
        self.twin: TrialRun | None = None
        self.looks: Looks = {}
        self.twin_looks: Looks = {}
        self._remedied: list[TrialRun] = []  # those that are compared with this one
        self._others: Members | None = None
        self._counter: ModeCounter | None = None

    def go_on_at(self, moment: TrialMoment, twin: TrialRun | None = None) -> None:
        """Go on from this moment, paused at first, and be compared with this twin."""
        self.moment, self.twin = moment, twin
        if twin is not None:
            twin._remedied.append(self)
            self.twin_looks = twin.looks
        self._go_on(moment.run, moment.checkpoint, moment.obey)

    def compare_with(self, looks: Looks) -> None:
        """These are the looks at the twin by now."""
        self.twin_looks = looks
        self.refresh()

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
            self.play(Rest(since, "", since_fork=True))

    def _rebuild(self) -> None:
        super()._rebuild()
        self._others = self._counter = None
        self._know({})
        if self.origin is None or self.origin.checkpoint is None:  # it was reset: an ordinary run from now on
            return
        begun, e = self.origin.checkpoint, self.experiment
        if self.why_alone is None:
            members = [e.changed(seed=e.seed + i) for i in range(1, PAIRS)]
            self._others = going_on(members, begun.tensors, begun.plain)
        self._counter = counter_of(e)
        self._look()

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
        counts = TrialCounts(np.array(modes, np.float64), np.array(good, np.float64))
        self._know({**self.looks, self.since: counts})

    def _know(self, looks: Looks) -> None:
        """Have these looks, and let those know that are compared with it."""
        self.looks = looks
        for each in tuple(self._remedied):
            each.compare_with(looks)

    def _snapshot(self, views: frozenset[str]) -> dict[str, Any]:
        seen = super()._snapshot(views)
        if "trial" in views and self.looks:
            seen["views"]["trial"] = self._told()
        return seen

    def _told(self) -> dict[str, Any]:
        """The counts of this run, those of its twin, and the verdict."""
        assert self._counter is not None
        names = {"modes_name": self._counter.modes_name, "good_name": self._counter.good_name}
        told = {"total": self._counter.total, **names, **_rows(self.looks, "")}
        if self.interventions:
            return told | {"changed": True}
        if not (self.looks.keys() & self.twin_looks.keys()):
            return told
        found = compared(self.looks, self.twin_looks, self._counter, name=self.name, planned=PLANNED)
        verdict = {"effect": str(found.effect), "headline": found.headline, "evidence": found.evidence}
        return told | _rows(self.twin_looks, "twin_") | verdict | {"at": found.at, "note": self._why_one_pair()}

    def _why_one_pair(self) -> Sentence | None:
        """Why there is one pair only."""
        told = "There is one pair only, so the difference may be chance. More can't be trained together: {why}."
        return None if self.why_alone is None else Sentence(told, why=self.why_alone)


def _rows(looks: Looks, of: str) -> dict[str, Any]:
    """Looks as arrays: iterations (looks,), modes and shares of good samples (looks, pairs)."""
    known = sorted(looks.items())
    return {
        f"{of}x": np.array([since for since, _ in known], np.float32),
        f"{of}modes": np.array([each.modes for _, each in known], np.float32),
        f"{of}good": np.array([each.good for _, each in known], np.float32),
    }

"""The members of a sweep, whichever way each is trained."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
import torch
from torch import Tensor

from ganlab.experiment import Experiment
from ganlab.training.batched.kinship import families
from ganlab.training.batched.trainer import BatchedTrainer
from ganlab.training.build import build_trainer
from ganlab.training.captured.step import CapturedStep
from ganlab.training.history import Floats
from ganlab.training.trainer import Trainer


class Members(Protocol):
    """Members that move on together, an iteration at a time."""

    experiments: tuple[Experiment, ...]
    threads: int

    @property
    def iteration(self) -> int:
        """Iterations done so far, the same for all."""

    def step(self) -> None:
        """One iteration of each."""

    def scalars(self) -> dict[str, Floats]:
        """Those of the last iteration by name, each (members,)."""

    def finite(self) -> list[bool]:
        """Whether each member's weights are all finite."""

    def samples(self, latents: Tensor) -> Tensor:
        """What each member makes of the same latents (n, latent_dim): (members, n, *shape)."""

    def trainer(self, member: int) -> Trainer:
        """A Trainer that goes on from where this member is."""


class ManyMembers:
    """Members that are trained as one computation."""

    def __init__(self, trainer: BatchedTrainer) -> None:
        self._trainer = trainer
        self.experiments, self.threads = trainer.experiments, trainer.threads
        self.step = CapturedStep(trainer)
        self.scalars, self.finite, self.samples = trainer.scalars, trainer.finite, trainer.samples
        self.trainer = trainer.trainer

    @property
    def iteration(self) -> int:
        return self._trainer.iteration


class SingleMember:
    """A single member, trained by a Trainer of its own."""

    def __init__(self, experiment: Experiment) -> None:
        self.experiments: tuple[Experiment, ...] = (experiment,)
        self._trainer = build_trainer(experiment)
        self.step = CapturedStep(self._trainer)
        self.threads = self._trainer.threads
        self._last: Floats = np.full((1, len(self._trainer.scalars)), np.nan, np.float32)

    @property
    def iteration(self) -> int:
        return self._trainer.iteration

    def scalars(self) -> dict[str, Floats]:
        if blocks := self._trainer.drain():
            self._last = blocks[-1][-1:]
        return dict(zip(self._trainer.scalars, self._last.T, strict=True))

    @torch.no_grad()
    def finite(self) -> list[bool]:
        return [bool(self._trainer.g.theta.isfinite().all() & self._trainer.d.theta.isfinite().all())]

    @torch.no_grad()
    def samples(self, latents: Tensor) -> Tensor:
        generator = self._trainer.shown.eval()
        samples: Tensor = generator(latents.to(self._trainer.device))[None]
        generator.train()
        return samples

    def trainer(self, member: int) -> Trainer:
        return self._trainer


def together(experiments: Sequence[Experiment], part: int = 0, parts: int = 1) -> list[tuple[list[int], Members]]:
    """Trainers for all of these experiments, each with the numbers of the members that it trains.

    Of several parts, only the trainers of one: families stay whole, so each member comes to the same bits.
    """
    return [(family, _trainer_of([experiments[i] for i in family])) for family in families(experiments)[part::parts]]


def members_of(experiments: Sequence[Experiment], part: int, parts: int) -> list[int]:
    """The numbers of the members that a part trains, in order."""
    return sorted(number for family in families(experiments)[part::parts] for number in family)


def _trainer_of(experiments: list[Experiment]) -> Members:
    return SingleMember(experiments[0]) if len(experiments) == 1 else ManyMembers(BatchedTrainer(experiments))

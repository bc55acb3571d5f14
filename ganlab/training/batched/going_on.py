"""Several trainings that go on together from one moment."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from torch import Tensor

from ganlab.experiment import Experiment
from ganlab.training.batched.together import ManyMembers, Members
from ganlab.training.batched.trainer import BatchedTrainer
from ganlab.training.build import build_trainer
from ganlab.training.checkpoint import restore_what_fits


def going_on(experiments: Sequence[Experiment], tensors: dict[str, Tensor], plain: dict[str, Any]) -> Members:
    """Members of one family that go on from the state that `state_of` gave, as far as it fits each of them.

    One with another seed than the state's takes over the networks, and meets other chance from there on.
    """
    trainers = [build_trainer(e) for e in experiments]
    for trainer in trainers:
        restore_what_fits(trainer, tensors, plain)
    batched = BatchedTrainer(experiments)
    batched.go_on_from(trainers)
    return ManyMembers(batched)

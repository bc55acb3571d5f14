"""A run done again, from its Experiment and what was done to it on the way."""

from __future__ import annotations

from collections.abc import Sequence

import torch

from ganlab.experiment import Experiment
from ganlab.runs.fork import Frozen
from ganlab.runs.state import Intervention
from ganlab.training.build import build_trainer
from ganlab.training.checkpoint import restore_what_fits
from ganlab.training.trainer import Trainer


def replay(
    experiment: Experiment, interventions: Sequence[Intervention], iterations: int, frozen: Frozen | None = None
) -> Trainer:
    """A Trainer in the state that the run had after `iterations` iterations: to the same bits, on the same machine.

    Args:
        experiment: as it was at the start.
        interventions: in the order in which they happened.
        frozen: what a fork went on from; without it, the start is iteration 0.
    """
    trainer = build_trainer(experiment)
    torch.set_num_threads(trainer.threads)
    if frozen is not None:
        restore_what_fits(trainer, frozen.tensors, frozen.plain)
    waiting = list(interventions)
    while True:
        while waiting and waiting[0].iteration == trainer.iteration and waiting[0].kind == "change":
            trainer.change(**waiting.pop(0).values)
        if trainer.iteration >= iterations:
            return trainer
        if waiting and waiting[0].iteration == trainer.iteration:
            step = {"step_d": trainer.step_d, "step_g": trainer.step_g}[waiting.pop(0).kind]
        else:
            step = trainer.step
        step()

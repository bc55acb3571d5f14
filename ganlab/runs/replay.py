"""A run done again, from its Experiment and what was done to it on the way."""

from __future__ import annotations

from collections.abc import Sequence

import torch

from ganlab.experiment import Experiment
from ganlab.runs.run import Intervention
from ganlab.training.mistakes import build_trainer
from ganlab.training.trainer import Trainer


def replay(experiment: Experiment, interventions: Sequence[Intervention], iterations: int) -> Trainer:
    """A Trainer in the state that the run had after `iterations` iterations: to the same bits, on the same machine.

    Args:
        experiment: as it was at iteration 0.
        interventions: in the order in which they happened.
    """
    trainer = build_trainer(experiment)
    torch.set_num_threads(trainer.threads)
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

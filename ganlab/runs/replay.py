"""Replays a run from its record: how it began, and what was done to it while it trained."""

from __future__ import annotations

from ganlab.experiment import ExperimentError
from ganlab.runs.record import RunRecord
from ganlab.runs.state import MOVED
from ganlab.training.build import build_trainer
from ganlab.training.captured.step import CapturedStep
from ganlab.training.checkpoint import restore_what_fits
from ganlab.training.device import claim
from ganlab.training.trainer import Trainer


def replay(record: RunRecord, iterations: int | None = None) -> Trainer:
    """A Trainer in the state that the run had after `iterations` iterations: to the same bits, on the same machine.

    Args:
        iterations: as many as the record has, where none are given.

    Raises:
        ExperimentError: the record is a fork's and does not hold what it went on from, or the run came to another kind
            of device before.
    """
    end = record.iteration if iterations is None else iterations
    if (moved := next((each for each in record.interventions if each.kind == MOVED), None)) and moved.iteration < end:
        raise ExperimentError(
            f"After iteration {moved.iteration:,} this run went on, on another kind of device, with new random "
            "numbers: it can be replayed until then, but not beyond."
        )
    trainer = build_trainer(record.initial_experiment)
    claim(trainer.threads, trainer.experiment.precision)
    if record.origin is not None:
        if (begun := record.origin.checkpoint) is None:
            raise ExperimentError(
                "The run that this fork goes on from was not stored with it, so the fork can't be replayed."
            )
        restore_what_fits(trainer, begun.tensors, begun.plain)
    repeated = CapturedStep(trainer)
    waiting = [each for each in record.interventions if each.kind != MOVED]
    while True:
        while waiting and waiting[0].iteration == trainer.iteration and waiting[0].kind == "change":
            trainer.change(**waiting.pop(0).values)
        if trainer.iteration >= end:
            return trainer
        if waiting and waiting[0].iteration == trainer.iteration:
            step = {"step_d": trainer.step_d, "step_g": trainer.step_g}[waiting.pop(0).kind]
        else:
            step = repeated
        step()

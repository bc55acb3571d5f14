"""All that is taken home of a run: its record at one moment, and the generator that it has trained."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from torch import Tensor

from ganlab import data
from ganlab.experiment import Experiment
from ganlab.export.generator import TrainedGenerator, blank_network
from ganlab.runs.checkpoint import Checkpoint
from ganlab.runs.record import RunRecord
from ganlab.runs.state import Intervention
from ganlab.training.device import pick_device
from ganlab.training.history import Floats


@dataclass(frozen=True)
class TrainedRun:
    """A run as it was after `iteration` iterations.

    Attributes:
        generator: the one that is shown, in eval mode.
        labels: the names of the data's classes, () where there are none.
        device: the kind that it trained on: "cpu", "cuda" or "mps".
    """

    record: RunRecord
    generator: TrainedGenerator
    labels: tuple[str, ...] = ()
    device: str = "cpu"

    @property
    def experiment(self) -> Experiment:
        """Returns the experiment as it was in the end, with all changes."""
        return self.record.experiment

    @property
    def initial_experiment(self) -> Experiment:
        """Returns the experiment as it was when the run began."""
        return self.record.initial_experiment

    @property
    def interventions(self) -> tuple[Intervention, ...]:
        """What was done to it while it trained."""
        return self.record.interventions

    @property
    def origin(self) -> str | None:
        """Returns a sentence on the run that a fork went on from; None if it is not a fork."""
        return None if self.record.origin is None else self.record.origin.sentence

    @property
    def iteration(self) -> int:
        """Iterations done."""
        return self.record.iteration

    @property
    def scalars(self) -> tuple[str, ...]:
        """What each column of the history is."""
        return self.record.scalars

    @property
    def history(self) -> Floats:
        """Every scalar (iterations, scalars)."""
        checkpoint = self.record.checkpoint
        return np.empty((0, len(self.scalars)), np.float32) if checkpoint is None else checkpoint.history


def trained_run(record: RunRecord) -> TrainedRun:
    """The run of a record that holds its checkpoint.

    Raises:
        ExperimentError: its data or its device are not here.
    """
    assert record.checkpoint is not None
    experiment, spec = record.experiment, data.load(record.experiment).spec
    network = blank_network(experiment, spec.shape)
    network.load_state_dict(_shown(record.checkpoint))
    generator = TrainedGenerator(network.eval().requires_grad_(False), experiment, spec.shape, spec.units)
    return TrainedRun(record, generator, spec.labels, pick_device(experiment.device).type)


def without_history(generator: TrainedGenerator, iteration: int, labels: tuple[str, ...]) -> TrainedRun:
    """What the forms need that hold the generator alone."""
    record = RunRecord(generator.experiment, generator.experiment, iteration=iteration)
    return TrainedRun(record, generator, labels)


def _shown(checkpoint: Checkpoint) -> dict[str, Tensor]:
    """The weights and buffers of the generator that is shown: of the average, where one is kept."""
    average = any(name.startswith("ema.") for name in checkpoint.tensors)
    role = "ema." if average else "generator."
    return {name.removeprefix(role): value for name, value in checkpoint.tensors.items() if name.startswith(role)}

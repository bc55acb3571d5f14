"""All that is taken home of a run, gathered at one moment as copies."""

from __future__ import annotations

import copy
from dataclasses import dataclass

import numpy as np

from ganlab.experiment import Experiment
from ganlab.export.generator import Generator
from ganlab.runs import Run
from ganlab.runs.course import Course, course_of
from ganlab.runs.state import Intervention
from ganlab.training.history import SCALARS_OF, Floats, History
from ganlab.training.trainer import Trainer


@dataclass(frozen=True)
class Taken:
    """A run as it was after `iteration` iterations.

    Attributes:
        generator: the one that is shown, in eval mode.
        initial_experiment: with `interventions`, how the run came to where it is.
        history: every scalar (iterations, scalars) in the order of `training.history.SCALARS_OF` its model.
        labels: the names of the data's classes, () where there are none.
        origin: of a fork, a sentence on what it went on from; None otherwise.
        device: the kind that it trained on: "cpu", "cuda" or "mps".
    """

    generator: Generator
    initial_experiment: Experiment
    iteration: int
    history: Floats
    interventions: tuple[Intervention, ...] = ()
    labels: tuple[str, ...] = ()
    origin: str | None = None
    device: str = "cpu"

    @property
    def experiment(self) -> Experiment:
        """As it was in the end, with all changes."""
        return self.generator.experiment

    @property
    def scalars(self) -> tuple[str, ...]:
        """What each column of the history is."""
        return SCALARS_OF[self.experiment.model]

    @classmethod
    def without_history(cls, generator: Generator, iteration: int, labels: tuple[str, ...]) -> Taken:
        """What the forms need that hold the generator alone."""
        none = np.empty((0, len(SCALARS_OF[generator.experiment.model])), np.float32)
        return cls(generator, generator.experiment, iteration, none, (), labels)


def take(run: Run) -> Taken:
    """A copy of what the run has come to; waits for the end of the training step that it is in.

    Raises:
        CancelledError: the run is reset, fails or is put away first.
    """
    return run.ask(lambda trainer: taken_of(trainer, run.history, course_of(run))).result()


def taken_of(trainer: Trainer, history: History, course: Course | None = None) -> Taken:
    """The same of a Trainer that belongs to the caller; without a `course`, its settings were always what they are."""
    course = course or Course(trainer.experiment, ())
    network = copy.deepcopy(trainer.shown).cpu().eval().requires_grad_(False)
    return Taken(
        generator=Generator(network, trainer.experiment, trainer.spec.shape),
        initial_experiment=course.initial_experiment,
        iteration=trainer.iteration,
        history=history.rows()[: trainer.iteration].copy(),
        interventions=course.interventions,
        labels=trainer.spec.labels,
        origin=course.origin,
        device=trainer.device.type,
    )

"""The Trainer that an Experiment asks for: every one is made here."""

from __future__ import annotations

from ganlab.experiment import Experiment, is_conditional
from ganlab.training.conditional import ConditionalTrainer
from ganlab.training.dirac import DiracTrainer
from ganlab.training.mistakes import MISTAKEN
from ganlab.training.trainer import Trainer
from ganlab.training.vae import VAETrainer


def build_trainer(experiment: Experiment) -> Trainer:
    """The model's or the game's own Trainer, or that of the mistake which the Experiment makes on purpose.

    Raises:
        ExperimentError: the device is not there.
    """
    if experiment.data == "dirac":
        return DiracTrainer(experiment)
    if experiment.model == "vae":
        return VAETrainer(experiment)
    if is_conditional(experiment):
        return ConditionalTrainer(experiment)
    return MISTAKEN.get(experiment.mistake, Trainer)(experiment)

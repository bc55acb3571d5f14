"""What a run is called where nobody has named it."""

from __future__ import annotations

from ganlab.experiment import Experiment
from ganlab.experiment.choices import DATA
from ganlab.game.losses import LOSSES


def data_and_method(experiment: Experiment) -> str:
    """What it learns from, and by which loss: a VAE has one of its own."""
    method = "VAE" if experiment.model == "vae" else LOSSES[experiment.loss].label.lower()
    return f"{DATA[experiment.data]}, {method}"

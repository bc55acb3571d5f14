"""What a run is called where nobody has named it."""

from __future__ import annotations

from ganlab.experiment import Experiment
from ganlab.experiment.choices import DATA
from ganlab.game.losses import LOSSES


def data_and_method(experiment: Experiment) -> str:
    """Returns a run's data and its loss in words. A VAE has its own loss."""
    method = "VAE" if experiment.model == "vae" else LOSSES[experiment.loss].label.lower()
    return f"{DATA[experiment.data]}, {method}"

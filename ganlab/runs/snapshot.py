"""What every viewer of a run needs to know of its game: plain data, ready to be sent."""

from __future__ import annotations

from typing import Any

from ganlab.experiment import Experiment
from ganlab.game.mistaken_losses import loss_of
from ganlab.views import drawing_of


def game_of(experiment: Experiment) -> dict[str, Any]:
    """Returns how a run's samples are drawn, what its players are called, and what is known of its loss."""
    return {"kind": drawing_of(experiment), "players": _players(experiment), "loss": _loss(experiment)}


def _players(experiment: Experiment) -> dict[str, str]:
    """What the two networks are called."""
    return {"d": "encoder", "g": "decoder"} if experiment.model == "vae" else {"d": "D", "g": "G"}


def _loss(experiment: Experiment) -> dict[str, Any]:
    """What the curves of this loss are called, and where theory has them end."""
    loss = loss_of(experiment)
    return {
        "name": loss.name,
        "label": loss.label,
        "boundary": loss.boundary,
        "equilibrium_d": loss.figure(loss.equilibrium_d, experiment),
        "equilibrium_g": loss.figure(loss.equilibrium_g, experiment),
        "reach": loss.figure(loss.reach, experiment),
        "plot_sign_d": loss.plot_sign_d,
        "label_d": loss.label_d,
        "label_g": loss.label_g,
    }

"""What every viewer of a run needs to know of its game: plain data, ready to be sent."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ganlab.experiment import Experiment, knob
from ganlab.game.mistaken_losses import loss_of
from ganlab.runs.state import MOVED, Intervention
from ganlab.views import drawing_of


def game_of(experiment: Experiment) -> dict[str, Any]:
    """Returns how a run's samples are drawn, what its players are called, and what is known of its loss."""
    return {"kind": drawing_of(experiment), "players": _players(experiment), "loss": _loss(experiment)}


def changes_of(interventions: Sequence[Intervention]) -> list[tuple[int, str]]:
    """When settings were changed while it trained, and which: pairs of an iteration and words, one for an iteration.

    Among them is when it came to another kind of device.
    """
    found: dict[int, dict[str, None]] = {}
    for each in interventions:
        if each.kind == MOVED:
            found.setdefault(each.iteration, {})["another device"] = None
        elif each.kind == "change":
            found.setdefault(each.iteration, {}).update(dict.fromkeys(knob(name).label for name in each.values))
    return [(iteration, ", ".join(names)) for iteration, names in found.items()]


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

"""What a run looks like at one step: plain data, ready to be sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ganlab import data
from ganlab.experiment import Experiment, is_images
from ganlab.game.losses import LOSSES
from ganlab.runs.engine import Engine

if TYPE_CHECKING:
    from ganlab.runs.trainee import Trainee


def take_snapshot(run: Trainee, engine: Engine | None, views: frozenset[str]) -> dict[str, Any]:
    """The watched views of a run as they are now, with all that every viewer needs to know.

    Without an engine (the run could not be built) there is nothing to view but why.
    """
    return {
        "run": run.id,
        "build": run.build,
        "iteration": run.iteration,
        "passes": engine.trainer.sampler.passes if engine else None,
        "state": str(run.state),
        "message": run.message,
        "origin": run.origin.sentence if run.origin else None,
        "forked_at": run.origin.frozen.iteration if run.origin else None,
        "rate": run.rate,
        "seconds": engine.seconds if engine else 0.0,
        "device": engine.trainer.device.type if engine else run.experiment.device,
        "kind": _kind(run.experiment),
        "players": _players(run.experiment),
        "loss": _loss(run.experiment),
        "views": engine.probes.answer(views) if engine else {},
    }


def _kind(experiment: Experiment) -> str:
    if is_images(experiment):
        return "images"
    if experiment.data == "dirac":
        return "phase"
    return "line" if data.shape_of(experiment) == (1,) else "plane"


def _players(experiment: Experiment) -> dict[str, str]:
    """What the two networks are called."""
    return {"d": "encoder", "g": "decoder"} if experiment.model == "vae" else {"d": "D", "g": "G"}


def _loss(experiment: Experiment) -> dict[str, Any]:
    """What the curves of this loss are called, and where theory has them end: nowhere known, with smoothed labels."""
    loss = LOSSES[experiment.loss]
    smoothed = loss.takes_smoothing and experiment.label_smoothing > 0
    return {
        "name": loss.name,
        "label": loss.label,
        "boundary": loss.boundary,
        "equilibrium_d": experiment.energy_margin if loss.takes_margin else None if smoothed else loss.equilibrium_d,
        "equilibrium_g": None if smoothed else loss.equilibrium_g,
        "reach": experiment.energy_margin if loss.takes_margin else None,
        "plot_sign_d": loss.plot_sign_d,
        "label_d": loss.label_d,
        "label_g": loss.label_g,
    }

"""The Dirac game: two players of one number each, whose whole game is one path in a plane (Mescheder et al. 2018)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ganlab.experiment import Experiment
from ganlab.presets.preset import Preset

STEPS = 500  # as in the table that the tests hold the losses and penalties against

GAME: Mapping[str, Any] = {
    "data": "dirac", "generator": "point", "discriminator": "linear", "latent_dim": 1, "batch_size": 2,
    "loss": "minimax", "optimizer_g": "sgd", "optimizer_d": "sgd", "lr_g": 0.2, "lr_d": 0.2, "max_steps": STEPS,
}  # fmt: skip


def game(**values: Any) -> Experiment:
    """The game of the minimax loss under plain gradient descent with a step of 0.2, with these changes."""
    return Experiment.of(**{**GAME, **values})


def _preset(name: str, title: str, explanation: str, experiment: Experiment, more: str = "") -> Preset:
    source = f"Mescheder et al. 2018, section 2, and their code: LMescheder/GAN_stability, notebooks/diracgan.{more}"
    return Preset(f"dirac-{name}", f"Dirac: {title}", explanation, source, experiment)


PRESETS = (
    _preset(
        "minimax",
        "minimax",
        "Each player does what is best against the other, and together they circle the equilibrium for ever.",
        game(),
    ),
    _preset(
        "non-saturating",
        "non-saturating",
        "The most common loss does come closer, but the closer it is, the slower it gets.",
        game(loss="non_saturating"),
    ),
    _preset(
        "wgan",
        "WGAN, clip 1",
        "Clipping keeps D's slope between -1 and 1. The players bounce off these limits and never come to rest.",
        game(loss="wasserstein", weight_clip=1.0),
    ),
    _preset(
        "wgan-gp",
        "WGAN-GP",
        "The penalty wants a slope of 1, even where the game is over and the slope should be 0.",
        game(loss="wasserstein", gp_weight=0.35),
        " Its 0.7 multiplies half the penalty, our 0.35 all of it.",
    ),
    _preset(
        "instance-noise",
        "instance noise",
        "Noise blurs all that D sees: the players spiral inwards, until only the jitter of the noise is left.",
        game(instance_noise=0.7, batch_size=1000),
    ),
    _preset(
        "r1",
        "R1, gamma 0.3",
        "A small penalty on D's slope at the data: the circle becomes a spiral, a straight line on a log scale.",
        game(r1_weight=0.3),
    ),
    _preset(
        "r1-critical",
        "R1, critical gamma 1",
        "Just enough penalty to stop the circling. With a larger penalty, D would be too slow to follow.",
        game(r1_weight=1.0),
    ),
    _preset(
        "consensus",
        "consensus",
        "Both players also move towards where both gradients vanish: the arrows turn inwards.",
        game(consensus_weight=1.0),
    ),
)

"""The fields of an Experiment that set the game: the loss, and what regularises it."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from ganlab.choices import LOSS_LABELS, LossName
from ganlab.experiment.ranges import Weight
from ganlab.settings import Knob, Settings


class LossSettings(Settings):
    """Loss and regularisers."""

    loss: Annotated[
        LossName,
        Knob(
            "loss", "Loss", "The game's rules: what each network is rewarded for.",
            choices=LOSS_LABELS, live=True, common=True,
        ),
    ] = "non_saturating"  # fmt: skip
    gp_weight: Annotated[
        Weight,
        Knob(
            "loss", "WGAN-GP", "Weight of the penalty that keeps D's slope near 1 between real and generated. 0: off.",
            live=True, log=True,
        ),
    ] = 0.0  # fmt: skip
    r1_weight: Annotated[
        Weight,
        Knob(
            "loss", "R1 (gamma)", "Penalises D's slope at real samples: gamma/2 times its square. 0: off.",
            live=True, log=True, common=True,
        ),
    ] = 0.0  # fmt: skip
    r2_weight: Annotated[
        Weight,
        Knob(
            "loss", "R2 (gamma)", "Penalises D's slope at generated samples: gamma/2 times its square. 0: off.",
            live=True, log=True,
        ),
    ] = 0.0  # fmt: skip
    weight_clip: Annotated[
        float, Field(ge=0.0, le=10.0),
        Knob(
            "loss", "Weight clipping", "Clips each of D's weights to [-c, c] after each update (WGAN). 0: off.",
            live=True, log=True,
        ),
    ] = 0.0  # fmt: skip
    label_smoothing: Annotated[
        float, Field(ge=0.0, le=0.5),
        Knob(
            "loss", "Label smoothing", "D's target for real samples is 1 minus this, not 1 (one-sided). 0: off.",
            live=True, applies=lambda e: e.loss in ("minimax", "non_saturating", "least_squares"),
        ),
    ] = 0.0  # fmt: skip
    instance_noise: Annotated[
        float, Field(ge=0.0, le=5.0),
        Knob(
            "loss", "Instance noise", "Gaussian noise added to all that D sees, real and generated. 0: off.",
            unit="standard deviation", live=True,
        ),
    ] = 0.0  # fmt: skip
    instance_noise_steps: Annotated[
        int, Field(ge=0, le=10_000_000),
        Knob(
            "loss", "Noise fades over", "Instance noise falls linearly to 0 over this many iterations. 0: it stays.",
            unit="iterations", live=True, log=True, applies=lambda e: e.instance_noise > 0,
        ),
    ] = 0  # fmt: skip

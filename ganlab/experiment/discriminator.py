"""The fields of an Experiment that describe the discriminator and how it is trained."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Field

from ganlab.experiment.choices import MINIBATCHES, OPTIMIZERS, SCHEDULES, Minibatch, Optimizer, Schedule
from ganlab.experiment.data import is_images
from ganlab.experiment.networks import NETWORKS, DiscriminatorNetworkSettings, d_has
from ganlab.experiment.ranges import Beta, LearningRate, Steps
from ganlab.experiment.settings import Knob

Augment = Literal["none", "always", "adaptive"]
AUGMENTS: Mapping[Augment, str] = {
    "none": "none",
    "always": "always (DiffAugment)",
    "adaptive": "as often as needed (ADA)",
}


def _is_not_the_dirac_games(e: Any) -> bool:
    return NETWORKS[e.discriminator].data != "dirac"


def _augments(e: Any) -> bool:
    return is_images(e) and e.augment != "none"


def _augments_adaptively(e: Any) -> bool:
    return is_images(e) and e.augment == "adaptive"


class DiscriminatorSettings(DiscriminatorNetworkSettings):
    """The discriminator."""

    spectral_norm: Annotated[
        bool,
        Knob(
            "discriminator", "Spectral norm", "Divides each weight matrix by its largest singular value (SNGAN).",
            applies=_is_not_the_dirac_games,
        ),
    ] = False  # fmt: skip
    d_minibatch: Annotated[
        Minibatch,
        Knob(
            "discriminator", "Minibatch layer", "Shows D how alike the samples of a batch are.",
            model="gan", choices=MINIBATCHES, applies=d_has("minibatch"),
        ),
    ] = "none"  # fmt: skip
    packing: Annotated[
        int, Field(ge=1, le=4),
        Knob(
            "discriminator", "Packing", "How many samples D judges together, as one (PacGAN). 1: off.",
            model="gan", unit="samples", applies=_is_not_the_dirac_games,
        ),
    ] = 1  # fmt: skip
    augment: Annotated[
        Augment,
        Knob(
            "discriminator", "Augmentation", "Random changes of every image that D sees, real and generated.",
            model="gan", choices=AUGMENTS, live=True, applies=is_images,
        ),
    ] = "none"  # fmt: skip
    augment_colour: Annotated[
        bool,
        Knob(
            "discriminator", "Augment colour", "Changes brightness, saturation and contrast.",
            model="gan", live=True, applies=_augments,
        ),
    ] = True  # fmt: skip
    augment_translation: Annotated[
        bool,
        Knob(
            "discriminator", "Augment place", "Shifts by up to an eighth of the side.",
            model="gan", live=True, applies=_augments,
        ),
    ] = True  # fmt: skip
    augment_cutout: Annotated[
        bool,
        Knob(
            "discriminator", "Augment cutout", "Blanks a square of half the side.",
            model="gan", live=True, applies=_augments,
        ),
    ] = True  # fmt: skip
    augment_target: Annotated[
        float, Field(ge=0.0, le=1.0),
        Knob(
            "discriminator", "ADA target", "Augments more while the mean sign of D's scores of real images is above "
            "this.",
            model="gan", live=True, applies=_augments_adaptively,
        ),
    ] = 0.6  # fmt: skip
    augment_steps: Annotated[
        Steps,
        Knob(
            "discriminator", "ADA speed", "How many updates of D it takes, at least, to raise the probability of a "
            "change from 0 to 1.",
            model="gan", unit="iterations", live=True, log=True, applies=_augments_adaptively,
        ),
    ] = 2_000  # fmt: skip
    optimizer_d: Annotated[
        Optimizer,
        Knob("discriminator", "Optimiser", "How the weights are changed by their gradient.", choices=OPTIMIZERS),
    ] = "adam"
    lr_d: Annotated[
        LearningRate,
        Knob(
            "discriminator",
            "Learning rate",
            "How far one update moves D, or a VAE's encoder.",
            live=True,
            common=True,
            log=True,
        ),
    ] = 1e-3
    beta1_d: Annotated[
        Beta,
        Knob(
            "discriminator", "beta1 / momentum",
            "How much of the last direction is kept (Adam's beta1, or the momentum).",
            live=True, applies=lambda e: e.optimizer_d in ("adam", "momentum"),
        ),
    ] = 0.5  # fmt: skip
    beta2_d: Annotated[
        Beta,
        Knob(
            "discriminator", "beta2 / alpha", "Memory of the squared gradient (Adam's beta2, RMSprop's alpha).",
            live=True, applies=lambda e: e.optimizer_d in ("adam", "rmsprop"),
        ),
    ] = 0.999  # fmt: skip
    schedule_d: Annotated[
        Schedule, Knob("discriminator", "Schedule", "How the learning rate falls during training.", choices=SCHEDULES)
    ] = "constant"
    schedule_steps_d: Annotated[
        Steps,
        Knob(
            "discriminator", "Schedule length",
            "Linear and cosine reach 0 after this many iterations; exponential falls to a tenth.",
            unit="iterations", log=True, applies=lambda e: e.schedule_d != "constant",
        ),
    ] = 20_000  # fmt: skip
    weight_decay_d: Annotated[
        float, Field(ge=0.0, le=1.0),
        Knob(
            "discriminator", "Weight decay", "Adds this multiple of each weight to its gradient: L2 regularisation. "
            "0: off.",
            live=True, log=True,
        ),
    ] = 0.0  # fmt: skip
    clip_norm_d: Annotated[
        float, Field(ge=0.0, le=1000.0),
        Knob(
            "discriminator", "Clip gradient's norm",
            "Shortens the gradient of D, or of a VAE's encoder, to this length if it is longer. 0: off.",
            live=True, log=True,
        ),
    ] = 0.0  # fmt: skip
    clip_value_d: Annotated[
        float, Field(ge=0.0, le=1000.0),
        Knob(
            "discriminator", "Clip gradient's values",
            "Clips each number of the gradient of D, or of a VAE's encoder, to [-c, c]. 0: off.",
            live=True, log=True,
        ),
    ] = 0.0  # fmt: skip
    n_critic: Annotated[
        int, Field(ge=1, le=20),
        Knob(
            "discriminator", "n_critic", "How many updates of D come before each update of G.",
            model="gan", unit="updates", live=True, common=True,
        ),
    ] = 1  # fmt: skip

"""The fields of an Experiment that say what the generator learns to imitate, and from which noise."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from ganlab.experiment.choices import CLASSES, DATA, IMAGE_SIZES, IMAGES, LATENTS, OWN, Data, ImageSize, Latents
from ganlab.experiment.settings import Knob, Settings

MOST_OWN_CLASSES = 20  # each is a row of a wall of samples


def is_images(e: DataSettings) -> bool:
    """Whether the data are images, rather than points."""
    return e.data in IMAGES


def classes_in(e: DataSettings) -> int:
    """How many classes the data consist of; 0 where they have none."""
    return e.own_classes if e.data in OWN else CLASSES.get(e.data, 0)


def _never(_: DataSettings) -> bool:
    return False


class DataSettings(Settings):
    """Data and noise."""

    data: Annotated[
        Data, Knob("data", "Real data", "What the generator learns to imitate.", choices=DATA, common=True)
    ] = "ring"
    own_data: Annotated[
        str, Field(pattern="^([0-9a-f]{64})?$"),
        Knob(
            "data", "Own data", "The points or images that you added, named by a digest of their content.",
            allowed="the 64 hexadecimal digits of a SHA-256 digest, or nothing",
            applies=_never,  # it is set by handing data in, not by typing
        ),
    ] = ""  # fmt: skip
    own_classes: Annotated[
        int, Field(ge=0, le=MOST_OWN_CLASSES),
        Knob(
            "data", "Own classes", "How many classes your own data have. 0: the data have no labels.",
            applies=_never,  # it is set by handing data in, not by typing
        ),
    ] = 0  # fmt: skip
    image_size: Annotated[
        ImageSize,
        Knob(
            "data", "Image size", "Height and width of the images. Images of another size are drawn or resized to it.",
            unit="pixels", choices=IMAGE_SIZES, applies=is_images,
        ),
    ] = 0  # fmt: skip
    latent_dim: Annotated[
        int, Field(ge=1, le=256),
        Knob("data", "Latent dimension", "How many random numbers z the generator starts from."),
    ] = 16  # fmt: skip
    latent_distribution: Annotated[
        Latents, Knob("data", "Latent distribution", "Where z is drawn from.", choices=LATENTS)
    ] = "normal"
    batch_size: Annotated[
        int, Field(ge=2, le=4096),
        Knob("data", "Batch size", "Real and generated samples in each update.", unit="samples", common=True, log=True),
    ] = 256  # fmt: skip

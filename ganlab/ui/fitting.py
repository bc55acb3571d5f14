"""Which networks go with which data, and which discriminator goes with which loss."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ganlab.experiment import IMAGES, Experiment, is_images
from ganlab.experiment.choices import UNDOUBLED
from ganlab.experiment.loss import ENERGY_LOSSES
from ganlab.experiment.networks import autoencodes
from ganlab.presets import DEFAULT, PRESETS, Preset

# What fits points does not fit images: crossing over, these settings come from a preset of the new kind.
FITTED = (
    "generator", "discriminator", "g_norm", "d_norm", "g_width", "d_width", "g_channels", "d_channels", "init",
    "latent_dim", "batch_size", "lr_g", "lr_d", "beta1_g", "beta1_d", "beta2_g", "beta2_d", "optimizer_g",
    "optimizer_d", "ema_decay", "max_steps",
)  # fmt: skip
FITS_POINTS, FITS_IMAGES, FITS_DIRAC = DEFAULT, PRESETS["digits-dcgan"], PRESETS["dirac-minimax"]
FITS: Mapping[str, Preset] = {"mnist_10k": PRESETS["mnist"], "dirac": FITS_DIRAC}  # before what fits its sort of data


def with_what_fits(now: Experiment, name: str, value: Any) -> dict[str, Any]:
    """The change, with the networks that suit the data when it goes from points to images or back, and the loss."""
    if name == "loss" and (value in ENERGY_LOSSES) != (now.loss in ENERGY_LOSSES):
        other = (FITS_IMAGES if is_images(now) else FITS_POINTS).experiment.discriminator
        fitting = _autoencoder(value, is_images(now), now.image_size) if value in ENERGY_LOSSES else other
        return {name: value, "discriminator": fitting}
    if name == "discriminator" and autoencodes(value) != autoencodes(now.discriminator):
        return {name: value, "loss": "energy" if autoencodes(value) else FITS_POINTS.experiment.loss}
    if name != "data":
        return {name: value}
    suited = FITS.get(value, FITS_IMAGES if value in IMAGES else FITS_POINTS)
    chosen = {name: value, "own_data": "", "own_classes": 0}
    if _sort_of_data(suited.experiment) == _sort_of_data(now):
        return chosen
    chosen |= {field: getattr(suited.experiment, field) for field in FITTED}
    if autoencodes(now.discriminator):
        chosen["discriminator"] = _autoencoder(now.loss, value in IMAGES, now.image_size)
    return chosen


def _autoencoder(loss: str, images: bool, size: int) -> str:
    """BEGAN's samples of images are of use with convolutions alone, and those come in sizes that double."""
    return "conv_autoencoder" if loss == "began" and images and size != UNDOUBLED else "autoencoder"


def _sort_of_data(experiment: Experiment) -> str:
    """Data of one sort go with the same networks."""
    return "images" if is_images(experiment) else "dirac" if experiment.data == "dirac" else "points"

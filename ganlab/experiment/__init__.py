"""What can be chosen: one frozen, validated description of a training run.

Pages build their widgets from the fields of these modules, the command line reads the same JSON, a link carries
the same values, and a run replays from them. A field is declared once: its type and bounds, what it
is called, what it does, and whether it may change while the run trains.
"""

from __future__ import annotations

from functools import cache
from typing import Self

from pydantic import model_validator

from ganlab.experiment.choices import (
    DATA,
    GROUPS,
    IMAGES,
    POINTS_1D,
    POINTS_2D,
    UNDOUBLED,
    Group,
)
from ganlab.experiment.condition import ConditionSettings, has_codes, is_conditional, why_not
from ganlab.experiment.data import DataSettings, is_images
from ganlab.experiment.discriminator import DiscriminatorSettings
from ganlab.experiment.generator import GeneratorSettings
from ganlab.experiment.loss import ENERGY_LOSSES, LOSS_LABELS, LossSettings
from ganlab.experiment.networks import NETWORKS, autoencodes
from ganlab.experiment.settings import ExperimentError, Knob
from ganlab.experiment.training import TrainingSettings

__all__ = [
    "DEFAULTS", "GROUPS", "IMAGES", "LIVE_FIELDS", "POINTS_1D", "POINTS_2D", "Experiment", "ExperimentError", "Group",
    "Knob", "bounds", "fields_of", "has_codes", "is_conditional", "is_images", "knob",
]  # fmt: skip


class Experiment(
    TrainingSettings, LossSettings, DiscriminatorSettings, GeneratorSettings, ConditionSettings, DataSettings
):
    """All that is needed to reproduce one training run; frozen and validated.

    Its fields come in the order of the bases, the last one first.

    Raises:
        ExperimentError: through `Experiment.of`, `changed`, `from_json` and `from_link`, with a sentence
            that names the field, the value and what is allowed.
    """

    @model_validator(mode="after")
    def _networks_fit_the_data(self) -> Self:
        for role in ("generator", "discriminator"):
            network = NETWORKS[getattr(self, role)]
            if network.data in ("images", "doubling") and not is_images(self):
                raise ValueError(
                    f"{network.with_article} {role} works on images, but {DATA[self.data]} is made of points: "
                    f"choose an MLP {role}, or digits or shapes as the data."
                )
            if network.data == "doubling" and is_images(self) and self.image_size == UNDOUBLED:
                fitting = "CNN" if role == "discriminator" else "dense"
                raise ValueError(
                    f"{network.with_article} {role} doubles or halves the resolution, from or down to 4 or 7 "
                    f"pixels, and {UNDOUBLED} (image_size) is neither 4 nor 7 times a power of two: "
                    f"choose 64, or a {fitting} {role}."
                )
        return self

    @model_validator(mode="after")
    def _energies_come_from_an_autoencoder(self) -> Self:
        gives_energies, name = autoencodes(self.discriminator), LOSS_LABELS[self.loss]
        if self.model == "vae" and gives_energies:
            raise ValueError(
                "A VAE (model) builds its encoder like a discriminator that ends in one number. An autoencoder "
                "(discriminator) does not end in one number: choose another discriminator."
            )
        if self.model == "gan" and self.loss in ENERGY_LOSSES and not gives_energies:
            raise ValueError(
                f"The loss {name} measures how well D reconstructs a sample: choose an autoencoder as the "
                "discriminator, or another loss."
            )
        if self.model == "gan" and gives_energies and self.loss not in ENERGY_LOSSES:
            raise ValueError(
                f"An autoencoder (discriminator) gives energies, so D's score is never above 0. The loss {name} "
                "(loss) needs positive and negative scores: choose an energy loss (EBGAN or BEGAN), or another "
                "discriminator."
            )
        return self

    @model_validator(mode="after")
    def _a_vae_has_gaussian_latents(self) -> Self:
        if self.model == "vae" and self.latent_distribution != "normal":
            raise ValueError(
                "The KL term of a VAE (model) compares two Gaussians, so its latents must be Gaussian: choose the "
                "Gaussian latent distribution (latent_distribution)."
            )
        return self

    @model_validator(mode="after")
    def _the_dirac_game_is_played_as_it_is(self) -> Self:
        networks = NETWORKS[self.generator], NETWORKS[self.discriminator]
        together = (self.data == "dirac", *(network.data == "dirac" for network in networks))
        if any(together) and not all(together):
            raise ValueError(
                "The Dirac game needs three things: a point at 0 as the data (dirac), a point generator (point) and a "
                "linear discriminator (linear). Choose all three, or none of them."
            )
        if all(together) and (self.mistake != "none" or self.packing > 1 or self.model != "gan"):
            raise ValueError("The Dirac game has only two numbers: choose a GAN (model), packing 1 and no mistake.")
        return self

    @model_validator(mode="after")
    def _packs_fill_the_batch(self) -> Self:
        if self.batch_size % self.packing:
            fitting = self.batch_size // self.packing * self.packing
            raise ValueError(
                f"Packing (packing) puts {self.packing} samples together, but a batch of {self.batch_size} can't be "
                f"divided into such packs: choose a batch size of {max(fitting, self.packing)}, or another packing."
            )
        if self.packing == self.batch_size and self.d_norm == "batch" and self.knob("d_norm").applies(self):
            raise ValueError(
                f"Packing (packing) makes one sample of the whole batch of {self.batch_size}, so BatchNorm in D "
                "(d_norm) has nothing to average over: choose a larger batch size (batch_size), less packing, or "
                "another normalisation."
            )
        return self

    @model_validator(mode="after")
    def _what_is_asked_for_fits(self) -> Self:
        if sentence := why_not(self):
            raise ValueError(sentence)
        return self


DEFAULTS = Experiment()
# Each page asks for them hundreds of times, and the answers never change.
knob = cache(Experiment.knob)
bounds = cache(Experiment.bounds)
LIVE_FIELDS = tuple(name for name in Experiment.model_fields if knob(name).live)


@cache
def fields_of(group: Group) -> tuple[str, ...]:
    """The fields of one group, in the order a page shows them."""
    return tuple(name for name in Experiment.model_fields if knob(name).group == group)

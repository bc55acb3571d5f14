"""The fields of an Experiment that say what the generator is asked for beside noise: a class, codes, or both."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from ganlab.experiment.choices import CONDITIONS, DATA, Condition
from ganlab.experiment.data import classes_in
from ganlab.experiment.networks import autoencodes
from ganlab.experiment.ranges import Weight
from ganlab.experiment.settings import Knob, Settings


class ConditionSettings(Settings):
    """Classes and codes."""

    condition: Annotated[
        Condition,
        Knob(
            "data", "Condition", "Asks G for a class of the data. D is told the class, or has to recognise it.",
            model="gan", choices=CONDITIONS,
        ),
    ] = "none"  # fmt: skip
    info_categories: Annotated[
        int, Field(ge=0, le=20),
        Knob(
            "data", "InfoGAN categories",
            "G gets a code with this many values, and D must be able to read it from the sample. 0: off.",
            model="gan",
        ),
    ] = 0  # fmt: skip
    info_continuous: Annotated[
        int, Field(ge=0, le=4),
        Knob(
            "data", "InfoGAN dials",
            "G gets this many codes on [-1, 1], and D must be able to read them from the sample. 0: off.",
            model="gan",
        ),
    ] = 0  # fmt: skip
    info_weight: Annotated[
        Weight,
        Knob(
            "data", "InfoGAN weight", "Weight of the term that rewards samples from which their codes can be read.",
            model="gan", live=True, log=True, applies=lambda e: has_codes(e),
        ),
    ] = 1.0  # fmt: skip


def has_codes(e: ConditionSettings) -> bool:
    """Whether G is given codes that D must read off its samples: InfoGAN."""
    return e.info_categories > 0 or e.info_continuous > 0


def is_conditional(e: ConditionSettings) -> bool:
    """Whether G is given more than noise."""
    return e.condition != "none" or has_codes(e)


def why_not(e: Any) -> str | None:
    """Why what G is asked for does not go with the rest of the Experiment, in a sentence; None if it does."""
    if e.condition != "none" and not classes_in(e):
        return (
            f"Condition (condition) is {e.condition}, but {DATA[e.data]} has no classes to ask for: choose none, or "
            "data with classes, such as the ring, the handwritten digits or the shapes."
        )
    if e.info_categories == 1:
        return "A code with one category (info_categories) tells nothing: choose 0 for no code, or 2 to 20."
    if not is_conditional(e):
        return None
    asked = "a condition" if e.condition != "none" else "InfoGAN's codes"
    if e.model == "vae":
        return f"A VAE (model) gets only noise here, without {asked}: choose a GAN, or switch this off."
    if e.data == "dirac":
        return f"The Dirac game has only two numbers and no room for {asked}: choose none."
    if autoencodes(e.discriminator):
        return (
            f"An autoencoder (discriminator) gives energies and has no room for {asked}: choose another discriminator."
        )
    if e.packing > 1:
        return f"Packing (packing) shows D several samples as one. This does not work with {asked}: choose packing 1."
    if e.consensus_weight > 0:
        return f"Consensus optimisation (consensus_weight) does not work with {asked} here: set its weight to 0."
    if e.mistake != "none":
        return f"The mistakes of the clinic (mistake) work only without {asked}: choose no mistake, or switch this off."
    return None

"""The fields of an Experiment that set the game: the loss, and what regularises it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Field

from ganlab.experiment.choices import MODELS, Model
from ganlab.experiment.ranges import Weight
from ganlab.experiment.settings import Knob, Settings

LossName = Literal[
    "minimax", "non_saturating", "symmetric", "least_squares", "wasserstein", "hinge", "relativistic", "energy",
    "began",
]  # fmt: skip
LOSS_LABELS: Mapping[LossName, str] = {
    "minimax": "Minimax (saturating)",
    "non_saturating": "Non-saturating",
    "symmetric": "Symmetric (labels swapped)",
    "least_squares": "Least squares",
    "wasserstein": "Wasserstein",
    "hinge": "Hinge",
    "relativistic": "Relativistic pairing",
    "energy": "Energy (EBGAN)",
    "began": "Boundary equilibrium (BEGAN)",
}
ENERGY_LOSSES = ("energy", "began")  # in which D is an autoencoder

CosineOf = Literal["outputs", "centred", "features"]
COSINES_OF: Mapping[CosineOf, str] = {
    "outputs": "D's scores as they are",
    "centred": "D's scores, centred",
    "features": "D's last hidden features",
}


def _in_turns(e: Any) -> bool:
    """Whether G has updates of its own; in consensus optimisation both players move at once."""
    return bool(e.consensus_weight == 0)


class LossSettings(Settings):
    """Loss and regularisers."""

    model: Annotated[
        Model,
        Knob(
            "loss", "Model",
            "GAN: G plays against a discriminator. VAE (variational autoencoder): the same G is a decoder; its encoder "
            "is built like the discriminator and trained with its optimiser and learning rate.",
            choices=MODELS, common=True,
        ),
    ] = "gan"  # fmt: skip
    kl_weight: Annotated[
        Weight,
        Knob(
            "loss", "KL weight",
            "Weight of the term that keeps the encoder's latents like the noise that G gets (beta). 1: the true ELBO. "
            "Larger: the encoder's latents are more like this noise, but the samples are more blurred.",
            model="vae", live=True, log=True, common=True,
        ),
    ] = 1.0  # fmt: skip
    decoder_std: Annotated[
        float, Field(ge=1e-3, le=10.0),
        Knob(
            "loss", "Decoder sigma",
            "Standard deviation of the noise that the decoder is assumed to add. The smaller it is, the more exact a "
            "reconstruction must be. It is fixed, not learned, so you can see its effect.",
            unit="the data's units (pixels: -1 to 1)", model="vae", live=True, log=True, common=True,
        ),
    ] = 0.1  # fmt: skip
    loss: Annotated[
        LossName,
        Knob(
            "loss", "Loss", "The rules of the game: what each network is rewarded for.",
            choices=LOSS_LABELS, model="gan", live=True, common=True,
        ),
    ] = "non_saturating"  # fmt: skip
    energy_margin: Annotated[
        float, Field(gt=0.0, le=1000.0),
        Knob(
            "loss", "Margin", "D raises the energy of generated samples up to this value, and no further.",
            unit="mean squared error", model="gan", live=True, log=True, common=True,
            applies=lambda e: e.loss == "energy",
        ),
    ] = 1.0  # fmt: skip
    began_gamma: Annotated[
        float, Field(ge=0.0, le=1.0),
        Knob(
            "loss", "Diversity (gamma)",
            "The game is kept at this ratio: energy of generated samples divided by energy of real ones. Small: "
            "the samples are more alike.",
            model="gan", live=True, common=True, applies=lambda e: e.loss == "began",
        ),
    ] = 0.5  # fmt: skip
    began_rate: Annotated[
        float, Field(ge=0.0, le=1.0),
        Knob(
            "loss", "Balance rate (lambda)", "How fast k changes when the energies are not in balance.",
            model="gan", live=True, log=True, applies=lambda e: e.loss == "began",
        ),
    ] = 0.001  # fmt: skip
    gp_weight: Annotated[
        Weight,
        Knob(
            "loss", "WGAN-GP", "Weight of the penalty that keeps D's slope near 1 between real and generated samples. "
            "0: off.",
            model="gan", live=True, log=True,
        ),
    ] = 0.0  # fmt: skip
    r1_weight: Annotated[
        Weight,
        Knob(
            "loss", "R1 (gamma)", "Penalises D's slope at real samples: gamma/2 times its square. 0: off.",
            model="gan", live=True, log=True, common=True,
        ),
    ] = 0.0  # fmt: skip
    r2_weight: Annotated[
        Weight,
        Knob(
            "loss", "R2 (gamma)", "Penalises D's slope at generated samples: gamma/2 times its square. 0: off.",
            model="gan", live=True, log=True,
        ),
    ] = 0.0  # fmt: skip
    zero_gp_weight: Annotated[
        Weight,
        Knob(
            "loss", "Zero-centred GP",
            "Weight of the penalty on D's slope between real and generated samples. 0: off.",
            model="gan", live=True, log=True,
        ),
    ] = 0.0  # fmt: skip
    dragan_weight: Annotated[
        Weight,
        Knob(
            "loss", "DRAGAN",
            "Weight of the penalty that keeps D's slope near 1 around real samples. 0: off.",
            model="gan", live=True, log=True,
        ),
    ] = 0.0  # fmt: skip
    lecam_weight: Annotated[
        Weight,
        Knob(
            "loss", "LeCam",
            "Weight of the penalty that keeps D's scores of real samples near the average score of generated ones, "
            "and the other way round. 0: off.",
            model="gan", live=True, log=True,
        ),
    ] = 0.0  # fmt: skip
    history_weight: Annotated[
        Weight,
        Knob(
            "loss", "Historical averaging",
            "Pulls the weights of both networks towards their average over time. 0: off.",
            model="gan", live=True, log=True,
        ),
    ] = 0.0  # fmt: skip
    consensus_weight: Annotated[
        Weight,
        Knob(
            "loss", "Consensus",
            "Updates both networks at once, and also moves them towards where both gradients vanish. For small "
            "networks. 0: off.",
            model="gan", live=True, log=True,
        ),
    ] = 0.0  # fmt: skip
    weight_clip: Annotated[
        float, Field(ge=0.0, le=10.0),
        Knob(
            "loss", "Weight clipping", "Clips each of D's weights to [-c, c] after each update (WGAN). 0: off.",
            model="gan", live=True, log=True,
        ),
    ] = 0.0  # fmt: skip
    feature_matching: Annotated[
        Weight,
        Knob(
            "loss", "Feature matching",
            "Weight, in G's loss, of the distance between D's mean features of real and of generated samples. 0: off.",
            model="gan", live=True, log=True, applies=_in_turns,
        ),
    ] = 0.0  # fmt: skip
    cosine_weight: Annotated[
        Weight,
        Knob(
            "loss", "Cosine similarity",
            "Weight, in G's loss, of 1 minus the cosine between D's responses to real and to generated samples. 0: "
            "off.",
            model="gan", live=True, log=True, applies=_in_turns,
        ),
    ] = 0.0  # fmt: skip
    cosine_of: Annotated[
        CosineOf,
        Knob(
            "loss", "Cosine of", "Which of D's responses are compared.", choices=COSINES_OF,
            model="gan", live=True, applies=lambda e: _in_turns(e) and e.cosine_weight > 0,
        ),
    ] = "features"  # fmt: skip
    adversarial_weight: Annotated[
        float, Field(ge=0.0, le=1000.0),
        Knob(
            "loss", "Adversarial weight", "Weight of the loss chosen above among the terms of G's loss. 0: G learns "
            "from the other terms alone.",
            model="gan", live=True, applies=lambda e: _in_turns(e) and (e.feature_matching > 0 or e.cosine_weight > 0),
        ),
    ] = 1.0  # fmt: skip
    label_smoothing: Annotated[
        float, Field(ge=0.0, le=0.5),
        Knob(
            "loss", "Label smoothing", "D's target for real samples is 1 minus this, not 1 (one-sided). 0: off.",
            model="gan", live=True,
            applies=lambda e: e.loss in ("minimax", "non_saturating", "symmetric", "least_squares"),
        ),
    ] = 0.0  # fmt: skip
    instance_noise: Annotated[
        float, Field(ge=0.0, le=5.0),
        Knob(
            "loss", "Instance noise", "Gaussian noise that is added to every sample that D sees, real or generated. "
            "0: off.",
            unit="standard deviation", model="gan", live=True,
        ),
    ] = 0.0  # fmt: skip
    instance_noise_steps: Annotated[
        int, Field(ge=0, le=10_000_000),
        Knob(
            "loss", "Noise fades over", "Instance noise falls linearly to 0 over this many iterations. 0: it stays.",
            unit="iterations", model="gan", live=True, log=True, applies=lambda e: e.instance_noise > 0,
        ),
    ] = 0  # fmt: skip

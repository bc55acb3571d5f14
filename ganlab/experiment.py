"""What can be chosen: one frozen, validated description of a training run.

Pages build their widgets from the fields below, the command line reads the same JSON, a link carries
the same values, and a run replays from them. A field is declared once: its type and bounds, what it
is called, what it does, and whether it may change while the run trains.
"""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from ganlab.choices import (
    ACTIVATIONS,
    DATA,
    DEVICES,
    GROUPS,
    IMAGE_SIZES,
    IMAGES,
    INITS,
    LATENTS,
    LOSS_LABELS,
    NETWORKS,
    NORMS,
    OPTIMIZERS,
    POINTS_1D,
    POINTS_2D,
    SCHEDULES,
    Activation,
    Data,
    Device,
    Group,
    ImageSize,
    Init,
    Latents,
    LossName,
    Network,
    Norm,
    Optimizer,
    Schedule,
)
from ganlab.settings import ExperimentError, Knob, Settings

__all__ = [
    "DEFAULTS", "GROUPS", "IMAGES", "LIVE_FIELDS", "POINTS_1D", "POINTS_2D", "Experiment", "ExperimentError", "Group",
    "Knob", "bounds", "fields_of", "is_images", "knob",
]  # fmt: skip

LearningRate = Annotated[float, Field(ge=1e-7, le=10.0)]
Beta = Annotated[float, Field(ge=0.0, le=0.99999)]
Depth = Annotated[int, Field(ge=1, le=8)]
Width = Annotated[int, Field(ge=1, le=1024)]
Channels = Annotated[int, Field(ge=2, le=128)]
Steps = Annotated[int, Field(ge=1, le=10_000_000)]
Weight = Annotated[float, Field(ge=0.0, le=1000.0)]


def is_images(e: Experiment) -> bool:
    """Whether the data are images, rather than points."""
    return e.data in IMAGES


def _never(_: Experiment) -> bool:
    return False


def _g_is_mlp(e: Experiment) -> bool:
    return e.generator == "mlp"


def _d_is_mlp(e: Experiment) -> bool:
    return e.discriminator == "mlp"


class Experiment(Settings):
    """All that is needed to reproduce one training run; frozen and validated.

    Raises:
        ExperimentError: through `Experiment.of`, `changed`, `from_json` and `from_link`, with a sentence
            that names the field, the value and what is allowed.
    """

    # Data and noise
    data: Annotated[
        Data, Knob("data", "Real data", "What the generator learns to imitate.", choices=DATA, common=True)
    ] = "ring"
    own_data: Annotated[
        str, Field(pattern="^([0-9a-f]{64})?$"),
        Knob(
            "data", "Own data", "Names the points or images that were handed in, by a digest of their content.",
            allowed="the 64 hexadecimal digits of a SHA-256 digest, or nothing",
            applies=_never,  # it is set by handing data in, not by typing
        ),
    ] = ""  # fmt: skip
    image_size: Annotated[
        ImageSize,
        Knob(
            "data", "Image size", "Height and width. The data's own size, or drawn or resized to this one.",
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

    # Generator
    generator: Annotated[
        Network, Knob("generator", "Network", "The generator's architecture.", choices=NETWORKS, common=True)
    ] = "mlp"
    g_depth: Annotated[
        Depth, Knob("generator", "Hidden layers", "Dense layers between input and output.", applies=_g_is_mlp)
    ] = 2
    g_width: Annotated[
        Width, Knob("generator", "Width", "Units in each hidden layer.", unit="units", log=True, applies=_g_is_mlp)
    ] = 128
    g_channels: Annotated[
        Channels,
        Knob(
            "generator", "Base width", "Channels at the largest resolution; doubled each time the resolution halves.",
            unit="channels", log=True, applies=lambda e: e.generator == "dcgan",
        ),
    ] = 16  # fmt: skip
    g_activation: Annotated[
        Activation, Knob("generator", "Activation", "The non-linearity after each hidden layer.", choices=ACTIVATIONS)
    ] = "relu"
    g_norm: Annotated[
        Norm, Knob("generator", "Normalisation", "Rescales each hidden layer's activations.", choices=NORMS)
    ] = "none"
    optimizer_g: Annotated[
        Optimizer, Knob("generator", "Optimiser", "How a gradient becomes a change of weights.", choices=OPTIMIZERS)
    ] = "adam"
    lr_g: Annotated[
        LearningRate,
        Knob("generator", "Learning rate", "Size of the generator's steps.", live=True, common=True, log=True),
    ] = 1e-3
    beta1_g: Annotated[
        Beta,
        Knob(
            "generator", "beta1 / momentum", "How much of the last direction is kept (Adam's beta1, or the momentum).",
            live=True, applies=lambda e: e.optimizer_g in ("adam", "momentum"),
        ),
    ] = 0.5  # fmt: skip
    beta2_g: Annotated[
        Beta,
        Knob(
            "generator", "beta2 / alpha", "Memory of the squared gradient (Adam's beta2, RMSprop's alpha).",
            live=True, applies=lambda e: e.optimizer_g in ("adam", "rmsprop"),
        ),
    ] = 0.999  # fmt: skip
    schedule_g: Annotated[
        Schedule, Knob("generator", "Schedule", "How the learning rate falls with time.", choices=SCHEDULES)
    ] = "constant"
    schedule_steps_g: Annotated[
        Steps,
        Knob(
            "generator", "Schedule length", "Linear and cosine reach 0 here; exponential falls tenfold in this many.",
            unit="iterations", log=True, applies=lambda e: e.schedule_g != "constant",
        ),
    ] = 20_000  # fmt: skip
    ema_decay: Annotated[
        float, Field(ge=0.0, le=0.99999),
        Knob(
            "generator", "EMA of weights",
            "Shows a moving average of the generator's weights, steadier than the weights themselves. 0: off.",
        ),
    ] = 0.0  # fmt: skip

    # Discriminator
    discriminator: Annotated[
        Network, Knob("discriminator", "Network", "The discriminator's architecture.", choices=NETWORKS, common=True)
    ] = "mlp"
    d_depth: Annotated[
        Depth, Knob("discriminator", "Hidden layers", "Dense layers between input and output.", applies=_d_is_mlp)
    ] = 2
    d_width: Annotated[
        Width, Knob("discriminator", "Width", "Units in each hidden layer.", unit="units", log=True, applies=_d_is_mlp)
    ] = 128
    d_channels: Annotated[
        Channels,
        Knob(
            "discriminator", "Base width",
            "Channels at the largest resolution; doubled each time the resolution halves.",
            unit="channels", log=True, applies=lambda e: e.discriminator == "dcgan",
        ),
    ] = 16  # fmt: skip
    d_activation: Annotated[
        Activation,
        Knob("discriminator", "Activation", "The non-linearity after each hidden layer.", choices=ACTIVATIONS),
    ] = "leaky_relu"
    d_norm: Annotated[
        Norm, Knob("discriminator", "Normalisation", "Rescales each hidden layer's activations.", choices=NORMS)
    ] = "none"
    spectral_norm: Annotated[
        bool,
        Knob("discriminator", "Spectral norm", "Divides each weight matrix by its largest singular value (SNGAN)."),
    ] = False
    optimizer_d: Annotated[
        Optimizer, Knob("discriminator", "Optimiser", "How a gradient becomes a change of weights.", choices=OPTIMIZERS)
    ] = "adam"
    lr_d: Annotated[
        LearningRate,
        Knob("discriminator", "Learning rate", "Size of the discriminator's steps.", live=True, common=True, log=True),
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
        Schedule, Knob("discriminator", "Schedule", "How the learning rate falls with time.", choices=SCHEDULES)
    ] = "constant"
    schedule_steps_d: Annotated[
        Steps,
        Knob(
            "discriminator", "Schedule length",
            "Linear and cosine reach 0 here; exponential falls tenfold in this many.",
            unit="iterations", log=True, applies=lambda e: e.schedule_d != "constant",
        ),
    ] = 20_000  # fmt: skip
    n_critic: Annotated[
        int, Field(ge=1, le=20),
        Knob(
            "discriminator", "n_critic", "Discriminator updates for each generator update.",
            unit="updates", live=True, common=True,
        ),
    ] = 1  # fmt: skip

    # Loss and regularisers
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

    # Training
    init: Annotated[
        Init, Knob("training", "Initial weights", "How the weights of both networks are drawn.", choices=INITS)
    ] = "default"
    seed: Annotated[
        int, Field(ge=0, le=2**31 - 1),
        Knob("training", "Seed", "Same seed, same run, to the last bit (on the same machine's CPU).", common=True),
    ] = 0  # fmt: skip
    max_steps: Annotated[
        int, Field(ge=0, le=10_000_000),
        Knob("training", "Stop after", "The run finishes here. 0: it goes on until you stop it.", unit="iterations"),
    ] = 0  # fmt: skip
    device: Annotated[
        Device,
        Knob(
            "training", "Device", "Where it trains. Auto takes CUDA where there is one, then MPS, then the CPU.",
            choices=DEVICES,
        ),
    ] = "auto"  # fmt: skip

    @model_validator(mode="after")
    def _networks_fit_the_data(self) -> Self:
        for role in ("generator", "discriminator"):
            if getattr(self, role) == "dcgan" and not is_images(self):
                raise ValueError(
                    f"A DCGAN {role} works on images, but {DATA[self.data]} is made of points: "
                    f"choose an MLP {role}, or digits or shapes as the data."
                )
        return self


DEFAULTS = Experiment()
knob = Experiment.knob
bounds = Experiment.bounds
LIVE_FIELDS = tuple(name for name in Experiment.model_fields if knob(name).live)


def fields_of(group: Group) -> tuple[str, ...]:
    """The fields of one group, in the order a page shows them."""
    return tuple(name for name in Experiment.model_fields if knob(name).group == group)

"""What can be chosen: one frozen, validated description of a training run.

Pages build their widgets from the fields below, the command line reads the same JSON, a link carries
the same values, and a run replays from them. A field is declared once: its type and bounds, what it
is called, what it does, and whether it may change while the run trains.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal, Self, get_args, get_origin

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

Group = Literal["data", "generator", "discriminator", "loss", "training"]
GROUPS: Mapping[Group, str] = {
    "data": "Data and noise",
    "generator": "Generator",
    "discriminator": "Discriminator",
    "loss": "Loss and regularisers",
    "training": "Training",
}


class ExperimentError(ValueError):
    """A value that an Experiment does not take; the message says which, and what is allowed."""


def _always(_: Experiment) -> bool:
    return True


@dataclass(frozen=True)
class Knob:
    """How a field is shown to a person: everything about it that its type does not say."""

    group: Group
    label: str
    help: str
    unit: str = ""
    choices: Mapping[Any, str] = field(default_factory=dict)  # value -> what the page calls it
    live: bool = False  # may change while the run trains
    common: bool = False  # shown at once; the others are folded away
    log: bool = False  # spans orders of magnitude
    applies: Callable[[Experiment], bool] = _always  # False: this field has no effect here


POINTS_1D = ("mixture_1d",)
POINTS_2D = ("ring", "grid", "line", "two_gaussians", "blobs", "circle", "moons", "spiral")
IMAGES = ("digits", "shapes")

DATA = {
    "ring": "Ring of 8 Gaussians",
    "grid": "Grid of 25 Gaussians",
    "line": "Line",
    "two_gaussians": "Two Gaussians",
    "blobs": "Three blobs",
    "circle": "Circle",
    "moons": "Two moons",
    "spiral": "Spiral",
    "mixture_1d": "Two Gaussians in 1-D",
    "digits": "Handwritten digits",
    "shapes": "Coloured shapes",
}
NETWORKS = {"mlp": "MLP (dense layers)", "dcgan": "DCGAN (convolutions)"}
ACTIVATIONS = {"relu": "ReLU", "leaky_relu": "LeakyReLU 0.2", "tanh": "tanh", "silu": "SiLU"}
NORMS = {"none": "none", "batch": "BatchNorm", "layer": "LayerNorm"}
OPTIMIZERS = {
    "adam": "Adam",
    "rmsprop": "RMSprop",
    "momentum": "SGD with momentum",
    "sgd": "SGD (plain gradient descent)",
}
SCHEDULES = {
    "constant": "constant",
    "linear": "linear to 0",
    "cosine": "cosine to 0",
    "exponential": "exponential, tenfold",
}

Network = Literal["mlp", "dcgan"]
Activation = Literal["relu", "leaky_relu", "tanh", "silu"]
Norm = Literal["none", "batch", "layer"]
Optimizer = Literal["adam", "rmsprop", "momentum", "sgd"]
Schedule = Literal["constant", "linear", "cosine", "exponential"]
LearningRate = Annotated[float, Field(ge=1e-7, le=10.0)]
Beta = Annotated[float, Field(ge=0.0, le=0.99999)]


def _g_is_mlp(e: Experiment) -> bool:
    return e.generator == "mlp"


def _d_is_mlp(e: Experiment) -> bool:
    return e.discriminator == "mlp"


class Experiment(BaseModel):
    """All that is needed to reproduce one training run; frozen and validated.

    Raises:
        ExperimentError: through `Experiment.of`, `from_json` and `from_link`, with a sentence that
            names the field, the value and what is allowed.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    # Data and noise
    data: Annotated[
        Literal[
            "ring", "grid", "line", "two_gaussians", "blobs", "circle", "moons", "spiral",
            "mixture_1d", "digits", "shapes",
        ],
        Knob("data", "Real data", "What the generator learns to imitate.", choices=DATA, common=True),
    ] = "ring"  # fmt: skip
    image_size: Annotated[
        Literal[0, 8, 16, 28, 32, 64],
        Knob(
            "data", "Image size", "Height and width. The data's own size, or drawn or resized to this one.",
            unit="pixels", choices={0: "the data's own", 8: "8", 16: "16", 28: "28", 32: "32", 64: "64"},
            applies=lambda e: e.data in IMAGES,
        ),
    ] = 0  # fmt: skip
    latent_dim: Annotated[
        int,
        Field(ge=1, le=256),
        Knob("data", "Latent dimension", "How many random numbers z the generator starts from."),
    ] = 16
    latent_distribution: Annotated[
        Literal["normal", "uniform"],
        Knob(
            "data", "Latent distribution", "Where z is drawn from.",
            choices={"normal": "Gaussian N(0, 1)", "uniform": "uniform on [-1, 1]"},
        ),
    ] = "normal"  # fmt: skip
    batch_size: Annotated[
        int,
        Field(ge=2, le=4096),
        Knob("data", "Batch size", "Real and generated samples in each update.", unit="samples", common=True, log=True),
    ] = 256

    # Generator
    generator: Annotated[
        Network, Knob("generator", "Network", "The generator's architecture.", choices=NETWORKS, common=True)
    ] = "mlp"
    g_depth: Annotated[
        int, Field(ge=1, le=8),
        Knob("generator", "Hidden layers", "Dense layers between input and output.", applies=_g_is_mlp),
    ] = 2  # fmt: skip
    g_width: Annotated[
        int, Field(ge=1, le=1024),
        Knob("generator", "Width", "Units in each hidden layer.", unit="units", log=True, applies=_g_is_mlp),
    ] = 128  # fmt: skip
    g_channels: Annotated[
        int, Field(ge=2, le=128),
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
        int, Field(ge=1, le=10_000_000),
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
        int, Field(ge=1, le=8),
        Knob("discriminator", "Hidden layers", "Dense layers between input and output.", applies=_d_is_mlp),
    ] = 2  # fmt: skip
    d_width: Annotated[
        int, Field(ge=1, le=1024),
        Knob("discriminator", "Width", "Units in each hidden layer.", unit="units", log=True, applies=_d_is_mlp),
    ] = 128  # fmt: skip
    d_channels: Annotated[
        int, Field(ge=2, le=128),
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
        int, Field(ge=1, le=10_000_000),
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
        Literal["minimax", "non_saturating", "least_squares", "wasserstein", "hinge", "relativistic"],
        Knob(
            "loss", "Loss", "The game's rules: what each network is rewarded for.", live=True, common=True,
            choices={
                "minimax": "Minimax (saturating)",
                "non_saturating": "Non-saturating",
                "least_squares": "Least squares",
                "wasserstein": "Wasserstein",
                "hinge": "Hinge",
                "relativistic": "Relativistic pairing",
            },
        ),
    ] = "non_saturating"  # fmt: skip
    gp_weight: Annotated[
        float, Field(ge=0.0, le=1000.0),
        Knob(
            "loss", "WGAN-GP", "Weight of the penalty that keeps D's slope near 1 between real and generated. 0: off.",
            live=True, log=True,
        ),
    ] = 0.0  # fmt: skip
    r1_weight: Annotated[
        float, Field(ge=0.0, le=1000.0),
        Knob(
            "loss", "R1 (gamma)", "Penalises D's slope at real samples: gamma/2 times its square. 0: off.",
            live=True, log=True, common=True,
        ),
    ] = 0.0  # fmt: skip
    r2_weight: Annotated[
        float, Field(ge=0.0, le=1000.0),
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
        Literal["default", "dcgan"],
        Knob(
            "training", "Initial weights", "How the weights of both networks are drawn.",
            choices={"default": "Kaiming uniform (PyTorch's default)", "dcgan": "N(0, 0.02) (DCGAN)"},
        ),
    ] = "default"  # fmt: skip
    seed: Annotated[
        int, Field(ge=0, le=2**31 - 1),
        Knob("training", "Seed", "Same seed, same run, to the last bit (on the same machine's CPU).", common=True),
    ] = 0  # fmt: skip
    max_steps: Annotated[
        int, Field(ge=0, le=10_000_000),
        Knob("training", "Stop after", "The run finishes here. 0: it goes on until you stop it.", unit="iterations"),
    ] = 0  # fmt: skip
    device: Annotated[
        Literal["auto", "cuda", "mps", "cpu"],
        Knob(
            "training", "Device", "Where it trains. Auto takes CUDA where there is one, then MPS, then the CPU.",
            choices={"auto": "auto", "cuda": "CUDA GPU", "mps": "Apple GPU (MPS)", "cpu": "CPU"},
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

    @classmethod
    def of(cls, **values: Any) -> Self:
        """An Experiment of these values, the defaults for the rest."""
        try:
            return cls.model_validate(values)
        except ValidationError as error:
            raise ExperimentError(_sentence(error)) from None

    def changed(self, **values: Any) -> Self:
        """A copy with these values, validated."""
        return type(self).of(**(self.model_dump() | values))

    def to_json(self) -> str:
        """Every field, indented, in the order of this file."""
        return self.model_dump_json(indent=2) + "\n"

    @classmethod
    def from_json(cls, text: str | bytes) -> Self:
        """The inverse of `to_json`; fields left out take their defaults."""
        try:
            values = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise ExperimentError(f"This is not JSON: {error}.") from None
        if not isinstance(values, dict):
            raise ExperimentError('An experiment is a JSON object such as {"data": "ring", "lr_g": 0.001}.')
        return cls.of(**{str(name): value for name, value in values.items()})

    def to_link(self) -> str:
        """The fields that differ from their defaults, as `data:grid,lr_g:0.0003`: for a page's address."""
        return ",".join(f"{name}:{json.dumps(value).strip(chr(34))}" for name, value in self.differences().items())

    @classmethod
    def from_link(cls, text: str) -> Self:
        """The inverse of `to_link`."""
        values: dict[str, Any] = {}
        for part in filter(None, text.split(",")):
            name, colon, value = part.partition(":")
            if not colon:
                raise ExperimentError(f'The link has "{part[:60]}" where a field such as lr_g:0.001 belongs.')
            values[name] = value if _is_text(name) else _number(value)
        return cls.of(**values)

    def differences(self, other: Experiment | None = None) -> dict[str, Any]:
        """The fields whose values differ from `other`'s (the defaults, if None)."""
        return {name: value for name, value in self if value != getattr(other or DEFAULTS, name)}


def knob(name: str) -> Knob:
    """How the field is shown. Raises KeyError for a name that is no field."""
    return next(note for note in Experiment.model_fields[name].metadata if isinstance(note, Knob))


def bounds(name: str) -> tuple[float, float]:
    """The smallest and largest value of a numeric field."""
    low, high = -math.inf, math.inf
    for note in Experiment.model_fields[name].metadata:
        low = getattr(note, "ge", low)
        high = getattr(note, "le", high)
        for inner in getattr(note, "metadata", ()):
            low, high = getattr(inner, "ge", low), getattr(inner, "le", high)
    return low, high


def fields_of(group: Group) -> tuple[str, ...]:
    """The fields of one group, in the order a page shows them."""
    return tuple(name for name in Experiment.model_fields if knob(name).group == group)


def is_images(experiment: Experiment) -> bool:
    """Whether the data are images, rather than points."""
    return experiment.data in IMAGES


def _is_text(name: str) -> bool:
    """Whether a field's values are words, so that a link's text is taken as it stands."""
    if name not in Experiment.model_fields:
        return True
    annotation = Experiment.model_fields[name].annotation
    return get_origin(annotation) is Literal and all(isinstance(value, str) for value in get_args(annotation))


def _number(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text


def _sentence(error: ValidationError) -> str:
    """What is wrong with the first bad field, as a person would say it."""
    first = error.errors()[0]
    if first["type"] == "value_error":
        return str(first["ctx"]["error"])
    name = str(first["loc"][0]) if first["loc"] else ""
    if name not in Experiment.model_fields:
        return f'There is no setting called "{name[:60]}". The settings are: {", ".join(Experiment.model_fields)}.'
    given = json.dumps(first["input"], default=str)[:60]
    if knob(name).choices:
        allowed = "one of " + ", ".join(map(str, knob(name).choices))
    elif Experiment.model_fields[name].annotation is bool:
        allowed = "true or false"
    else:
        low, high = bounds(name)
        kind = "a whole number" if Experiment.model_fields[name].annotation is int else "a number"
        allowed = f"{kind} from {low:g} to {high:,.10g}"
    return f"{knob(name).label} ({name}) is {given}, but must be {allowed}."


DEFAULTS = Experiment()
LIVE_FIELDS = tuple(name for name in Experiment.model_fields if knob(name).live)

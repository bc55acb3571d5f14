"""The architectures that can be chosen, and the settings that shape a network.

The classes of each architecture are in the module of its name: those of `dcgan` in ganlab/networks/dcgan.py.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal, get_args

from pydantic import Field

from ganlab.experiment.choices import ACTIVATIONS, NORMS, POOLINGS, Activation, Norm, Pooling
from ganlab.experiment.ranges import Channels, Depth, Width
from ganlab.experiment.settings import Knob, Settings

GeneratorNetwork = Literal[
    "mlp", "dense", "dcgan", "resnet", "r3gan", "stylegan", "point",
]  # fmt: skip
DiscriminatorNetwork = Literal[
    "mlp", "dense", "autoencoder", "conv_autoencoder", "cnn", "dcgan", "resnet", "r3gan", "linear",
]  # fmt: skip
Network = GeneratorNetwork | DiscriminatorNetwork


@dataclass(frozen=True)
class NetworkChoice:
    """An architecture as a person chooses it.

    Attributes:
        label: what the page calls it.
        settings: which of the settings below, named without g_ or d_, have an effect on it.
        data: what it makes or judges; "doubling": images whose side is 4 or 7 times a power of two.
        autoencodes: whether, as the discriminator, it gives energies instead of logits.
    """

    label: str
    settings: tuple[str, ...]
    data: Literal["any", "images", "doubling", "dirac"] = "any"
    autoencodes: bool = False

    @property
    def name(self) -> str:
        """The label without what it explains in brackets."""
        return self.label.partition(" (")[0]

    @property
    def with_article(self) -> str:
        """The name with "A" or "An" before it; names like R3GAN are spelt out when they are spoken."""
        heard_as_vowels = "AEIOU" if self.name[1:2].islower() else "AEFHILMNORSX"
        return f"{'An' if self.name[0] in heard_as_vowels else 'A'} {self.name}"


DENSE = ("depth", "width", "activation", "norm")
CONVOLUTIONS = ("channels", "activation", "norm")
NETWORKS: Mapping[Network, NetworkChoice] = {
    "mlp": NetworkChoice("MLP (dense layers)", (*DENSE, "minibatch")),
    "dense": NetworkChoice("Dense (widths that double)", (*DENSE, "minibatch")),
    "cnn": NetworkChoice(
        "CNN (with pooling and dropout)", (*DENSE, "channels", "pooling", "dropout", "minibatch"), data="images"
    ),
    "dcgan": NetworkChoice("DCGAN (convolutions)", (*CONVOLUTIONS, "minibatch"), data="doubling"),
    "resnet": NetworkChoice(
        "ResNet (residual blocks)", (*CONVOLUTIONS, "self_attention", "minibatch"), data="doubling"
    ),
    "r3gan": NetworkChoice("R3GAN (no normalisation)", ("channels", "activation", "minibatch"), data="doubling"),
    "autoencoder": NetworkChoice("Autoencoder (energies)", (*DENSE, "code"), autoencodes=True),
    "conv_autoencoder": NetworkChoice(
        "Convolutional autoencoder (energies)", (*CONVOLUTIONS, "code"), data="doubling", autoencodes=True
    ),
    "stylegan": NetworkChoice(
        "StyleGAN (styles and noise)", ("depth", "width", "channels", "activation", "style_mixing"), data="doubling"
    ),
    "point": NetworkChoice("Point (one number)", (), data="dirac"),
    "linear": NetworkChoice("Linear (one slope)", (), data="dirac"),
}
GENERATORS: Mapping[GeneratorNetwork, str] = {name: NETWORKS[name].label for name in get_args(GeneratorNetwork)}
DISCRIMINATORS: Mapping[DiscriminatorNetwork, str] = {
    name: NETWORKS[name].label for name in get_args(DiscriminatorNetwork)
}


def g_has(setting: str) -> Callable[[Any], bool]:
    """Tells of an Experiment whether this setting has an effect on its generator."""
    return lambda e: setting in NETWORKS[e.generator].settings


def d_has(setting: str) -> Callable[[Any], bool]:
    """Tells of an Experiment whether this setting has an effect on its discriminator."""
    return lambda e: setting in NETWORKS[e.discriminator].settings


def autoencodes(network: DiscriminatorNetwork) -> bool:
    """Whether this discriminator gives energies, which go with the energy losses alone."""
    return NETWORKS[network].autoencodes


class GeneratorNetworkSettings(Settings):
    """The generator's network."""

    generator: Annotated[
        GeneratorNetwork,
        Knob("generator", "Network", "The generator's architecture.", choices=GENERATORS, common=True),
    ] = "mlp"
    g_depth: Annotated[
        Depth,
        Knob(
            "generator", "Hidden layers", "Dense layers between input and output. In a StyleGAN, these layers make "
            "the styles.",
            applies=g_has("depth"),
        ),
    ] = 2  # fmt: skip
    g_width: Annotated[
        Width,
        Knob(
            "generator", "Width", "Units in each hidden layer. In Dense, units in the first one: the later ones are "
            "wider.",
            unit="units", log=True, applies=g_has("width"),
        ),
    ] = 128  # fmt: skip
    g_channels: Annotated[
        Channels,
        Knob(
            "generator", "Base width", "Channels at the largest resolution; doubled each time the resolution halves.",
            unit="channels", log=True, applies=g_has("channels"),
        ),
    ] = 16  # fmt: skip
    g_activation: Annotated[
        Activation,
        Knob(
            "generator", "Activation", "The non-linearity after each hidden layer.", choices=ACTIVATIONS,
            applies=g_has("activation"),
        ),
    ] = "relu"  # fmt: skip
    g_norm: Annotated[
        Norm,
        Knob(
            "generator", "Normalisation", "Rescales each hidden layer's activations.", choices=NORMS,
            applies=g_has("norm"),
        ),
    ] = "none"  # fmt: skip
    self_attention: Annotated[
        bool,
        Knob(
            "generator", "Self-attention", "For ResNets, in G and D: connects places of an image that are far from "
            "each other.",
            applies=lambda e: g_has("self_attention")(e) or d_has("self_attention")(e),
        ),
    ] = False  # fmt: skip
    style_mixing: Annotated[
        float, Field(ge=0.0, le=1.0),
        Knob(
            "generator", "Style mixing", "Share of training samples whose later layers get the style of another "
            "latent.",
            applies=g_has("style_mixing"),
        ),
    ] = 0.5  # fmt: skip


class DiscriminatorNetworkSettings(Settings):
    """The discriminator's network."""

    discriminator: Annotated[
        DiscriminatorNetwork,
        Knob(
            "discriminator", "Network", "The architecture of D, or of a VAE's encoder.", choices=DISCRIMINATORS,
            common=True,
        ),
    ] = "mlp"  # fmt: skip
    d_depth: Annotated[
        Depth,
        Knob(
            "discriminator", "Hidden layers", "Dense layers between input and output; in a CNN, convolutions.",
            applies=d_has("depth"),
        ),
    ] = 2  # fmt: skip
    d_width: Annotated[
        Width,
        Knob(
            "discriminator", "Width",
            "Units in each hidden layer. In Dense, units in the last one; in a CNN, in its dense layer.",
            unit="units", log=True, applies=d_has("width"),
        ),
    ] = 128  # fmt: skip
    d_code: Annotated[
        int, Field(ge=1, le=256),
        Knob(
            "discriminator", "Code", "How many numbers connect the autoencoder's two halves.", unit="units", log=True,
            applies=d_has("code"),
        ),
    ] = 16  # fmt: skip
    d_channels: Annotated[
        Channels,
        Knob(
            "discriminator", "Base width",
            "Channels at the largest resolution; doubled each time the resolution halves.",
            unit="channels", log=True, applies=d_has("channels"),
        ),
    ] = 16  # fmt: skip
    d_activation: Annotated[
        Activation,
        Knob(
            "discriminator", "Activation", "The non-linearity after each hidden layer.", choices=ACTIVATIONS,
            applies=d_has("activation"),
        ),
    ] = "leaky_relu"  # fmt: skip
    d_norm: Annotated[
        Norm,
        Knob(
            "discriminator", "Normalisation", "Rescales each hidden layer's activations.", choices=NORMS,
            applies=d_has("norm"),
        ),
    ] = "none"  # fmt: skip
    pooling: Annotated[
        Pooling,
        Knob(
            "discriminator", "Pooling", "How the CNN makes feature maps smaller.", choices=POOLINGS,
            applies=d_has("pooling"),
        ),
    ] = "max"  # fmt: skip
    dropout: Annotated[
        float, Field(ge=0.0, le=0.9),
        Knob(
            "discriminator", "Dropout", "Share of a layer's activations that are set to 0 at random in each update. "
            "0: off.",
            applies=d_has("dropout"),
        ),
    ] = 0.3  # fmt: skip

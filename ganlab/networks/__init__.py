"""Generators and discriminators, built from an Experiment.

An architecture is declared in the module of its name: `dcgan` in ganlab/networks/dcgan.py.
"""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from importlib import import_module
from typing import Any

import torch
from torch import nn

from ganlab.experiment import Experiment, is_conditional
from ganlab.experiment.codes import class_count
from ganlab.experiment.networks import NETWORKS, Network
from ganlab.networks.architecture import Architecture, Player, Shape
from ganlab.networks.conditional import ConditionalDiscriminator
from ganlab.networks.discriminator import Discriminator
from ganlab.networks.encoder import Encoder
from ganlab.networks.init import built
from ganlab.networks.minibatch import MINIBATCH

__all__ = [
    "ARCHITECTURES",
    "MINIBATCH",
    "Architecture",
    "Discriminator",
    "Encoder",
    "Player",
    "build_discriminator",
    "build_encoder",
    "build_generator",
    "discriminator_call",
    "discriminator_of",
    "generator_call",
    "generator_of",
    "parameter_count",
    "source",
]

ARCHITECTURES: Mapping[Network, Architecture] = {
    name: import_module(f"ganlab.networks.{name}").ARCHITECTURE for name in NETWORKS
}


def generator_of(e: Experiment) -> Player[nn.Module]:
    """The Experiment's generator, as its architecture declares it."""
    player = ARCHITECTURES[e.generator].generator
    assert player is not None, f"{e.generator} declares no generator"
    return player


def discriminator_of(e: Experiment) -> Player[Discriminator]:
    """The Experiment's discriminator, as its architecture declares it."""
    player = ARCHITECTURES[e.discriminator].discriminator
    assert player is not None, f"{e.discriminator} declares no discriminator"
    return player


def generator_call(e: Experiment, shape: Shape, chance: Any) -> tuple[type[nn.Module], tuple[Any, ...]]:
    """The generator's class and its arguments; `chance` is what stands for the generator that its layers draw from."""
    return generator_of(e).call(e, shape, chance)


def discriminator_call(e: Experiment, shape: Shape, chance: Any) -> tuple[type[Discriminator], tuple[Any, ...]]:
    """The class and arguments of the discriminator, or of what becomes a VAE's encoder, which sees each sample alone.

    `shape` is that of what it is shown, to which the class is added where it is told of it there.
    """
    if e.model == "vae":
        e = e.changed(d_minibatch="none")
    if e.condition == "concat":
        shape = (shape[0] + class_count(e), *shape[1:])
    return discriminator_of(e).call(e, shape, chance)


def build_generator(
    e: Experiment, shape: Shape, rng: torch.Generator, chance: torch.Generator | None = None
) -> nn.Module:
    """z (batch, input_dim) -> samples (batch, *shape); images end in a tanh, points are unbounded.

    `rng` (on the CPU) draws the weights; `chance` (on the device where it trains; `rng` if None) what layers draw
    in each training step.
    """
    network, arguments = generator_call(e, shape, chance or rng)
    return built(lambda: network(*arguments), e.init, rng)


def build_discriminator(
    e: Experiment, shape: Shape, rng: torch.Generator, chance: torch.Generator | None = None
) -> Discriminator:
    """What D sees (batch, *shape), a sample or a pack of them, -> logits (batch,); `rng` and `chance` as for G.

    In conditional runs it is a ConditionalDiscriminator.
    """
    network, arguments = discriminator_call(e, shape, chance or rng)

    def made() -> Discriminator:
        D = network(*arguments)
        if not is_conditional(e):
            return D
        return ConditionalDiscriminator(D, e.condition, class_count(e), e.info_categories, e.info_continuous)

    return built(made, e.init, rng, spectral_norm=e.spectral_norm)


def build_encoder(e: Experiment, shape: Shape, rng: torch.Generator, chance: torch.Generator | None = None) -> Encoder:
    """A VAE's encoder, built as the Experiment's discriminator: x (batch, *shape) -> means and log variances of z."""
    network, arguments = discriminator_call(e, shape, chance or rng)
    return built(lambda: Encoder(network(*arguments), e.latent_dim), e.init, rng, spectral_norm=e.spectral_norm)


def source(*classes: type[nn.Module]) -> str:
    """The Python of a network's classes, as it runs."""
    return "\n\n".join(map(inspect.getsource, classes))


def parameter_count(net: nn.Module) -> int:
    """How many numbers training adjusts."""
    return sum(weight.numel() for weight in net.parameters() if weight.requires_grad)

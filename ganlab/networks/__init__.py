"""Generators and discriminators, built from an Experiment."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from dataclasses import dataclass

import torch
from torch import nn

from ganlab.experiment import Experiment
from ganlab.networks.dcgan import DCGANDiscriminator, DCGANGenerator
from ganlab.networks.discriminator import Discriminator
from ganlab.networks.init import built
from ganlab.networks.minibatch import MINIBATCH
from ganlab.networks.mlp import MLPDiscriminator, MLPGenerator

__all__ = [
    "MINIBATCH",
    "NETWORK_NOTES",
    "Discriminator",
    "NetworkNote",
    "build_discriminator",
    "build_generator",
    "parameter_count",
    "source",
]


def build_generator(e: Experiment, shape: tuple[int, ...], rng: torch.Generator) -> nn.Module:
    """z (batch, latent_dim) -> samples (batch, *shape); images end in a tanh, points are unbounded."""

    def network() -> nn.Module:
        if e.generator == "dcgan":
            return DCGANGenerator(e.latent_dim, shape, e.g_channels, e.g_activation, e.g_norm)
        return MLPGenerator(e.latent_dim, shape, e.g_depth, e.g_width, e.g_activation, e.g_norm)

    return built(network, e.init, rng)


def build_discriminator(e: Experiment, shape: tuple[int, ...], rng: torch.Generator) -> Discriminator:
    """What D sees (batch, *shape), a sample or a pack of them, -> logits (batch,)."""

    def network() -> Discriminator:
        if e.discriminator == "dcgan":
            return DCGANDiscriminator(shape, e.d_channels, e.d_activation, e.d_norm, e.d_minibatch)
        return MLPDiscriminator(shape, e.d_depth, e.d_width, e.d_activation, e.d_norm, e.d_minibatch)

    return built(network, e.init, rng, spectral_norm=e.spectral_norm)


def parameter_count(net: nn.Module) -> int:
    """How many numbers training adjusts."""
    return sum(weight.numel() for weight in net.parameters() if weight.requires_grad)


@dataclass(frozen=True)
class NetworkNote:
    """What a page says about an architecture, and the classes whose source it shows."""

    title: str
    reference: str
    intuition: str
    generator: type[nn.Module]
    discriminator: type[nn.Module]


NETWORK_NOTES: Mapping[str, NetworkNote] = {
    "mlp": NetworkNote(
        title="Multi-layer perceptron",
        reference="Goodfellow et al. 2014, Generative Adversarial Nets",
        intuition="Every unit sees everything: right for points, blind to which pixels are neighbours.",
        generator=MLPGenerator,
        discriminator=MLPDiscriminator,
    ),
    "dcgan": NetworkNote(
        title="Deep convolutional GAN",
        reference="Radford et al. 2016, Unsupervised Representation Learning with DCGANs",
        intuition="Small filters slide over the image, so what is learnt in one place serves everywhere.",
        generator=DCGANGenerator,
        discriminator=DCGANDiscriminator,
    ),
}


def source(network: type[nn.Module]) -> str:
    """The Python of a network's class, as it runs."""
    return inspect.getsource(network)

"""Generators and discriminators, built from an Experiment."""

from __future__ import annotations

import math

import torch
from torch import nn

from ganlab.experiment import Experiment, is_conditional
from ganlab.experiment.choices import Minibatch
from ganlab.experiment.codes import class_count, input_dim
from ganlab.networks.autoencoder import AutoencoderDiscriminator, ConvAutoencoderDiscriminator
from ganlab.networks.cnn import CNNDiscriminator
from ganlab.networks.conditional import ConditionalDiscriminator
from ganlab.networks.dcgan import DCGANDiscriminator, DCGANGenerator
from ganlab.networks.dense import DenseDiscriminator, DenseGenerator
from ganlab.networks.dirac import LinearDiscriminator, PointGenerator
from ganlab.networks.discriminator import Discriminator
from ganlab.networks.encoder import Encoder
from ganlab.networks.init import built
from ganlab.networks.minibatch import MINIBATCH
from ganlab.networks.mlp import MLPDiscriminator, MLPGenerator
from ganlab.networks.network_notes import NETWORK_NOTES, NetworkNote, source
from ganlab.networks.r3gan import R3GANDiscriminator, R3GANGenerator
from ganlab.networks.resnet import ResNetDiscriminator, ResNetGenerator
from ganlab.networks.stylegan import StyleGANGenerator

__all__ = [
    "MINIBATCH",
    "NETWORK_NOTES",
    "Discriminator",
    "Encoder",
    "NetworkNote",
    "build_discriminator",
    "build_encoder",
    "build_generator",
    "parameter_count",
    "source",
]


def build_generator(
    e: Experiment, shape: tuple[int, ...], rng: torch.Generator, chance: torch.Generator | None = None
) -> nn.Module:
    """z (batch, input_dim) -> samples (batch, *shape); images end in a tanh, points are unbounded.

    `rng` (on the CPU) draws the weights; `chance` (on the device where it trains; `rng` if None) what layers draw
    in each training step.
    """
    z, act, norm, drawn = input_dim(e), e.g_activation, e.g_norm, chance or rng

    def network() -> nn.Module:
        match e.generator:
            case "mlp":
                return MLPGenerator(z, shape, e.g_depth, e.g_width, act, norm)
            case "dense":
                return DenseGenerator(z, shape, e.g_depth, e.g_width, act, norm)
            case "dcgan":
                return DCGANGenerator(z, shape, e.g_channels, act, norm)
            case "resnet":
                return ResNetGenerator(z, shape, e.g_channels, act, norm, e.self_attention)
            case "r3gan":
                return R3GANGenerator(z, shape, e.g_channels, act)
            case "stylegan":
                return StyleGANGenerator(z, shape, e.g_depth, e.g_width, e.g_channels, act, e.style_mixing, drawn)
            case "point":
                return PointGenerator(math.prod(shape))

    return built(network, e.init, rng)


def build_discriminator(
    e: Experiment, shape: tuple[int, ...], rng: torch.Generator, chance: torch.Generator | None = None
) -> Discriminator:
    """What D sees (batch, *shape), a sample or a pack of them, -> logits (batch,); `rng` and `chance` as for G.

    In conditional runs it is a ConditionalDiscriminator.
    """
    if e.condition == "concat":
        shape = (shape[0] + class_count(e), *shape[1:])

    def network() -> Discriminator:
        D = _discriminator(e, shape, e.d_minibatch, chance or rng)
        if not is_conditional(e):
            return D
        return ConditionalDiscriminator(D, e.condition, class_count(e), e.info_categories, e.info_continuous)

    return built(network, e.init, rng, spectral_norm=e.spectral_norm)


def build_encoder(
    e: Experiment, shape: tuple[int, ...], rng: torch.Generator, chance: torch.Generator | None = None
) -> Encoder:
    """A VAE's encoder, built as the Experiment's discriminator: x (batch, *shape) -> means and log variances of z."""
    network = lambda: Encoder(_discriminator(e, shape, "none", chance or rng), e.latent_dim)
    return built(network, e.init, rng, spectral_norm=e.spectral_norm)


def _discriminator(
    e: Experiment, shape: tuple[int, ...], minibatch: Minibatch, chance: torch.Generator
) -> Discriminator:
    act, norm = e.d_activation, e.d_norm
    match e.discriminator:
        case "mlp":
            return MLPDiscriminator(shape, e.d_depth, e.d_width, act, norm, minibatch)
        case "dense":
            return DenseDiscriminator(shape, e.d_depth, e.d_width, act, norm, minibatch)
        case "cnn":
            return CNNDiscriminator(
                shape, e.d_depth, e.d_channels, e.d_width, act, norm, minibatch, e.pooling, e.dropout, chance
            )
        case "dcgan":
            return DCGANDiscriminator(shape, e.d_channels, act, norm, minibatch)
        case "resnet":
            return ResNetDiscriminator(shape, e.d_channels, act, norm, minibatch, e.self_attention)
        case "r3gan":
            return R3GANDiscriminator(shape, e.d_channels, act, minibatch)
        case "autoencoder":
            return AutoencoderDiscriminator(shape, e.d_depth, e.d_width, e.d_code, act, norm)
        case "conv_autoencoder":
            return ConvAutoencoderDiscriminator(shape, e.d_channels, e.d_code, act, norm)
        case "linear":
            return LinearDiscriminator(math.prod(shape))


def parameter_count(net: nn.Module) -> int:
    """How many numbers training adjusts."""
    return sum(weight.numel() for weight in net.parameters() if weight.requires_grad)

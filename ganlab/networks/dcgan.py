"""Convolutional networks for images of 8 to 64 pixels: DCGAN (Radford et al. 2016, section 3 and figure 1)."""

from __future__ import annotations

from torch import nn

from ganlab.experiment.choices import Activation, Minibatch, Norm
from ganlab.experiment.codes import input_dim
from ganlab.networks.architecture import Architecture, Player
from ganlab.networks.discriminator import Discriminator
from ganlab.networks.layers import ChannelsLast, activation, normalisation_2d
from ganlab.networks.minibatch import minibatch_layer


def first_size(size: int) -> int:
    """The side of the smallest feature map: 4, or 7 where the image's side is 7 times a power of two."""
    return 7 if size % 7 == 0 else 4


def doublings(size: int) -> int:
    """How often the smallest feature map must be doubled to reach the image's size."""
    return (size // first_size(size)).bit_length() - 1


class DCGANGenerator(nn.Sequential):
    """Transposed convolutions that double the resolution and halve the channels, from 4x4 up to the image.

    z (batch, latent_dim) -> (batch, channels, size, size) in [-1, 1]
    """

    def __init__(self, latent_dim: int, shape: tuple[int, ...], width: int, act: Activation, norm: Norm):
        colours, size, _ = shape
        bias = norm != "batch"  # BatchNorm subtracts a constant again
        side, channels = first_size(size), width * 2 ** (doublings(size) - 1)
        layers: list[nn.Module] = [
            nn.Linear(latent_dim, channels * side * side, bias=bias),
            nn.Unflatten(1, (channels, side, side)),
            ChannelsLast(),
            *normalisation_2d(norm, channels),
            activation(act),
        ]
        while channels > width:
            layers += [
                nn.ConvTranspose2d(channels, channels // 2, kernel_size=4, stride=2, padding=1, bias=bias),
                *normalisation_2d(norm, channels // 2),
                activation(act),
            ]
            channels //= 2
        layers += [nn.ConvTranspose2d(width, colours, kernel_size=4, stride=2, padding=1), nn.Tanh()]
        super().__init__(*layers)


class DCGANDiscriminator(Discriminator):
    """Strided convolutions that halve the resolution and double the channels, down to 4x4 and one logit.

    x (batch, channels, size, size) -> logits (batch,); normalised after each convolution but the first.
    """

    def __init__(self, shape: tuple[int, ...], width: int, act: Activation, norm: Norm, minibatch: Minibatch):
        colours, size, _ = shape
        bias = norm != "batch"  # BatchNorm subtracts a constant again
        layers: list[nn.Module] = [
            ChannelsLast(),
            nn.Conv2d(colours, width, kernel_size=4, stride=2, padding=1),
            activation(act),
        ]
        channels = width
        for _ in range(doublings(size) - 1):
            layers += [
                nn.Conv2d(channels, channels * 2, kernel_size=4, stride=2, padding=1, bias=bias),
                *normalisation_2d(norm, channels * 2),
                activation(act),
            ]
            channels *= 2
        side = first_size(size)
        if minibatch == "discrimination":
            extra, features = minibatch_layer(minibatch, channels * side * side)
            layers += [nn.Flatten(), *extra, nn.Linear(features, 1)]
        else:
            extra, features = minibatch_layer(minibatch, channels)
            layers += [*extra, nn.Conv2d(features, 1, kernel_size=side)]
        layers += [nn.Flatten(0)]
        super().__init__(*layers)


ARCHITECTURE = Architecture(
    title="Deep convolutional GAN",
    reference="Radford et al. 2016, Unsupervised Representation Learning with DCGANs",
    intuition="Small filters slide over the image, so what they learn in one place works everywhere.",
    generator=Player(
        DCGANGenerator,
        lambda e, shape: (input_dim(e), shape, e.g_channels, e.g_activation, e.g_norm),
        widest=lambda e, shape: e.g_channels * (shape[-1] // 2) ** 2,
    ),
    discriminator=Player(
        DCGANDiscriminator,
        lambda e, shape: (shape, e.d_channels, e.d_activation, e.d_norm, e.d_minibatch),
        widest=lambda e, shape: e.d_channels * (shape[-1] // 2) ** 2,
    ),
)

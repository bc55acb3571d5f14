"""Residual networks for images of 8 to 64 pixels: SNGAN's (Miyato et al. 2018, appendix B.4), with SAGAN's attention.

At 64 pixels and without attention the blocks are those of pfnet-research/sngan_projection's resnet_64 and snresnet_64.
"""

from __future__ import annotations

from itertools import pairwise

from torch import Tensor, nn

from ganlab.experiment.choices import Activation, Minibatch, Norm
from ganlab.experiment.codes import input_dim
from ganlab.networks.architecture import Architecture, Player
from ganlab.networks.attention import SelfAttention, attended_size
from ganlab.networks.dcgan import doublings, first_size
from ganlab.networks.discriminator import Discriminator
from ganlab.networks.layers import ChannelsLast, activation, normalisation_2d
from ganlab.networks.minibatch import minibatch_layer


class UpBlock(nn.Module):
    """A residual block that doubles the resolution (Miyato et al. 2018, appendix B.4).

    (batch, inputs, height, width) -> (batch, outputs, 2 height, 2 width)
    """

    def __init__(self, inputs: int, outputs: int, act: Activation, norm: Norm) -> None:
        super().__init__()
        self.shortcut = nn.Sequential(nn.Conv2d(inputs, outputs, kernel_size=1), nn.Upsample(scale_factor=2))
        self.residual = nn.Sequential(
            *normalisation_2d(norm, inputs),
            activation(act, inplace=False),  # the shortcut needs its input too
            nn.Upsample(scale_factor=2),
            nn.Conv2d(inputs, outputs, kernel_size=3, padding=1),
            *normalisation_2d(norm, outputs),
            activation(act),
            nn.Conv2d(outputs, outputs, kernel_size=3, padding=1),
        )

    def forward(self, x: Tensor) -> Tensor:
        y: Tensor = self.shortcut(x) + self.residual(x)
        return y


class DownBlock(nn.Module):
    """A residual block that halves the resolution (Miyato et al. 2018, appendix B.4).

    (batch, inputs, height, width) -> (batch, outputs, height / 2, width / 2), rounded down. The first block of D
    convolves the image before any non-linearity.
    """

    def __init__(self, inputs: int, outputs: int, act: Activation, norm: Norm, *, first: bool = False) -> None:
        super().__init__()
        before = [] if first else [*normalisation_2d(norm, inputs), activation(act, inplace=False)]
        self.shortcut = nn.Sequential(nn.AvgPool2d(2), nn.Conv2d(inputs, outputs, kernel_size=1))
        self.residual = nn.Sequential(
            *before,
            nn.Conv2d(inputs, outputs, kernel_size=3, padding=1),
            *normalisation_2d("none" if first else norm, outputs),
            activation(act),
            nn.Conv2d(outputs, outputs, kernel_size=3, padding=1),
            nn.AvgPool2d(2),
        )

    def forward(self, x: Tensor) -> Tensor:
        y: Tensor = self.shortcut(x) + self.residual(x)
        return y


class SumPool(nn.Module):
    """The sum over all places of a feature map: (batch, channels, height, width) -> (batch, channels)."""

    def forward(self, x: Tensor) -> Tensor:
        return x.sum(dim=(2, 3))


class ResNetGenerator(nn.Sequential):
    """Residual blocks that double the resolution and halve the channels, from 4x4 up to the image.

    z (batch, latent_dim) -> (batch, channels, size, size) in [-1, 1]
    """

    def __init__(
        self, latent_dim: int, shape: tuple[int, ...], width: int, act: Activation, norm: Norm, attention: bool
    ):
        colours, size, _ = shape
        channels = [width * 2**k for k in reversed(range(doublings(size) + 1))]
        side = first_size(size)
        layers: list[nn.Module] = [
            nn.Linear(latent_dim, channels[0] * side * side),
            nn.Unflatten(1, (channels[0], side, side)),
            ChannelsLast(),
        ]
        for inputs, outputs in pairwise(channels):
            if attention and side == attended_size(size):
                layers.append(SelfAttention(inputs))
            layers.append(UpBlock(inputs, outputs, act, norm))
            side *= 2
        layers += [*normalisation_2d(norm, width), activation(act)]
        layers += [nn.Conv2d(width, colours, kernel_size=3, padding=1), nn.Tanh()]
        super().__init__(*layers)


class ResNetDiscriminator(Discriminator):
    """Residual blocks that halve the resolution and double the channels; their sum over all places gives one logit.

    x (batch, channels, size, size) -> logits (batch,)
    """

    def __init__(
        self, shape: tuple[int, ...], width: int, act: Activation, norm: Norm, minibatch: Minibatch, attention: bool
    ):
        colours, size, _ = shape
        channels = [colours, *(width * 2**k for k in range(doublings(size) + 1))]
        layers: list[nn.Module] = [ChannelsLast()]
        side = size
        for inputs, outputs in pairwise(channels):
            layers.append(DownBlock(inputs, outputs, act, norm, first=side == size))
            side //= 2
            if attention and side == attended_size(size):
                layers.append(SelfAttention(outputs))
        extra, features = minibatch_layer(minibatch, channels[-1])
        layers += [activation(act), SumPool(), *extra, nn.Linear(features, 1), nn.Flatten(0)]
        super().__init__(*layers)


ARCHITECTURE = Architecture(
    title="Residual GAN",
    reference="Miyato et al. 2018, Spectral Normalization for GANs, appendix B.4; "
    "Zhang et al. 2019, Self-Attention GANs, equations 1 to 3",
    intuition="Each block only adds a correction to its input, so gradients pass through many layers without getting "
    "lost.",
    generator=Player(
        ResNetGenerator,
        lambda e, shape: (input_dim(e), shape, e.g_channels, e.g_activation, e.g_norm, e.self_attention),
        blocks=(UpBlock, SelfAttention),
    ),
    discriminator=Player(
        ResNetDiscriminator,
        lambda e, shape: (shape, e.d_channels, e.d_activation, e.d_norm, e.d_minibatch, e.self_attention),
        blocks=(DownBlock, SelfAttention),
    ),
)

"""A modern baseline without normalisation: R3GAN (Huang et al. 2024), at a size for a CPU.

Train it as the paper does: relativistic pairing loss, R1 and R2, a moving average of G's weights.
"""

from __future__ import annotations

import math
from itertools import pairwise

import torch
from torch import Tensor, nn

from ganlab.experiment.choices import Activation, Minibatch
from ganlab.experiment.codes import input_dim
from ganlab.networks.architecture import Architecture, Player
from ganlab.networks.dcgan import doublings, first_size
from ganlab.networks.discriminator import Discriminator
from ganlab.networks.layers import ChannelsLast, activation
from ganlab.networks.minibatch import minibatch_layer
from ganlab.networks.scaled import LEAKY_RELU_GAIN, ScaledConv2d, ScaledLinear, SelfDrawn

CARDINALITY = 8  # groups of the 3x3 convolution, or fewer where they don't divide its channels
EXPANSION = 2


class GroupedBlock(nn.Module):
    """A residual block: widen, convolve in groups, narrow; nothing normalises (Huang et al. 2024, section 3, config E).

    (batch, channels, height, width) -> the same shape. What keeps activations in bounds is the start: each of the
    `blocks` blocks of the network is the identity at first, and weights are smaller the more of them there are
    (Fixup: Zhang et al. 2019).
    """

    def __init__(self, channels: int, act: Activation, blocks: int) -> None:
        super().__init__()
        wide, gain = EXPANSION * channels, LEAKY_RELU_GAIN * blocks**-0.25
        self.residual = nn.Sequential(
            ScaledConv2d(channels, wide, kernel_size=1, gain=gain),
            activation(act),
            ScaledConv2d(wide, wide, kernel_size=3, gain=gain, groups=math.gcd(wide, CARDINALITY)),
            activation(act),
            ScaledConv2d(wide, channels, kernel_size=1, gain=0.0, bias=False),
        )

    def forward(self, x: Tensor) -> Tensor:
        y: Tensor = x + self.residual(x)
        return y


class Basis(SelfDrawn):
    """Learnt feature maps, each times what the latent says: z (batch, latent_dim) -> (batch, channels, side, side)."""

    def __init__(self, latent_dim: int, channels: int, side: int) -> None:
        super().__init__()
        self.maps = nn.Parameter(torch.empty(channels, side, side))
        self.amounts = ScaledLinear(latent_dim, channels, gain=1.0)

    @torch.no_grad()
    def draw_(self, rng: torch.Generator) -> None:
        self.maps.normal_(generator=rng)

    def forward(self, z: Tensor) -> Tensor:
        amounts: Tensor = self.amounts(z)
        return amounts[:, :, None, None] * self.maps


class R3GANGenerator(nn.Sequential):
    """A grouped block at each resolution; between them bilinear upsampling, which halves the channels.

    z (batch, latent_dim) -> (batch, channels, size, size) in [-1, 1]; the paper has no tanh at its end.
    """

    def __init__(self, latent_dim: int, shape: tuple[int, ...], width: int, act: Activation):
        colours, size, _ = shape
        channels = [width * 2**k for k in reversed(range(doublings(size) + 1))]
        blocks = len(channels)
        layers: list[nn.Module] = [
            Basis(latent_dim, channels[0], first_size(size)),
            ChannelsLast(),
            GroupedBlock(channels[0], act, blocks),
        ]
        for inputs, outputs in pairwise(channels):
            layers += [
                ScaledConv2d(inputs, outputs, kernel_size=1, gain=1.0, bias=False),
                nn.Upsample(scale_factor=2, mode="bilinear"),
                GroupedBlock(outputs, act, blocks),
            ]
        layers += [ScaledConv2d(width, colours, kernel_size=1, gain=1.0), nn.Tanh()]
        super().__init__(*layers)


class R3GANDiscriminator(Discriminator):
    """The generator's mirror image: bilinear downsampling doubles the channels, and at 4x4 a basis reads them out.

    x (batch, channels, size, size) -> logits (batch,)
    """

    def __init__(self, shape: tuple[int, ...], width: int, act: Activation, minibatch: Minibatch):
        colours, size, _ = shape
        channels = [width * 2**k for k in range(doublings(size) + 1)]
        blocks, last, side = len(channels), channels[-1], first_size(size)
        layers: list[nn.Module] = [
            ChannelsLast(),
            ScaledConv2d(colours, width, kernel_size=1, gain=1.0),
            GroupedBlock(width, act, blocks),
        ]
        for inputs, outputs in pairwise(channels):
            layers += [
                nn.AvgPool2d(2),  # of every 2x2 square, the bilinear value at its centre
                ScaledConv2d(inputs, outputs, kernel_size=1, gain=1.0, bias=False),
                GroupedBlock(outputs, act, blocks),
            ]
        extra, features = minibatch_layer(minibatch, last)
        layers += [
            nn.Conv2d(last, last, kernel_size=side, groups=last, bias=False),
            nn.Flatten(),
            *extra,
            nn.Linear(features, 1),
            nn.Flatten(0),
        ]
        super().__init__(*layers)


ARCHITECTURE = Architecture(
    title="R3GAN, small",
    reference="Huang et al. 2024, The GAN is dead; long live the GAN! A Modern Baseline GAN",
    intuition="Its loss converges, so it needs no normalisation and no tricks. Its residual blocks change nothing at "
    "the start.",
    generator=Player(
        R3GANGenerator,
        lambda e, shape: (input_dim(e), shape, e.g_channels, e.g_activation),
        blocks=(Basis, GroupedBlock),
    ),
    discriminator=Player(
        R3GANDiscriminator,
        lambda e, shape: (shape, e.d_channels, e.d_activation, e.d_minibatch),
        blocks=(GroupedBlock,),
    ),
)

"""A convolutional network as courses on CNNs teach it, as the discriminator of images of any size."""

from __future__ import annotations

import torch
from torch import nn

from ganlab.experiment.choices import Activation, Minibatch, Norm, Pooling
from ganlab.networks.architecture import Architecture, Player
from ganlab.networks.discriminator import Discriminator
from ganlab.networks.dropout import Dropout, dropout
from ganlab.networks.layers import ChannelsLast, activation, normalisation_2d
from ganlab.networks.minibatch import minibatch_layer

MOST_CHANNELS = 512
SMALLEST = 4  # a feature map of this side or less is not made smaller


class CNNDiscriminator(Discriminator):
    """Convolution, activation, pooling, dropout, again and again; then fully connected layers (LeCun et al. 1998).

    x (batch, channels, size, size) -> logits (batch,). `depth` convolutions, each of twice the last one's channels
    and followed by a halving of the resolution, by pooling or by a stride of 2, down to 4x4 or less.
    """

    def __init__(
        self,
        shape: tuple[int, ...],
        depth: int,
        channels: int,
        width: int,
        act: Activation,
        norm: Norm,
        minibatch: Minibatch,
        pooling: Pooling,
        drop: float,
        chance: torch.Generator,
    ):
        inputs, side, _ = shape
        layers: list[nn.Module] = [ChannelsLast()]
        for block in range(depth):
            halves = side > SMALLEST
            stride = 2 if halves and pooling == "strided" else 1
            layers += [
                nn.Conv2d(inputs, channels, kernel_size=5, stride=stride, padding=2),
                *normalisation_2d("none" if block == 0 else norm, channels),
                activation(act),
                *(pool(pooling) if halves else []),
                *dropout(drop, chance),
            ]
            inputs, channels = channels, min(2 * channels, MOST_CHANNELS)
            side = (side + 1) // 2 if halves else side
        layers += [nn.Flatten(), nn.Linear(inputs * side * side, width), activation(act), *dropout(drop, chance)]
        extra, features = minibatch_layer(minibatch, width)
        layers += [*extra, nn.Linear(features, 1), nn.Flatten(0)]
        super().__init__(*layers)


def pool(name: Pooling) -> list[nn.Module]:
    """What keeps one number of each 2x2 square: the largest or the mean; nothing where the stride has done it."""
    match name:
        case "max":
            return [nn.MaxPool2d(2, ceil_mode=True)]
        case "average":
            return [nn.AvgPool2d(2, ceil_mode=True)]
        case "strided":
            return []


def first_side(shape: tuple[int, ...], pooling: Pooling) -> int:
    """The side of the first feature map, which is halved by a stride but not yet by pooling."""
    return -(-shape[-1] // 2) if pooling == "strided" else shape[-1]


ARCHITECTURE = Architecture(
    title="Convolutional network with pooling",
    reference="LeCun et al. 1998, Gradient-Based Learning Applied to Document Recognition; "
    "Srivastava et al. 2014, Dropout",
    intuition="Filters find features. Pooling keeps that a feature is there, and forgets exactly where.",
    discriminator=Player(
        CNNDiscriminator,
        lambda e, shape: (
            shape, e.d_depth, e.d_channels, e.d_width, e.d_activation, e.d_norm, e.d_minibatch, e.pooling, e.dropout,
        ),
        draws=True,
        blocks=(Dropout,),
        widest=lambda e, shape: max(e.d_width, e.d_channels * first_side(shape, e.pooling) ** 2),
    ),
)  # fmt: skip

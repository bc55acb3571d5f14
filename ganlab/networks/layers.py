"""The choices that all networks share: activations and normalisations."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from ganlab.experiment.choices import Activation, Norm


def activation(name: Activation, *, inplace: bool = True) -> nn.Module:
    """The non-linearity of this name; in place where its gradient can be had from its output alone.

    Not so if anything else needs its input.
    """
    match name:
        case "relu":
            return nn.ReLU(inplace)
        case "leaky_relu":
            return nn.LeakyReLU(0.2, inplace)
        case "tanh":
            return nn.Tanh()
        case "silu":
            return nn.SiLU()


def normalisation(name: Norm, width: int) -> list[nn.Module]:
    """What normalises dense features (batch, width): one layer or none."""
    match name:
        case "none":
            return []
        case "batch":
            return [nn.BatchNorm1d(width)]
        case "layer":
            return [nn.LayerNorm(width)]


def normalisation_2d(name: Norm, channels: int) -> list[nn.Module]:
    """What normalises feature maps (batch, channels, height, width): one layer or none."""
    match name:
        case "none":
            return []
        case "batch":
            return [nn.BatchNorm2d(channels)]
        case "layer":
            return [nn.GroupNorm(1, channels)]  # one group: over channels and pixels, one scale per channel


class ChannelsLast(nn.Module):
    """Returns feature maps unchanged, with the channels of each pixel side by side in memory.

    Convolutions keep that order, and on a CPU they run up to a quarter faster in it.
    """

    def forward(self, x: Tensor) -> Tensor:
        return x.contiguous(memory_format=torch.channels_last) if x.is_cpu else x

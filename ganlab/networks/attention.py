"""Self-attention between the places of a feature map: SAGAN (Zhang et al. 2019)."""

from __future__ import annotations

import torch
from torch import Tensor, nn


class SelfAttention(nn.Module):
    """Every place of the map looks at every other, and adds what it finds there (Zhang et al. 2019, equations 1 to 3).

    x (batch, channels, height, width) -> the same shape. gamma starts at 0, so that at first nothing is added.
    """

    def __init__(self, channels: int) -> None:
        super().__init__()
        inner = max(channels // 8, 1)
        self.f = nn.Conv2d(channels, inner, kernel_size=1, bias=False)
        self.g = nn.Conv2d(channels, inner, kernel_size=1, bias=False)
        self.h = nn.Conv2d(channels, inner, kernel_size=1, bias=False)
        self.v = nn.Conv2d(inner, channels, kernel_size=1, bias=False)
        self.gamma = nn.Parameter(torch.zeros(()))

    def forward(self, x: Tensor) -> Tensor:
        f, g, h = (project(x).flatten(2) for project in (self.f, self.g, self.h))  # (batch, inner, places)
        beta = (f.transpose(1, 2) @ g).softmax(dim=1)  # equation 1: how much place j (column) heeds place i (row)
        o = self.v((h @ beta).unflatten(2, x.shape[2:]))  # equation 2
        y: Tensor = self.gamma * o + x  # equation 3
        return y


def attended_size(size: int) -> int:
    """The side of the feature map that is given attention: at most 16, since its cost grows with the fourth power."""
    side = size // 2
    while side > 16:
        side //= 2
    return side

"""Layers that draw their own first weights as their paper has them, whatever the Experiment's `init` says."""

from __future__ import annotations

import math
from typing import Any

import torch
from torch import nn

LEAKY_RELU_GAIN = math.sqrt(2 / (1 + 0.2**2))  # keeps the variance through a LeakyReLU of 0.2 (He et al. 2015)


class ScaledLinear(nn.Linear):
    """A dense layer that starts at N(0, gain / sqrt(fan in)), with the same bias everywhere."""

    def __init__(self, inputs: int, outputs: int, gain: float = LEAKY_RELU_GAIN, first_bias: float = 0.0) -> None:
        super().__init__(inputs, outputs)
        self.gain, self.first_bias = gain, first_bias


class ScaledConv2d(nn.Conv2d):
    """A convolution that starts at N(0, gain / sqrt(fan in)), with biases of 0."""

    def __init__(self, inputs: int, outputs: int, kernel_size: int, gain: float = LEAKY_RELU_GAIN, **rest: Any) -> None:
        super().__init__(inputs, outputs, kernel_size, padding=kernel_size // 2, **rest)
        self.gain, self.first_bias = gain, 0.0


class SelfDrawn(nn.Module):
    """A module with parameters or buffers of its own, which it draws itself."""

    def draw_(self, rng: torch.Generator) -> None:
        """Fill them with `rng`."""
        raise NotImplementedError

"""The discriminator of the Dirac game, of one number (Mescheder et al. 2018, section 2)."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

from ganlab.networks.architecture import Architecture, Player
from ganlab.networks.discriminator import Discriminator
from ganlab.networks.scaled import SelfDrawn

START_PSI = -1.0


class Slope(SelfDrawn):
    """The product psi x: (batch, dimension) -> (batch, 1)."""

    def __init__(self, dimension: int) -> None:
        super().__init__()
        self.psi = nn.Parameter(torch.empty(dimension))

    def draw_(self, rng: torch.Generator) -> None:
        self.psi.fill_(START_PSI)

    def forward(self, x: Tensor) -> Tensor:
        return (x * self.psi).sum(dim=1, keepdim=True)


class LinearDiscriminator(Discriminator):
    """D(x) = psi x, as a logit: x (batch, dimension) -> (batch,)."""

    def __init__(self, dimension: int) -> None:
        super().__init__(Slope(dimension), nn.Flatten(0))


ARCHITECTURE = Architecture(
    title="A line through 0",
    reference="Mescheder et al. 2018, Which Training Methods for GANs do actually Converge?, section 2",
    intuition="One slope, psi. Its sign says on which side D takes samples for real, and its size says how sure D is.",
    discriminator=Player(LinearDiscriminator, lambda e, shape: (math.prod(shape),), blocks=(Slope,)),
)

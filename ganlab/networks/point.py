"""The generator of the Dirac game, of one number (Mescheder et al. 2018, section 2).

It starts at distance 1 from the equilibrium at 0, as the discriminator does. The paper's D scores generated samples
high and ours real ones, so that its start (1, 1) is our (1, -1).
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

from ganlab.networks.architecture import Architecture, Player
from ganlab.networks.scaled import SelfDrawn

START_THETA = 1.0


class PointGenerator(SelfDrawn):
    """G(z) = theta, whatever z: (batch, latent_dim) -> (batch, dimension)."""

    def __init__(self, dimension: int) -> None:
        super().__init__()
        self.theta = nn.Parameter(torch.empty(dimension))

    def draw_(self, rng: torch.Generator) -> None:
        self.theta.fill_(START_THETA)

    def forward(self, z: Tensor) -> Tensor:
        return self.theta.expand(len(z), -1).clone()  # a mere view would carry a gradient even under no_grad


ARCHITECTURE = Architecture(
    title="A point",
    reference="Mescheder et al. 2018, Which Training Methods for GANs do actually Converge?, section 2",
    intuition="All samples lie at one place, theta, and all that G can do is move it.",
    generator=Player(PointGenerator, lambda e, shape: (math.prod(shape),)),
)

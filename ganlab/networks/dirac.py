"""The players of the Dirac game: a generator and a discriminator of one number each (Mescheder et al. 2018, section 2).

Both start at distance 1 from their equilibrium at 0. The paper's D scores generated samples high and ours real
ones, so that its start (1, 1) is our (1, -1).
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from ganlab.networks.discriminator import Discriminator
from ganlab.networks.scaled import SelfDrawn

START_THETA = 1.0
START_PSI = -1.0


class PointGenerator(SelfDrawn):
    """G(z) = theta, whatever z: (batch, latent_dim) -> (batch, dimension)."""

    def __init__(self, dimension: int) -> None:
        super().__init__()
        self.theta = nn.Parameter(torch.empty(dimension))

    def draw_(self, rng: torch.Generator) -> None:
        self.theta.fill_(START_THETA)

    def forward(self, z: Tensor) -> Tensor:
        return self.theta.expand(len(z), -1).clone()  # a mere view would carry a gradient even under no_grad


class Slope(SelfDrawn):
    """psi x: (batch, dimension) -> (batch, 1)."""

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

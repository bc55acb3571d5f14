"""Discriminators that are told a class, or that name the class and the codes of a sample."""

from __future__ import annotations

from typing import Any, cast

import torch
from torch import Tensor, nn

from ganlab.experiment.choices import Condition
from ganlab.networks.discriminator import Discriminator

Q_WIDTH = 128  # units of Q's own hidden layer, as in the authors' code


class Heads(nn.Module):
    """All that is read off D's features phi(x): the logit, and what the condition and the codes need beside it.

    `psi` is D's own last layer; V is the class's part of the logit, `names` tells the class, Q the codes.
    """

    def __init__(self, psi: nn.Module, condition: Condition, classes: int, categories: int, dials: int) -> None:
        super().__init__()
        self.widths = [categories, dials]
        width = cast(nn.Linear | nn.Conv2d, psi).weight[0].numel()
        self.psi = psi
        self.V = nn.Linear(width, classes, bias=False) if condition == "projection" else None
        self.names = nn.Linear(width, classes) if condition == "auxiliary" else None
        self.Q = None
        if categories or dials:
            self.Q = nn.Sequential(nn.Linear(width, Q_WIDTH), nn.LeakyReLU(0.2), nn.Linear(Q_WIDTH, categories + dials))

    def forward(self, phi: Tensor, y: Tensor | None = None) -> Tensor:
        logit: Tensor = self.psi(phi)
        if self.V is not None and y is not None:
            projected = (y * self.V(phi.flatten(1))).sum(1)  # y^T V phi(x) (Miyato and Koyama 2018, equation 3)
            logit = logit + projected.view_as(logit)
        return logit


class ConditionalDiscriminator(Discriminator):
    """A discriminator D(x, y) of samples x (batch, *shape) and classes y, one-hot, (batch, classes).

    Its hidden layers are those of `D`, which has room for the class in its input if it is told of it there.
    """

    def __init__(self, D: Discriminator, condition: Condition, classes: int, categories: int, dials: int) -> None:
        *hidden, psi, flatten = D
        super().__init__(*hidden, Heads(psi, condition, classes, categories, dials), flatten)
        self.concatenates = condition == "concat"

    def forward(self, x: Tensor, y: Tensor | None = None) -> Tensor:
        return self.respond(x, y)[0]

    def respond(self, x: Tensor, y: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """Logits (batch,) and features (batch, ...); y may be left out where D is told of no class."""
        phi = self.features(with_class(x, y) if self.concatenates and y is not None else x)
        *_, heads, flatten = self
        return flatten(heads(phi, y)), phi

    def class_logits(self, phi: Tensor) -> Tensor:
        """Returns the logits of the class of samples with these features, (batch, classes)."""
        logits: Tensor = self._heads.names(phi.flatten(1))
        return logits

    def codes(self, phi: Tensor) -> tuple[Tensor, Tensor]:
        """Q: the categorical code's logits (batch, categories), and the mean of each dial (batch, dials)."""
        logits, means = torch.split(self._heads.Q(phi.flatten(1)), self._heads.widths, dim=1)
        return logits, means

    @property
    def _heads(self) -> Any:
        return self[-2]


def with_class(x: Tensor, y: Tensor) -> Tensor:
    """Samples with their class as further coordinates, or as further channels of one value each (Mirza and
    Osindero 2014): (batch, d, ...) and (batch, classes) -> (batch, d + classes, ...).
    """
    spread = y.view(*y.shape, *[1] * (x.dim() - 2)).expand(-1, -1, *x.shape[2:])
    return torch.cat([x, spread], dim=1)


class FixedClassDiscriminator(nn.Module):
    """D(x, y) for fixed classes y, as a function of x alone. Losses and penalties take such a function."""

    def __init__(self, D: ConditionalDiscriminator, y: Tensor) -> None:
        super().__init__()
        self.D, self.y = D, y

    def forward(self, x: Tensor) -> Tensor:
        logits: Tensor = self.D(x, self.y)
        return logits

    def respond(self, x: Tensor) -> tuple[Tensor, Tensor]:
        return self.D.respond(x, self.y)

"""Dropout whose masks come from the run's own chance, so that a run that is resumed drops the same units."""

from __future__ import annotations

import torch
from torch import Tensor, nn


class Dropout(nn.Module):
    """While training, sets each number to 0 with probability p and scales the others up (Srivastava et al. 2014)."""

    def __init__(self, p: float, chance: torch.Generator) -> None:
        super().__init__()
        self.p, self.chance = p, chance

    def forward(self, x: Tensor) -> Tensor:
        if not self.training:
            return x
        mask = torch.empty_like(x).bernoulli_(1 - self.p, generator=self.chance)
        return x * mask / (1 - self.p)


def dropout(p: float, chance: torch.Generator) -> list[nn.Module]:
    """One layer, or none where nothing is dropped."""
    return [Dropout(p, chance)] if p > 0 else []

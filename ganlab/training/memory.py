"""What some methods remember from one update to the next; part of a checkpoint."""

from __future__ import annotations

from typing import Protocol

import torch
from torch import Tensor

from ganlab.game.energies import next_k

LECAM_DECAY = 0.99  # of the moving averages (Tseng et al. 2021)


class Memory(Protocol):
    """Something with tensors that must survive a checkpoint."""

    state: dict[str, Tensor]


class Anchors:
    """Moving averages of D's logits of real and of generated samples, for LeCam."""

    def __init__(self, device: torch.device) -> None:
        self.state = {name: torch.zeros((), device=device) for name in ("real", "fake", "updates")}

    def follow(self, real: Tensor, fake: Tensor) -> tuple[Tensor, Tensor]:
        """The averages with these logits in them; at first a plain mean, so that they need no start value."""
        state = self.state
        with torch.no_grad():
            state["updates"] += 1
            weight = (1 / state["updates"]).clamp_min(1 - LECAM_DECAY)
            return state["real"].lerp_(real.mean(), weight), state["fake"].lerp_(fake.mean(), weight)


class Balance:
    """k, the weight that D gives to generated samples in BEGAN."""

    def __init__(self, device: torch.device) -> None:
        self.state = {"k": torch.zeros((), device=device)}

    @property
    def k(self) -> Tensor:
        return self.state["k"]

    @torch.no_grad()
    def follow(self, real: Tensor, fake: Tensor, gamma: float, rate: float) -> None:
        """Move k by what these logits say (Berthelot et al. 2017, section 3.4)."""
        self.state["k"] = next_k(self.k, real, fake, gamma, rate)


class HistoricalAverage:
    """The mean of a player's weights over all its updates since it was first asked for."""

    def __init__(self) -> None:
        self.state: dict[str, Tensor] = {}

    def follow(self, theta: Tensor) -> Tensor:
        """The average with these weights in it."""
        with torch.no_grad():
            if not self.state:
                self.state = {"mean": torch.zeros_like(theta), "updates": torch.zeros((), device=theta.device)}
            self.state["updates"] += 1
            return self.state["mean"].lerp_(theta, 1 / self.state["updates"])

"""What some methods remember from one update to the next; part of a checkpoint."""

from __future__ import annotations

from typing import Protocol

import torch
from torch import Tensor

from ganlab.experiment import Experiment
from ganlab.game.losses import Loss, chosen

LECAM_DECAY = 0.99  # of the moving averages (Tseng et al. 2021)


class MethodMemory(Protocol):
    """What a method remembers: tensors that are part of a checkpoint."""

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


class LossMemory:
    """The numbers that losses keep from one update of D to the next, by the loss's name."""

    def __init__(self, device: torch.device) -> None:
        self.state: dict[str, Tensor] = {}
        self._device = device

    def given(self, loss: Loss) -> dict[str, Tensor]:
        """Returns what this loss's `d` takes: nothing, or its number by the name of the parameter."""
        if loss.memory is None:
            return {}
        if loss.name not in self.state:
            self.state[loss.name] = torch.tensor(loss.memory.start, device=self._device)
        return {loss.memory.name: self.state[loss.name]}

    @torch.no_grad()
    def follow(self, loss: Loss, e: Experiment, real: Tensor, fake: Tensor) -> None:
        """Update this loss's number, if it has one, from these logits."""
        if loss.memory is not None:
            number = self.given(loss)[loss.memory.name]
            number.copy_(loss.memory.update(number, real, fake, **chosen(loss.memory.options, e)))


class HistoricalAverage:
    """The mean of a player's weights over all its updates since it was first asked for."""

    def __init__(self) -> None:
        self.state: dict[str, Tensor] = {}

    def follow(self, theta: Tensor) -> Tensor:
        """Add these weights to the average, and return it."""
        with torch.no_grad():
            if not self.state:
                self.state = {"mean": torch.zeros_like(theta), "updates": torch.zeros((), device=theta.device)}
            self.state["updates"] += 1
            return self.state["mean"].lerp_(theta, 1 / self.state["updates"])

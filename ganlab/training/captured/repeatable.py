"""What trains so that its iterations can be repeated: a Trainer, or the trainer of a wall's members."""

from __future__ import annotations

from typing import Any, Protocol

import torch
from torch import Tensor


class Repeatable(Protocol):
    """Trains an iteration at a time, in parts of which `iterate` alone is recorded.

    Attributes:
        sampler: what `iterate` asks for batches, with `next` or `next_labelled`.
    """

    device: torch.device
    sampler: Any

    def step(self) -> None:
        """One iteration: `follow_schedules`, `iterate`, `conclude`."""

    def follow_schedules(self) -> None:
        """Give what moves with the number of the iteration the value that it has now."""

    def settings_now(self) -> tuple[Any, ...]:
        """All that `iterate` depends on besides tensors, the sources of chance and the data."""

    def iterate(self) -> dict[str, Tensor]:
        """The updates of one iteration. Returns what it measured, by name."""

    def conclude(self, measured: dict[str, Tensor]) -> None:
        """Do what follows the updates, and note what was measured."""

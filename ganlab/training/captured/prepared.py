"""Real batches that are drawn before an iteration begins, and always lie in the same place."""

from __future__ import annotations

import torch
from torch import Tensor

from ganlab.data import Sampler


class PreparedBatches:
    """Stands in for a sampler in one iteration after the other.

    The first iteration draws its batches as it asks for them; all later ones ask for the same, and get the batches
    that `prepare` has drawn.
    """

    def __init__(self, sampler: Sampler, device: torch.device) -> None:
        self._sampler, self._device = sampler, device
        self._draws: list[tuple[bool, int]] = []  # whether with classes, and how many
        self._places: list[tuple[Tensor, ...]] = []
        self._given = 0

    def prepare(self) -> None:
        """Draw the next iteration's batches."""
        for (labelled, n), places in zip(self._draws, self._places, strict=True):
            for place, drawn in zip(places, self._draw(labelled, n), strict=True):
                place.copy_(drawn, non_blocking=True)
        self._given = 0

    def next(self, n: int) -> Tensor:
        """The next n samples of the iteration, float32, (n, *shape), on the device."""
        (samples,) = self._next(False, n)
        return samples

    def next_labelled(self, n: int) -> tuple[Tensor, Tensor]:
        """Returns the next n samples, and the class of each, int64, (n,), on the device."""
        samples, classes = self._next(True, n)
        return samples, classes

    def _next(self, labelled: bool, n: int) -> tuple[Tensor, ...]:
        if self._given == len(self._places):
            self._draws.append((labelled, n))
            self._places.append(tuple(part.to(self._device) for part in self._draw(labelled, n)))
        self._given += 1
        return self._places[self._given - 1]

    def _draw(self, labelled: bool, n: int) -> tuple[Tensor, ...]:
        return self._sampler.next_labelled(n) if labelled else (self._sampler.next(n),)

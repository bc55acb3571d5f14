"""Batches that are drawn before an iteration begins, and always lie in the same place."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor


class PreparedBatches:
    """Stands in for a `Sampler`, or for a wall's `StackedSampler`, in one iteration after the other.

    The first iteration draws its batches as it asks for them; all later ones ask for the same, and get the batches
    that `prepare` has drawn.
    """

    def __init__(self, sampler: Any, device: torch.device) -> None:
        self._sampler, self._device = sampler, device
        self._draws: list[tuple[bool, int | str]] = []  # whether with classes, and how many or of which stream
        self._places: list[tuple[Tensor, ...]] = []
        self._given = 0

    def prepare(self) -> None:
        """Draw the next iteration's batches."""
        for (labelled, which), places in zip(self._draws, self._places, strict=True):
            for place, drawn in zip(places, self._draw(labelled, which), strict=True):
                place.copy_(drawn, non_blocking=True)
        self._given = 0

    def next(self, which: int | str) -> Tensor:
        """The iteration's next batch, on the device: so many samples, or of this stream."""
        (samples,) = self._next(False, which)
        return samples

    def next_labelled(self, n: int) -> tuple[Tensor, Tensor]:
        """Returns the next n samples, and the class of each, int64, (n,), on the device."""
        samples, classes = self._next(True, n)
        return samples, classes

    def _next(self, labelled: bool, which: int | str) -> tuple[Tensor, ...]:
        if self._given == len(self._places):
            self._draws.append((labelled, which))
            self._places.append(tuple(part.to(self._device, copy=True) for part in self._draw(labelled, which)))
        self._given += 1
        return self._places[self._given - 1]

    def _draw(self, labelled: bool, which: int | str) -> tuple[Tensor, ...]:
        drawn: tuple[Tensor, ...] = self._sampler.next_labelled(which) if labelled else (self._sampler.next(which),)
        return drawn

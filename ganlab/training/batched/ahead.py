"""Each member's own chance, drawn some batches ahead: one call where a Trainer alone makes many, the same numbers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol

import torch
from torch import Tensor

from ganlab.data import Sampler
from ganlab.data.base import Collection

MOST_AHEAD = 32  # batches
MOST_NUMBERS = 2**19  # that a block may hold: more no longer fit the processor's cache
BLOCK = 16  # torch draws Gaussian numbers in blocks of so many: whole ones follow each other as in one call


class BatchSource(Protocol):
    """One member's stream of batches."""

    def draw(self, batches: int) -> Tensor:
        """The next batches, (batches, *shape of one)."""

    def state(self) -> Any:
        """All that decides the batches to come."""

    def restore(self, state: Any) -> None:
        """Go on from where `state` was asked for."""


class Numbers:
    """Random numbers that `fill(x, generator)` puts into batches of this shape.

    Attributes:
        whole: whether one long draw gives what several short ones would.
    """

    def __init__(
        self,
        generator: torch.Generator,
        shape: Sequence[int],
        fill: Callable[[Tensor, torch.Generator], Tensor],
        *,
        whole: bool,
    ) -> None:
        self.generator = generator
        self._shape, self._fill, self._whole = shape, fill, whole

    def draw(self, batches: int) -> Tensor:
        out = torch.empty(batches, *self._shape, device=self.generator.device)
        for part in [out] if self._whole else out:
            self._fill(part, self.generator)
        return out

    def state(self) -> Any:
        return self.generator.get_state()

    def restore(self, state: Any) -> None:
        self.generator.set_state(state)


def normal(generator: torch.Generator, shape: Sequence[int]) -> Numbers:
    """Batches of N(0, 1)."""
    whole = generator.device.type == "cpu" and torch.Size(shape).numel() % BLOCK == 0
    return Numbers(generator, shape, lambda x, rng: x.normal_(generator=rng), whole=whole)


def uniform(generator: torch.Generator, shape: Sequence[int], low: float = 0.0, high: float = 1.0) -> Numbers:
    """Batches of U[low, high)."""
    whole = generator.device.type == "cpu"
    return Numbers(generator, shape, lambda x, rng: x.uniform_(low, high, generator=rng), whole=whole)


def uniform_in_turn(generator: torch.Generator, draws: Sequence[int]) -> Numbers:
    """Batches of U[0, 1), each of so many numbers at a time, flat."""
    if generator.device.type == "cpu":
        return uniform(generator, (sum(draws),))

    def fill(x: Tensor, rng: torch.Generator) -> Tensor:
        for part in torch.split(x, list(draws)):
            part.uniform_(generator=rng)
        return x

    return Numbers(generator, (sum(draws),), fill, whole=False)


class RealBatches:
    """Real batches of n samples, flat."""

    def __init__(self, sampler: Sampler, n: int) -> None:
        self.sampler, self._n = sampler, n

    def draw(self, batches: int) -> Tensor:
        if isinstance(self.sampler.dataset, Collection):  # batches follow each other in one order
            return self.sampler.next(batches * self._n).view(batches, self._n, -1)
        return torch.stack([self.sampler.next(self._n) for _ in range(batches)]).flatten(2)

    def state(self) -> Any:
        return self.sampler.state_dict()

    def restore(self, state: Any) -> None:
        self.sampler.load_state_dict(state)


class Ahead:
    """The batches of all members, stacked, (members, *shape): a block of them is drawn at a time."""

    def __init__(self, sources: Sequence[BatchSource], numbers: int, device: torch.device) -> None:
        """`numbers`: how many a batch of all members holds."""
        self._sources, self._device = sources, device
        self._size = max(1, min(MOST_AHEAD, MOST_NUMBERS // numbers))
        self._used = self._size
        self._states: list[Any] = []
        self._block = torch.empty(0)

    def next(self) -> Tensor:
        if self._used == self._size:
            self._states = [source.state() for source in self._sources]
            drawn = torch.stack([source.draw(self._size) for source in self._sources], dim=1)
            self._block, self._used = drawn.to(self._device, non_blocking=True), 0
        self._used += 1
        return self._block[self._used - 1]

    def state_of(self, member: int) -> Any:
        """The state of a member's source as it would be if nothing had been drawn ahead."""
        source = self._sources[member]
        later = source.state()
        if self._states:
            source.restore(self._states[member])
            source.draw(self._used)
        now = source.state()
        source.restore(later)
        return now

    def go_on_from(self, states: Sequence[Any]) -> None:
        """Go on from these states of the sources, one a member; what was drawn ahead is dropped."""
        for source, state in zip(self._sources, states, strict=True):
            source.restore(state)
        self._states, self._used = [], self._size

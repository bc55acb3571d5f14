"""A stream of real batches whose place in the data can be saved and found again."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch import Tensor

from ganlab.data.base import Collection, Dataset, Distribution


class Sampler:
    """Batches of a data set in an order that only the seed decides.

    A distribution is drawn from afresh. A collection is gone through in shuffled passes, each sample once a
    pass; the order of pass k follows from (seed, k), so that the place in the data is one number.
    """

    def __init__(self, dataset: Dataset, seed: int) -> None:
        self.dataset = dataset
        self.seed = seed
        self.drawn = 0
        self._rng = generator(seed)
        self._pass = -1  # whose order is held
        self._order = torch.empty(0, dtype=torch.int64)

    def next(self, n: int) -> Tensor:
        """The next n samples, float32, (n, *shape), on the CPU."""
        if isinstance(self.dataset, Collection):
            batch = self.dataset.take(self._next_indices(self.dataset, n))
        else:
            batch = self.dataset.draw(n, self._rng)
        self.drawn += n
        return batch

    def next_labelled(self, n: int) -> tuple[Tensor, Tensor]:
        """Returns the next n samples, and the class of each, int64, (n,), on the CPU.

        Raises:
            ValueError: the data have no classes.
        """
        if isinstance(self.dataset, Collection) and self.dataset.classes is not None:
            indices = self._next_indices(self.dataset, n)
            batch = self.dataset.take(indices), self.dataset.classes.index_select(0, indices)
        elif isinstance(self.dataset, Distribution) and self.dataset.draw_labelled is not None:
            batch = self.dataset.draw_labelled(n, self._rng)
        else:
            raise ValueError("These data have no classes.")
        self.drawn += n
        return batch

    @property
    def passes(self) -> float | None:
        """How often the whole collection has been gone through; None for a distribution."""
        size = self.dataset.spec.size
        return None if size is None else self.drawn / size

    def state_dict(self) -> dict[str, Any]:
        """All that decides the samples to come."""
        return {"seed": self.seed, "drawn": self.drawn, "rng": self._rng.get_state()}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on from where `state_dict` was called, to the bit."""
        self.seed = int(state["seed"])
        self.drawn = int(state["drawn"])
        self._rng.set_state(state["rng"])
        self._pass = -1

    def _next_indices(self, data: Collection, n: int) -> Tensor:
        size = len(data.values)
        parts = []
        first, last = self.drawn, self.drawn + n
        while first < last:
            number, start = divmod(first, size)
            if number != self._pass:
                self._order = torch.randperm(size, generator=generator(self.seed, number))
                self._pass = number
            part = self._order[start : start + last - first]
            parts.append(part)
            first += len(part)
        return parts[0] if len(parts) == 1 else torch.cat(parts)


def generator(*seeds: int) -> torch.Generator:
    """Returns a random generator for these numbers. Neighbouring numbers give unrelated streams."""
    seed = np.random.SeedSequence(seeds).generate_state(1, np.uint64)[0]
    return torch.Generator().manual_seed(int(seed >> np.uint64(1)))

"""Real samples to measure generated ones with, and what a perfect sampler would read.

Every distance depends on how many samples there are, so a value alone says little: beside each stands its floor,
what as many other real samples read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ganlab.data import Collection, Dataset, Distribution
from ganlab.metrics.distances import frechet_distance, kernel_distance, manifolds, sliced_wasserstein
from ganlab.metrics.divergences import Divergences, divergences
from ganlab.metrics.features import Features, features_for

SEED = 20_171  # of the real samples that are compared with; no run's own
FEWEST = 12  # real samples: neighbourhoods of five need more than five in each half

# Every measure by its short name. Points have the first two, and the next three where their density is known.
POINT_MEASURES = ("frechet", "sliced_wasserstein", "js", "kl_forward", "kl_reverse")
IMAGE_MEASURES = ("frechet", "kernel", "precision", "recall", "density", "coverage")
MEASURES = tuple(dict.fromkeys(POINT_MEASURES + IMAGE_MEASURES))


@dataclass(frozen=True, eq=False)
class Yardstick:
    """What generated samples are measured with.

    Attributes:
        features: what distances are measured on.
        reference: features of the real samples that all others are compared with, (n, dimension).
        held_out: as many other real samples: what a perfect sampler would make, (n, *shape).
        floor: what those read.
    """

    dataset: Dataset
    features: Features
    reference: NDArray[np.float64]
    held_out: Tensor
    floor: Mapping[str, float]

    def measure(self, samples: Tensor) -> dict[str, float]:
        """Every measure that these data allow, of samples (n, *shape); nothing where one of them is not finite.

        The floors are those of as many samples as were held out.
        """
        if not samples.isfinite().all():
            return {}
        features = self.features.of(samples)
        values = {"frechet": frechet_distance(self.reference, features)}
        if len(self.dataset.spec.shape) == 3:
            values["kernel"] = kernel_distance(self.reference, features)
            return values | vars(manifolds(self.reference, features))
        values["sliced_wasserstein"] = sliced_wasserstein(self.reference, features)
        found = self._divergences(samples)
        return values | (_named(found, "samples") if found else {})

    def _divergences(self, samples: Tensor) -> Divergences | None:
        if not isinstance(self.dataset, Distribution) or self.dataset.kernels is None:
            return None
        return divergences(samples.numpy(force=True), self.dataset)


@lru_cache(maxsize=4)
def yardstick(dataset: Dataset, most: int) -> Yardstick:
    """Returns a yardstick of `n` real samples and as many held-out ones, at most half of a collection each.

    The first time for images, their classifier is trained.

    Raises:
        ValueError: there are too few real samples.
    """
    rng = torch.Generator().manual_seed(SEED)
    if isinstance(dataset, Collection):
        if len(dataset.values) < FEWEST:
            raise ValueError(
                f"Distances need at least {FEWEST} real samples, and these data have {len(dataset.values)}."
            )
        order = torch.randperm(len(dataset.values), generator=rng)
        n = min(most, len(order) // 2)
        reference, held_out = dataset.take(order[:n]), dataset.take(order[n : 2 * n])
    else:
        reference, held_out = dataset.draw(most, rng), dataset.draw(most, rng)
    features = features_for(dataset)
    without = Yardstick(dataset, features, features.of(reference), held_out, {})
    floor = without.measure(held_out)
    if found := without._divergences(held_out):
        floor |= _named(found, "floor")
    return replace(without, floor=floor)


def _named(found: Divergences, of: str) -> dict[str, float]:
    values = getattr(found, of)
    return {"js": float(values.js), "kl_forward": float(values.forward_kl), "kl_reverse": float(values.reverse_kl)}

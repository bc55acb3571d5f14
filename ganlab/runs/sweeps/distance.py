"""How far the samples of a sweep's members are from the data, by one measure for every kind of data."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn.functional import adaptive_avg_pool2d

from ganlab.data import Sampler
from ganlab.data.base import Dataset
from ganlab.metrics.distances import energy_difference, mean_of_distances
from ganlab.training import rng

REAL_POINTS, REAL_IMAGES = 400, 256
POINTS, IMAGES = 400, 64  # generated samples that are compared: few, for a wall has up to a hundred members
SIDE = 8  # images are compared after they were averaged to so many pixels a side
DRAWS = 8  # of real samples, to know what a perfect generator would come to
LEAST = 1e-4  # the noise of data that are all alike: it is a step of a logarithmic scale, so never 0


class DistanceToData:
    """The energy statistic of samples and real data: 0 if alike, 1 if infinitely far apart; see `energy_difference`.

    Attributes:
        noise: the most that real samples, as many as are compared, came to in a few draws.
    """

    def __init__(self, dataset: Dataset) -> None:
        images = len(dataset.spec.shape) == 3
        self.samples = IMAGES if images else POINTS
        sampler = Sampler(dataset, rng.stream_seed(0, "probes"))
        self._real = _numbers(sampler.next(REAL_IMAGES if images else REAL_POINTS))
        self._among_real = mean_of_distances(self._real)
        self.noise = max(LEAST, *(self.of(sampler.next(self.samples)) for _ in range(DRAWS)))

    def of(self, samples: Tensor) -> float:
        """Returns the statistic of the first of these samples (n, *shape); NaN where one is not finite."""
        fake = _numbers(samples[: self.samples])
        return energy_difference(self._real, fake, self._among_real) if np.isfinite(fake).all() else float("nan")


@torch.no_grad()
def _numbers(samples: Tensor) -> NDArray[np.float32]:
    """Samples as rows, (n, features)."""
    if samples.dim() == 4 and samples.shape[-1] > SIDE:
        samples = adaptive_avg_pool2d(samples, SIDE)
    rows: NDArray[np.float32] = samples.flatten(1).cpu().numpy()
    return rows

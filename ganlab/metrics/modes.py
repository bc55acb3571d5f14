"""Mode coverage on a mixture whose modes are known (Srivastava et al. 2017, VEEGAN; Lin et al. 2018, PacGAN)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache, lru_cache

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.spatial.distance import cdist
from scipy.special import bdtrc

NEAR = 3.0  # standard deviations within which a sample counts as one of its mode's
UNIT_BALL = {1: 2.0, 2: math.pi}  # its size, by dimension
ENOUGH = 0.1  # of a fair share of the samples
MOSTLY_GOOD = 0.8  # share of good samples from which they are said to sit on the modes that they capture
CHANCE = 1e-3  # how often, at most, a scatter without any aim is said to have captured one of the modes


@dataclass(frozen=True)
class Coverage:
    """Which modes a batch of samples covers.

    Attributes:
        captured: modes with at least `needed` high-quality samples: more than chance could give them.
        needed: see `fewest`.
        touched: modes that are the nearest of at least one high-quality sample, which is how VEEGAN and PacGAN count
            and so what published tables hold. A scatter of samples over the whole plane touches several.
        total: how many modes there are.
        high_quality: the share of samples within 3 standard deviations of their nearest mode. Samples of
            the mixture itself do not reach 1: see `perfect_high_quality`.
        reverse_kl: KL(histogram of the high-quality samples over the modes || uniform), in nats; for
            N samples of the mixture itself about (modes - 1) / 2N, not 0. NaN where no sample is of high quality.
        counts: high-quality samples of each mode, (modes,).
    """

    captured: int
    needed: int
    touched: int
    total: int
    high_quality: float
    reverse_kl: float
    counts: NDArray[np.int64]

    @property
    def collapsed(self) -> bool:
        """Whether most samples are good and sit on some of the modes, at most half of them.

        Samples that lie on no mode have not collapsed: they have not arrived.
        """
        return self.high_quality >= MOSTLY_GOOD and 0 < self.captured <= self.total / 2


def mode_coverage(samples: NDArray[np.floating], centres: NDArray[np.floating], sigma: float) -> Coverage:
    """Count the modes that samples (n, dimension) cover; centres (modes, dimension); the papers use n = 2,500."""
    modes = mode_of(samples, centres, sigma)
    counts = np.bincount(modes[modes >= 0], minlength=len(centres))
    needed = fewest(len(samples), centres, sigma)
    return Coverage(
        captured=int(np.count_nonzero(counts >= needed)),
        needed=needed,
        touched=int(np.count_nonzero(counts)),
        total=len(centres),
        high_quality=float((modes >= 0).mean()),
        reverse_kl=kl_to_uniform(counts),
        counts=counts,
    )


def fewest(n: int, centres: NDArray[np.floating], sigma: float) -> int:
    """How many of n samples a mode needs around it to be captured.

    So many that samples thrown evenly over the box around all modes would put them near any one of the modes in fewer
    than one case of a thousand: 9 of 2,500 on the ring, where a fair share is 309. Where modes fill much of that box,
    a tenth of a fair share is enough.
    """
    modes, dimension = centres.shape
    box = float(np.prod(np.ptp(centres, axis=0) + 2 * NEAR * sigma))
    near = UNIT_BALL[dimension] * (NEAR * sigma) ** dimension
    fair: float = perfect_high_quality(dimension) * n / modes
    return max(1, min(_beyond_chance(n, modes, min(1.0, near / box)), math.ceil(ENOUGH * fair)))


@lru_cache(maxsize=64)  # asked for each frame
def _beyond_chance(n: int, modes: int, probability: float) -> int:
    """The count that n samples, each near a given mode with this probability, almost never reach at any mode."""
    more = bdtrc(np.arange(n + 1), n, probability)  # the probability of more than 0, 1, ... n
    return int(np.argmax(more <= CHANCE / modes)) + 1


def mode_of(samples: NDArray[np.floating], centres: NDArray[np.floating], sigma: float) -> NDArray[np.intp]:
    """The number of the nearest mode of each sample (n, dimension), (n,); -1 where no mode is near."""
    squares = cdist(centres, samples, "sqeuclidean")
    return np.where(squares.min(axis=0) <= (NEAR * sigma) ** 2, squares.argmin(axis=0), -1)


def kl_to_uniform(counts: NDArray[np.int64]) -> float:
    """KL(histogram || uniform) in nats; NaN where there is nothing to count."""
    share = counts[counts > 0] / max(counts.sum(), 1)
    return float(np.sum(share * np.log(share * len(counts)))) if len(share) else math.nan


@cache  # asked for each frame
def perfect_high_quality(dimension: int) -> float:
    """The share of the mixture's own samples that are of high quality: 99.73 % in one dimension, 98.89 % in two."""
    return float(torch.special.gammainc(torch.tensor(dimension / 2).double(), torch.tensor(NEAR**2 / 2).double()))

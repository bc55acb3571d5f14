"""The best answer that D could give: D*(x) = p_data(x) / (p_data(x) + p_G(x)).

Goodfellow et al. 2014, proposition 1; for least squares Mao et al. 2017, equation 5. p_data is known. p_G is not: G is
asked for samples, and the density at a place is estimated from how near they are (Loftsgaarden and Quesenberry 1965).
That follows samples which gather in narrow modes as well as samples that are scattered, where one width of kernel for
all would blur the former or leave holes between the latter.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import KDTree
from scipy.special import expit

from ganlab.data import Distribution
from ganlab.metrics.divergences import log_density
from ganlab.metrics.modes import UNIT_BALL

NEIGHBOURS = 30  # so p_G is off by one in sqrt(30) or 18 %, and D* where it is near 0.5 by about 0.04
SAMPLES = 8000  # of G: then the 30 nearest are near, even of 25 modes
FEWEST = 4 * NEIGHBOURS  # samples for an estimate that means anything

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Wrongness:
    """How far D is from D*.

    Attributes:
        optimum: D* at each place, (n,).
        error: the mean of |D(x) - D*(x)| over the places.
        floor: about what a perfect D would seem to be off by, because D* is estimated from a limited number of
            samples. Where p_G is known, 8,000 samples give a perfect D this error within a tenth; only where G is as
            good as the data, and as narrow, is the error up to 1.6 times the floor.
    """

    optimum: Floats
    error: float
    floor: float


def wrongness(
    x: NDArray[np.floating],
    scores: NDArray[np.floating],
    samples: NDArray[np.floating],
    dataset: Distribution,
    top: float = 1.0,
) -> Wrongness:
    """Compare D's scores (n,) at x (n, 1 or 2) with D* there; p_G is estimated from samples (m, 1 or 2).

    None of the x may be among the samples: each would have itself for a neighbour. `top` is D's target for real
    samples, below 1 where labels are smoothed: D* is that many times as high (Goodfellow 2016, NIPS tutorial, 4.2).

    Raises:
        ValueError: there are too few samples, or the density of the data is not known.
    """
    if len(samples) < FEWEST:
        raise ValueError(f"D* needs {FEWEST} samples; there are {len(samples)}.")
    log_p = log_density(np.asarray(x, np.float64), dataset)

    def best(some: NDArray[np.floating], neighbours: int) -> Floats:
        found: Floats = top * expit(log_p - log_density_of_samples(x, some, neighbours))
        return found

    optimum = best(samples, NEIGHBOURS)
    # Two estimates, each from half of the samples and half as many neighbours: as sharp as the whole one, and
    # independent. Their mean is about as good as the whole one, and so off by half of what they differ by.
    one, other = (best(samples[half::2], NEIGHBOURS // 2) for half in (0, 1))
    return Wrongness(optimum, float(np.abs(scores - optimum).mean()), float(np.abs(one - other).mean() / 2))


def log_density_of_samples(x: NDArray[np.floating], samples: NDArray[np.floating], neighbours: int) -> Floats:
    """log p at x (n, d) of the distribution behind the samples (m, d), (n,): (k - 1) / m over the ball around x that
    holds the k nearest. Infinite where that many samples are exactly at x.
    """
    m, dimension = samples.shape
    radius = KDTree(samples).query(x, [neighbours])[0][:, 0]
    with np.errstate(divide="ignore"):
        log_ball = math.log(UNIT_BALL[dimension]) + dimension * np.log(radius)
    found: Floats = math.log((neighbours - 1) / m) - log_ball
    return found

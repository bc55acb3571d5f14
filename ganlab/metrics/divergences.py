"""Divergences of points from a density that is known: Jensen-Shannon, and KL in both directions.

Each is estimated in the way that comes nearest to the truth with a few thousand samples, and none of them invents
samples that were not there. Any estimate makes samples of the data themselves differ a little from the data, so each
value comes with its floor: what a perfect sampler scores with as many samples.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache, reduce

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import KDTree
from scipy.special import digamma, gammaln, logsumexp, ndtr, rel_entr

from ganlab.data import Dataset, Distribution

# Cells of one standard deviation tell shapes apart that differ by as much. The noise around a curve has room for too
# few samples in each of so many cells, so theirs are twice as wide; on a line there are samples enough for finer ones.
CELL = {1: 0.25, 2: 1.0}  # standard deviations, by the number of coordinates
CELL_OF_CURVES = 2.0
MOST_MODES = 100  # with more kernels than this, the density is that of a curve
MOST_KERNELS = 512  # whose sum log p(x) is: those of a curve still lie closer together than they are wide
NEIGHBOUR = 5  # whose distance says how dense samples are at a place
SMALLEST = 1e-300  # a probability whose half is still a number, and below 0 by rounding it is none at all
REPEATS = 10  # perfect samplers that the floor is the mean of

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Divergence:
    """How far the samples are from the data, in nats.

    Attributes:
        js: Jensen-Shannon, 0 to log 2; what the discriminator of the original GAN estimates.
        forward_kl: KL(data || samples), large where the samples miss something. Where the truth is infinite, as with
            a mode that no sample is near, it is as large as the distance to the nearest samples makes it.
        reverse_kl: KL(samples || data), large where the samples are that should not be; infinite where several
            samples are exactly alike.
    """

    js: float
    forward_kl: float
    reverse_kl: float


@dataclass(frozen=True)
class Divergences:
    """The samples' divergences, and the floor: the mean and standard deviation of perfect samplers' of that size."""

    samples: Divergence
    floor: Divergence
    floor_spread: Divergence


def divergences(samples: NDArray[np.floating], dataset: Dataset, seed: int = 0) -> Divergences:
    """Of finite samples (n, 1 or 2) from a data set whose density is known; the seed is that of the floor.

    Raises:
        ValueError: the density is not known, or there are too few samples.
    """
    known = _known(dataset)
    if len(samples) <= NEIGHBOUR:
        raise ValueError(f"Divergences need more than {NEIGHBOUR} samples; there are {len(samples)}.")
    return Divergences(_divergence(samples.astype(np.float64), known, seed), *_floor(known, len(samples), seed))


def _known(dataset: Dataset) -> Distribution:
    if not isinstance(dataset, Distribution) or dataset.kernels is None or len(dataset.spec.shape) != 1:
        raise ValueError("Divergences need data whose density is known, such as the ring: these are samples only.")
    return dataset


def _divergence(samples: Floats, dataset: Distribution, seed: int) -> Divergence:
    real = _drawn(dataset, len(samples), np.random.default_rng(seed))
    return Divergence(
        js=jensen_shannon(cell_probabilities(dataset), cell_counts(samples, dataset)),
        forward_kl=_kl_of_neighbours(real, samples),
        reverse_kl=-_entropy(samples) - float(log_density(samples, dataset).mean()),
    )


@lru_cache(maxsize=8)
def _floor(dataset: Distribution, n: int, seed: int) -> tuple[Divergence, Divergence]:
    """The mean and the standard deviation of what perfect samplers score."""
    rng = np.random.default_rng(seed + 1)
    perfect = [_divergence(_drawn(dataset, n, rng), dataset, seed + repeat) for repeat in range(REPEATS)]
    scores = np.array([(each.js, each.forward_kl, each.reverse_kl) for each in perfect])
    return Divergence(*scores.mean(axis=0).tolist()), Divergence(*scores.std(axis=0).tolist())


def _drawn(dataset: Distribution, n: int, rng: np.random.Generator) -> Floats:
    """Samples of the data themselves, (n, 1 or 2)."""
    centres, sigma = _kernels(dataset)
    return centres[rng.integers(len(centres), size=n)] + sigma * rng.standard_normal((n, centres.shape[1]))


# Jensen-Shannon: the plane (or line) is cut into cells


def jensen_shannon(expected: Floats, counts: NDArray[np.int64]) -> float:
    """JS in nats of the cells' probabilities (cells,) and the share of the samples that each cell holds."""
    shares = counts / counts.sum()
    middle = (expected + shares) / 2
    return float(rel_entr(expected, middle).sum() + rel_entr(shares, middle).sum()) / 2


@lru_cache(maxsize=8)
def cell_probabilities(dataset: Distribution) -> Floats:
    """The data's share of each cell, and last of all that lies beyond them, (cells + 1,): exact integrals.

    Raises:
        ValueError: the density is not known.
    """
    centres, sigma = _kernels(dataset)
    edges = _edges(dataset)
    along = [np.diff(ndtr((edges[:, None] - axis[None, :]) / sigma), axis=0) for axis in centres.T]  # (bins, k) each
    shares = along[0].mean(axis=1) if len(along) == 1 else along[0] @ along[1].T / len(centres)
    inside: Floats = np.where(shares > SMALLEST, shares, 0.0).ravel()
    everything: Floats = np.append(inside, max(1 - inside.sum(), 0.0))
    everything /= everything.sum()
    return everything


def cell_counts(samples: NDArray[np.floating], dataset: Distribution) -> NDArray[np.int64]:
    """How many samples (n, 1 or 2) lie in each cell, and last how many beyond them (NaN among these)."""
    edges = _edges(dataset)
    bins = len(edges) - 1
    finite = np.where(np.isfinite(samples), samples, np.inf)
    places = [np.searchsorted(edges, axis, side="right") - 1 for axis in finite.T]
    inside = np.all([(place >= 0) & (place < bins) for place in places], axis=0)
    cell = reduce(lambda cells, place: cells * bins + place, places)
    number = np.where(inside, cell, bins ** len(places))
    return np.bincount(number, minlength=bins ** len(places) + 1)


def _edges(dataset: Distribution) -> Floats:
    centres, sigma = _kernels(dataset)
    width = sigma * (CELL_OF_CURVES if len(centres) > MOST_MODES else CELL[centres.shape[1]])
    bins = math.ceil(2 * dataset.spec.extent / width)
    return np.linspace(-dataset.spec.extent, dataset.spec.extent, bins + 1)


# KL: densities at the places where samples are


def log_density(x: Floats, dataset: Distribution) -> Floats:
    """log p(x) of the data at x (n, 1 or 2), (n,)."""
    centres, sigma = _kernels(dataset)
    centres = centres[:: math.ceil(len(centres) / MOST_KERNELS)]
    dimension = centres.shape[1]
    squares = sum((x[:, None, axis] - centres[None, :, axis]) ** 2 for axis in range(dimension))
    scale = math.log(len(centres)) + dimension * math.log(sigma * math.sqrt(2 * math.pi))
    found: Floats = logsumexp(-0.5 * squares / sigma**2, axis=1) - scale
    return found


def _entropy(x: Floats) -> float:
    """Differential entropy in nats of the distribution behind the samples x (Kozachenko and Leonenko 1987).

    From the distance of each sample to its k-th neighbour (Kraskov et al. 2004, equation 20); minus infinity where
    more than k samples are alike.
    """
    n, dimension = x.shape
    distances = KDTree(x).query(x, [NEIGHBOUR + 1])[0][:, 0]  # the nearest of all is the sample itself
    log_ball = dimension / 2 * math.log(math.pi) - float(gammaln(dimension / 2 + 1))
    with np.errstate(divide="ignore"):
        return float(digamma(n) - digamma(NEIGHBOUR) + log_ball + dimension * np.log(distances).mean())


def _kl_of_neighbours(p: Floats, q: Floats) -> float:
    """KL(p || q) of the distributions behind two batches (Wang, Kulkarni and Verdu 2009, equation 5)."""
    n, dimension = p.shape
    among = KDTree(p).query(p, [NEIGHBOUR + 1])[0][:, 0]
    across = KDTree(q).query(p, [NEIGHBOUR])[0][:, 0]
    with np.errstate(divide="ignore"):
        return float(dimension * np.log(across / among).mean() + math.log(len(q) / (n - 1)))


def _kernels(dataset: Distribution) -> tuple[Floats, float]:
    """The Gaussians that the density is the mean of: their centres (k, 1 or 2) and their standard deviation."""
    known = _known(dataset).kernels
    assert known is not None
    return known

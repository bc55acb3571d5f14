"""Divergences of points from a density that is known: KL in both directions, and Jensen-Shannon.

The plane (or line) is cut into cells. What the data put into each follows from their formula; what the
samples put there is counted. Counting alone makes samples of the data themselves differ from them, so each
value comes with the floor: what a perfect sampler scores with as many samples.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, rel_entr

from ganlab.data import Dataset, Distribution

BINS = {1: 100, 2: 50}  # along each axis
HALF = 0.5  # of a count is put into each cell, so that an empty one does not make KL infinite
REPEATS = 20  # perfect samplers that the floor is the mean of


@dataclass(frozen=True)
class Divergence:
    """Of the samples from the data, in nats.

    Attributes:
        js: Jensen-Shannon, 0 to log 2; what the discriminator of the original GAN estimates.
        forward_kl: KL(data || samples), large where the samples miss something.
        reverse_kl: KL(samples || data), large where the samples are that should not be.
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
    """Of samples (n, 1 or 2) from a data set whose density is known; the seed is that of the floor.

    Raises:
        ValueError: the density is not known.
    """
    expected = cell_probabilities(dataset)
    counts = cell_counts(samples, dataset)
    n = len(samples)
    perfect = np.random.default_rng(seed).multinomial(n, expected, size=REPEATS)
    floor = np.array([_triple(expected, draw) for draw in perfect])
    return Divergences(
        Divergence(*_triple(expected, counts)), Divergence(*floor.mean(axis=0)), Divergence(*floor.std(axis=0))
    )


def cell_probabilities(dataset: Dataset) -> NDArray[np.float64]:
    """The data's share of each cell, and last of all that lies beyond them, (cells + 1,): exact integrals.

    Raises:
        ValueError: the density is not known.
    """
    if not isinstance(dataset, Distribution) or dataset.kernels is None or len(dataset.spec.shape) != 1:
        raise ValueError("Divergences need data whose density is known, such as the ring: these are samples only.")
    centres, sigma = dataset.kernels
    edges = _edges(dataset)
    along = [np.diff(ndtr((edges[:, None] - axis[None, :]) / sigma), axis=0) for axis in centres.T]  # (bins, k) each
    shares = along[0].mean(axis=1) if len(along) == 1 else along[0] @ along[1].T / len(centres)
    inside: NDArray[np.float64] = shares.ravel()
    everything: NDArray[np.float64] = np.append(inside, max(1 - inside.sum(), 0.0))
    everything /= everything.sum()
    return everything


def cell_counts(samples: NDArray[np.floating], dataset: Dataset) -> NDArray[np.int64]:
    """How many samples (n, 1 or 2) lie in each cell, and last how many beyond them (NaN among these)."""
    edges = _edges(dataset)
    bins = len(edges) - 1
    finite = np.where(np.isfinite(samples), samples, np.inf)
    places = [np.searchsorted(edges, axis, side="right") - 1 for axis in finite.T]
    inside = np.all([(place >= 0) & (place < bins) for place in places], axis=0)
    cell = reduce(lambda cells, place: cells * bins + place, places)
    number = np.where(inside, cell, bins ** len(places))
    return np.bincount(number, minlength=bins ** len(places) + 1)


def _edges(dataset: Dataset) -> NDArray[np.float64]:
    extent = dataset.spec.extent
    return np.linspace(-extent, extent, BINS[dataset.spec.shape[0]] + 1)


def _triple(expected: NDArray[np.float64], counts: NDArray[np.int64]) -> tuple[float, float, float]:
    """Jensen-Shannon, forward and reverse KL; the half counts go into both, so that equal shares give 0."""
    n, cells = counts.sum(), len(counts)
    p, q = (n * expected + HALF) / (n + HALF * cells), (counts + HALF) / (n + HALF * cells)
    middle = (p + q) / 2
    js = (rel_entr(p, middle).sum() + rel_entr(q, middle).sum()) / 2
    return float(js), float(rel_entr(p, q).sum()), float(rel_entr(q, p).sum())

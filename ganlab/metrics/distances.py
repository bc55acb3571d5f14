"""How far generated samples are from real ones, measured on features (n, dimension).

All of these depend on how many samples there are; compare only values of the same numbers.
torchmetrics has some of them, but bound to an Inception network that must be downloaded.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.spatial.distance import cdist, pdist

Array = NDArray[np.floating[Any]]

CHUNK_CELLS = 4_000_000  # distances held at a time


def frechet_distance(real: Array, fake: Array) -> float:
    """Squared Frechet distance between Gaussians with the means and covariances of two sets (n, d) and (m, d).

    |mu_r - mu_f|^2 + tr(S_r + S_f - 2 (S_r S_f)^(1/2)): Heusel et al. 2017, equation 6 (there on Inception's
    features). Biased upwards where there are few samples.
    """
    _check(real, fake)
    shift = real.mean(axis=0) - fake.mean(axis=0)
    cov_r, cov_f = (np.atleast_2d(np.cov(x, rowvar=False)) for x in (real, fake))
    # tr (S_r S_f)^(1/2) = tr (R S_f R)^(1/2) with R = S_r^(1/2), whose argument is symmetric: no complex roots
    values, vectors = np.linalg.eigh(cov_r)
    root = (vectors * np.sqrt(values.clip(0))) @ vectors.T
    overlap = np.sqrt(np.linalg.eigvalsh(root @ cov_f @ root).clip(0)).sum()
    return max(float(shift @ shift + np.trace(cov_r) + np.trace(cov_f) - 2 * overlap), 0.0)


def kernel_distance(real: Array, fake: Array) -> float:
    """Squared maximum mean discrepancy with k(x, y) = (x.y / d + 1)^3, its unbiased estimate: may fall below 0.

    Binkowski et al. 2018 (KID), equation 4; (n, d) and (m, d), n and m at least 2. Unlike Frechet's, its mean
    does not depend on how many samples there are.
    """
    _check(real, fake)

    def kernel(x: Array, y: Array) -> NDArray[np.float64]:
        return np.asarray((np.asarray(x, np.float64) @ y.T / x.shape[1] + 1) ** 3)

    def mean_of_pairs(x: Array) -> float:
        k = kernel(x, x)
        return float((k.sum() - np.trace(k)) / (len(x) * (len(x) - 1)))

    return mean_of_pairs(real) + mean_of_pairs(fake) - 2 * float(kernel(real, fake).mean())


@dataclass(frozen=True)
class Manifolds:
    """Quality and variety, told apart; each is 1 at best (density may exceed 1).

    precision: share of generated samples within a real sample's ball, which reaches to its k-th neighbour.
    recall: share of real samples within a generated sample's ball. Both: Kynkaanniemi et al. 2019, equation 1.
    density: how many real balls a generated sample lies in, over k; coverage: share of real samples whose ball
    holds a generated one. Both: Naeem et al. 2020, equations 5 and 6; steadier against outliers.
    """

    precision: float
    recall: float
    density: float
    coverage: float


def manifolds(real: Array, fake: Array, k: int = 5) -> Manifolds:
    """Precision, recall, density and coverage of (n, d) and (m, d); the papers use k = 3 (first two) and 5.

    Raises:
        ValueError: there are not more than k samples.
    """
    _check(real, fake)
    if min(len(real), len(fake)) <= k:
        raise ValueError(f"Neighbourhoods of {k} need more than {k} samples, not {min(len(real), len(fake))}.")
    real_radius, fake_radius = (_kth_neighbour(x, k) for x in (real, fake))
    in_real_balls = np.zeros(len(fake), np.int64)
    covered, recalled = np.zeros(len(real), bool), np.zeros(len(real), bool)
    step = max(1, CHUNK_CELLS // len(fake))
    for start in range(0, len(real), step):
        some = slice(start, start + step)
        distance = cdist(real[some], fake)
        inside = distance <= real_radius[some, None]
        in_real_balls += inside.sum(axis=0)
        covered[some] = inside.any(axis=1)
        recalled[some] = (distance <= fake_radius[None, :]).any(axis=1)
    return Manifolds(
        precision=float((in_real_balls > 0).mean()),
        recall=float(recalled.mean()),
        density=float(in_real_balls.mean() / k),
        coverage=float(covered.mean()),
    )


def energy_difference(real: Array, fake: Array, among_real: float | None = None) -> float:
    """How unlike two sets of samples (n, features) are: about 0 if alike, 1 if infinitely far apart.

    The energy distance 2 E|x - y| - E|x - x'| - E|y - y'| over its first term (Szekely and Rizzo 2013, section 3), each
    mean over pairs of different samples, so that sets of the same distribution give 0 on average; it may fall a little
    below. Whoever asks often with the same real samples gives their own mean, `mean_of_distances(real)`.
    """
    across = 2 * float(cdist(real, fake).mean())
    within = mean_of_distances(real) if among_real is None else among_real
    return (across - within - mean_of_distances(fake)) / max(across, 1e-12)


def mean_of_distances(x: Array) -> float:
    """E|x - x'| over the pairs of different samples (n, features)."""
    return float(pdist(x).mean())


def sliced_wasserstein(real: Array, fake: Array, projections: int = 128, seed: int = 0) -> float:
    """Root of the mean squared Wasserstein-2 distance of one-dimensional projections of (n, d) and (m, d).

    Bonneel et al. 2015, equation 9. The directions come in orthonormal bases, so that a shift by v gives
    |v| / sqrt(d) exactly, whichever they are; where d is above `projections`, they are a part of one basis.
    """
    _check(real, fake)
    rng, d = np.random.default_rng(seed), real.shape[1]
    across = min(d, projections)
    bases = [np.linalg.qr(rng.standard_normal((d, across)))[0] for _ in range(math.ceil(projections / d))]
    of_real, of_fake, widths = _quantile_steps(len(real), len(fake))
    squares = [
        widths @ np.square(np.sort(real @ basis, axis=0)[of_real] - np.sort(fake @ basis, axis=0)[of_fake])
        for basis in bases
    ]
    return float(np.sqrt(np.mean(squares)))


def _quantile_steps(n: int, m: int) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """The steps of two quantile functions laid over each other: which of n and of m sorted values, and how wide."""
    ends = np.unique(np.concatenate([np.arange(1, n + 1) * m, np.arange(1, m + 1) * n]))  # in units of 1 / nm
    starts = np.concatenate([[0], ends[:-1]])
    return starts // m, starts // n, (ends - starts) / (n * m)


def _kth_neighbour(x: Array, k: int) -> NDArray[np.float64]:
    """The distance from each sample to its k-th nearest other, (n,)."""
    radius = np.empty(len(x))
    step = max(1, CHUNK_CELLS // len(x))
    for start in range(0, len(x), step):
        radius[start : start + step] = np.partition(cdist(x[start : start + step], x), k, axis=1)[:, k]
    return radius


def _check(real: Array, fake: Array) -> None:
    if real.ndim != 2 or fake.ndim != 2 or real.shape[1] != fake.shape[1] or min(len(real), len(fake)) < 2:
        raise ValueError(f"Two sets of 2 or more like vectors are compared, not {real.shape} and {fake.shape}.")
    if not (np.isfinite(real).all() and np.isfinite(fake).all()):
        raise ValueError("There is no distance between samples that are not finite.")

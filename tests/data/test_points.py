"""Points lie where their formulas say."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
import torch

from ganlab.data import Distribution, density_1d, load
from ganlab.experiment import POINTS_1D, POINTS_2D, Experiment
from ganlab.metrics import mode_coverage, perfect_high_quality

MIXTURES = ("ring", "grid", "two_gaussians", "blobs", "mixture_1d")


def points(name: Any) -> Distribution:
    dataset = load(Experiment(data=name))
    assert isinstance(dataset, Distribution)
    return dataset


def drawn(name: Any, n: int = 20_000) -> np.ndarray:
    return points(name).draw(n, torch.Generator().manual_seed(0)).numpy()


@pytest.mark.parametrize("name", POINTS_1D + POINTS_2D)
def test_samples_have_their_shape_and_fill_the_plot(name: str) -> None:
    spec, x = points(name).spec, drawn(name)
    assert x.shape == (20_000, *spec.shape)
    assert x.dtype == np.float32
    assert spec.size is None
    assert 0.5 * spec.extent < np.abs(x).max() < spec.extent


def test_ring_and_grid_are_the_papers() -> None:
    ring, grid = points("ring").spec, points("grid").spec
    assert ring.centres is not None
    assert grid.centres is not None
    assert (len(ring.centres), ring.sigma, len(grid.centres), grid.sigma) == (8, 0.01, 25, 0.05)
    np.testing.assert_allclose(np.hypot(*ring.centres.T), 1)
    assert {tuple(centre) for centre in grid.centres} == {(x, y) for x in (-4, -2, 0, 2, 4) for y in (-4, -2, 0, 2, 4)}


@pytest.mark.parametrize("name", MIXTURES)
def test_a_mixtures_own_samples_have_the_perfect_coverage(name: str) -> None:
    spec, n = points(name).spec, 20_000
    assert spec.centres is not None
    assert spec.sigma is not None
    coverage = mode_coverage(drawn(name, n), spec.centres, spec.sigma)
    modes, perfect = coverage.total, perfect_high_quality(spec.shape[0])
    assert coverage.captured == modes
    assert coverage.high_quality == pytest.approx(perfect, abs=4 * math.sqrt(perfect * (1 - perfect) / n))
    # 2N KL of a sampled histogram is chi-squared: its mean is modes - 1, its variance twice that
    assert coverage.reverse_kl < (modes - 1 + 4 * math.sqrt(2 * (modes - 1))) / (2 * n)


def test_curves_are_followed_with_their_noise() -> None:
    line, circle, moons, spiral = (drawn(name) for name in ("line", "circle", "moons", "spiral"))
    assert (line[:, 0] - line[:, 1]).std() == pytest.approx(0.02 * math.sqrt(2), rel=0.03)
    radius = np.hypot(*circle.T)
    assert (radius.mean(), radius.std()) == pytest.approx((1, 0.02), rel=0.03)
    upper = np.hypot(moons[:, 0] + 0.5, moons[:, 1] + 0.25)
    lower = np.hypot(moons[:, 0] - 0.5, moons[:, 1] - 0.25)
    assert np.abs(np.minimum(np.abs(upper - 1), np.abs(lower - 1))).max() < 5 * 0.05
    angle, turn = np.arctan2(*spiral.T[::-1]), np.hypot(*spiral.T) * 4 * math.pi
    off = np.abs((turn - angle + math.pi) % (2 * math.pi) - math.pi)[turn > math.pi]
    assert np.median(off) < 4 * math.pi * 0.02 * 1.5


def test_the_density_in_one_dimension_is_that_of_the_samples() -> None:
    dataset = points("mixture_1d")
    x = np.linspace(-3, 3, 601)
    density = density_1d(dataset, x)
    assert density.sum() * 0.01 == pytest.approx(1, abs=1e-6)
    share, edges = np.histogram(drawn("mixture_1d", 100_000), bins=30, range=(-3, 3), density=True)
    middles = (edges[1:] + edges[:-1]) / 2
    np.testing.assert_allclose(share, density_1d(dataset, middles), atol=0.02)
    with pytest.raises(ValueError, match="one-dimensional"):
        density_1d(points("ring"), x)

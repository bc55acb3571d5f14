"""The optimal discriminator against densities that are known, and what a perfect D is said to be off by."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from scipy.stats import multivariate_normal

from ganlab.data import Distribution
from ganlab.data.points import POINTS, circle_of
from ganlab.metrics.optimal_discriminator import SAMPLES, log_density_of_samples, wrongness


def ring() -> Distribution:
    data = POINTS["ring"]()
    assert isinstance(data, Distribution)
    return data


def pdf_of_ring(x: np.ndarray, sigma: float) -> np.ndarray:
    return np.mean([multivariate_normal(centre, sigma**2).pdf(x) for centre in circle_of(8, 1.0)], axis=0)


def drawn(n: int, seed: int, widened: float) -> np.ndarray:
    """Samples of a ring whose modes are this much wider than the data's."""
    exact = ring().draw(n, torch.Generator().manual_seed(seed)).numpy().astype(np.float64)
    extra = 0.01 * np.sqrt(widened**2 - 1)
    return exact + np.random.default_rng(seed).normal(0, extra, (n, 2))


@pytest.mark.parametrize(("widened", "most"), [(1.0, 1.8), (2.0, 1.25), (5.0, 1.25)])
def test_a_perfect_d_is_off_by_about_the_floor(widened: float, most: float) -> None:
    x = np.concatenate([drawn(512, 1, 1.0), drawn(512, 2, widened)])
    p, p_g = pdf_of_ring(x, 0.01), pdf_of_ring(x, 0.01 * widened)
    found = wrongness(x, p / (p + p_g), drawn(SAMPLES, 3, widened), ring())
    assert 0.75 * found.floor < found.error < most * found.floor
    assert found.floor < 0.05


def test_a_wrong_d_is_off_by_the_distance_between_both() -> None:
    x = np.concatenate([drawn(512, 1, 1.0), drawn(512, 2, 5.0)])
    p, p_g = pdf_of_ring(x, 0.01), pdf_of_ring(x, 0.05)
    best = p / (p + p_g)
    found = wrongness(x, np.full(len(x), 0.5), drawn(SAMPLES, 3, 5.0), ring())
    assert found.error == pytest.approx(np.abs(0.5 - best).mean(), abs=found.floor)
    np.testing.assert_allclose(found.optimum.mean(), best.mean(), atol=0.01)
    smoothed = wrongness(x, best, drawn(SAMPLES, 3, 5.0), ring(), top=0.9)
    np.testing.assert_allclose(smoothed.optimum, 0.9 * found.optimum)


def test_the_density_of_uniform_samples_is_one_over_their_area() -> None:
    samples = np.random.default_rng(0).uniform(-2, 2, (20_000, 2))
    inside = np.random.default_rng(1).uniform(-1.5, 1.5, (500, 2))
    density = np.exp(log_density_of_samples(inside, samples, 30))
    assert density.mean() == pytest.approx(1 / 16, rel=0.03)
    assert density.std() / density.mean() == pytest.approx(1 / np.sqrt(30), rel=0.25)


def test_samples_that_are_all_alike_are_infinitely_dense_and_too_few_are_refused() -> None:
    x = np.array([[0.3, 0.0], [1.0, 0.0]])
    alike = np.tile([[0.3, 0.0]], (SAMPLES, 1))
    assert wrongness(x, np.zeros(2), alike, ring()).optimum.tolist() == [0.0, pytest.approx(1.0, abs=1e-3)]
    with pytest.raises(ValueError, match="there are 50"):
        wrongness(x, np.zeros(2), alike[:50], ring())

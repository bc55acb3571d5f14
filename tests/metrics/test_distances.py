"""Distances between sets of vectors, on cases whose answer is known."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.linalg import sqrtm
from scipy.stats import wasserstein_distance

from ganlab.metrics import Manifolds, frechet_distance, kernel_distance, manifolds, sliced_wasserstein

SEEDS = st.integers(0, 2**32 - 1)
every_distance = pytest.mark.parametrize("distance", [frechet_distance, kernel_distance, sliced_wasserstein, manifolds])


def normal(n: int, d: int, seed: int, shift: float = 0.0, scale: float = 1.0) -> np.ndarray:
    return shift + scale * np.random.default_rng(seed).standard_normal((n, d))


def with_moments(mean: np.ndarray, cov: np.ndarray, n: int = 50) -> np.ndarray:
    """Samples whose mean and covariance are these exactly."""
    raw = normal(n, len(mean), seed=3)
    raw -= raw.mean(axis=0)
    white = raw @ np.linalg.inv(np.linalg.cholesky(np.atleast_2d(np.cov(raw, rowvar=False)))).T
    return white @ np.linalg.cholesky(cov).T + mean


def test_frechet_between_gaussians_on_a_line_is_the_closed_form() -> None:
    one = with_moments(np.array([1.0]), np.array([[4.0]]))
    other = with_moments(np.array([-2.0]), np.array([[0.25]]))
    assert frechet_distance(one, other) == pytest.approx(3**2 + (2 - 0.5) ** 2)


def test_frechet_between_gaussians_in_space_is_the_closed_form() -> None:
    rng = np.random.default_rng(0)
    factors = rng.standard_normal((2, 5, 5))
    covs = [factor @ factor.T + 0.1 * np.eye(5) for factor in factors]
    means = rng.standard_normal((2, 5))
    expected = np.sum((means[0] - means[1]) ** 2) + np.trace(covs[0] + covs[1] - 2 * np.real(sqrtm(covs[0] @ covs[1])))
    sets = [with_moments(mean, cov) for mean, cov in zip(means, covs, strict=True)]
    assert frechet_distance(*sets) == pytest.approx(expected, rel=1e-6)
    assert frechet_distance(*sets[::-1]) == pytest.approx(expected, rel=1e-6)


def test_frechet_of_fewer_samples_than_dimensions_stays_finite() -> None:
    few = normal(10, 64, seed=0)
    assert frechet_distance(few, few + 1) == pytest.approx(64, rel=1e-6)


@every_distance
def test_a_set_is_at_no_distance_from_itself(distance: Callable[..., float]) -> None:
    x = normal(300, 4, seed=0)
    result = distance(x, x)
    if isinstance(result, Manifolds):
        assert (result.precision, result.recall, result.coverage) == (1, 1, 1)
        assert result.density == pytest.approx(1.2, abs=0.15)  # each counts itself besides its k neighbours
    else:
        # the unbiased estimate leaves out pairs of a sample with itself: a little below 0
        assert result == pytest.approx(0, abs=0.2 if distance is kernel_distance else 1e-6)


def test_the_kernel_distance_is_unbiased() -> None:
    values = [kernel_distance(normal(60, 3, 2 * seed), normal(40, 3, 2 * seed + 1)) for seed in range(400)]
    assert np.mean(values) == pytest.approx(0, abs=4 * np.std(values) / math.sqrt(len(values)))
    assert min(values) < 0


def test_the_kernel_distance_of_two_pairs_is_what_the_formula_gives() -> None:
    real, fake = np.array([[1.0], [2.0]]), np.array([[0.0], [-1.0]])
    k = lambda x, y: (x * y + 1) ** 3
    expected = k(1, 2) + k(0, -1) - 2 * (k(1, 0) + k(1, -1) + k(2, 0) + k(2, -1)) / 4
    assert kernel_distance(real, fake) == pytest.approx(expected)


def test_the_kernel_distance_tells_a_shift() -> None:
    assert kernel_distance(normal(500, 3, 0), normal(500, 3, 1, shift=0.5)) > 0.3


def test_the_same_distribution_has_full_precision_and_recall() -> None:
    found = manifolds(normal(1000, 2, 0), normal(1000, 2, 1))
    assert found.precision > 0.95 and found.recall > 0.95
    assert found.density == pytest.approx(1, abs=0.1)
    # Naeem et al. 2020, equation 8: 1 - ((n - 1) ... (n - k)) / ((2n - 1) ... (2n - k)), about 1 - 2^-k
    assert found.coverage == pytest.approx(1 - 2**-5, abs=0.03)


def test_disjoint_supports_have_none() -> None:
    found = manifolds(normal(200, 3, 0), normal(200, 3, 1, shift=100))
    assert (found.precision, found.recall, found.density, found.coverage) == (0, 0, 0, 0)


def test_a_collapsed_set_is_precise_and_covers_little() -> None:
    real = np.concatenate([normal(100, 2, mode, shift=20.0 * mode) for mode in range(10)])
    fake = normal(1000, 2, seed=99, shift=60.0)
    found = manifolds(real, fake)
    assert found.precision > 0.9
    assert found.recall == pytest.approx(0.1, abs=0.02)
    assert found.coverage == pytest.approx(0.1, abs=0.02)


def test_one_point_many_times_over_is_collapse() -> None:
    real = normal(500, 2, 0)
    found = manifolds(real, np.tile(real[:1], (500, 1)))
    assert (found.precision, found.recall) == (1, 1 / 500)
    assert found.coverage < 0.05


def test_a_small_case_by_hand() -> None:
    real, fake = np.array([[0.0], [1.0], [3.0]]), np.array([[0.5], [2.5], [9.0]])
    # with k = 1 the real balls are [-1, 1], [0, 2], [1, 5]; the generated ones [-1.5, 2.5], [0.5, 4.5], [2.5, 15.5]
    assert manifolds(real, fake, k=1) == Manifolds(precision=2 / 3, recall=1.0, density=1.0, coverage=1.0)


def test_manifolds_do_not_depend_on_how_much_is_held_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    sets = normal(90, 3, 0), normal(70, 3, 1, scale=0.7)
    whole = manifolds(*sets)
    monkeypatch.setattr("ganlab.metrics.distances.CHUNK_CELLS", 300)
    assert manifolds(*sets) == whole


@settings(max_examples=30, deadline=None)
@given(SEEDS, st.integers(1, 6), st.integers(2, 40))
def test_sliced_wasserstein_of_a_shift_is_its_length_over_root_d(seed: int, d: int, n: int) -> None:
    rng = np.random.default_rng(seed)
    x, shift = rng.standard_normal((n, d)), rng.standard_normal(d)
    assert sliced_wasserstein(x, x + shift, seed=seed) == pytest.approx(np.linalg.norm(shift) / math.sqrt(d), abs=1e-9)


def test_sliced_wasserstein_of_large_images_looks_along_as_many_directions_as_it_says() -> None:
    x, shift = normal(50, 3072, 0), normal(1, 3072, 1)[0]
    exact = np.linalg.norm(shift) / math.sqrt(3072)
    assert sliced_wasserstein(x, x + shift, projections=128) == pytest.approx(exact, rel=0.2)
    assert sliced_wasserstein(x, x + shift, projections=1024) == pytest.approx(exact, rel=0.05)


def test_sliced_wasserstein_on_a_line_is_wasserstein_2() -> None:
    x, y = normal(500, 1, 0), normal(500, 1, 1, shift=1.0, scale=3.0)
    assert sliced_wasserstein(x, y) == pytest.approx(np.sqrt(np.mean((np.sort(x, 0) - np.sort(y, 0)) ** 2)))


@settings(max_examples=30, deadline=None)
@given(st.integers(2, 12), st.integers(2, 12))
def test_sliced_wasserstein_takes_sets_of_different_sizes(n: int, m: int) -> None:
    x, y = normal(n, 1, n), normal(m, 1, m + 100)
    repeated = sliced_wasserstein(np.repeat(x, m, axis=0), np.repeat(y, n, axis=0))
    assert sliced_wasserstein(x, y) == pytest.approx(repeated, abs=1e-9)
    assert sliced_wasserstein(x, y) >= wasserstein_distance(x[:, 0], y[:, 0]) - 1e-9  # W2 is at least W1


def test_sliced_wasserstein_follows_from_its_seed() -> None:
    x, y = normal(100, 7, 0), normal(100, 7, 1, scale=2.0)
    assert sliced_wasserstein(x, y, projections=8, seed=1) == sliced_wasserstein(x, y, projections=8, seed=1)
    assert sliced_wasserstein(x, y, projections=8, seed=1) != sliced_wasserstein(x, y, projections=8, seed=2)


@every_distance
@pytest.mark.parametrize(
    ("real", "fake"),
    [
        (np.zeros((5, 2)), np.zeros((5, 3))),
        (np.zeros((1, 2)), np.zeros((5, 2))),
        (np.zeros(5), np.zeros(5)),
        (np.zeros((9, 2)), np.full((9, 2), np.nan)),
        (np.zeros((9, 2)), np.full((9, 2), np.inf)),
    ],
)
def test_what_can_not_be_compared_is_an_error(
    distance: Callable[..., float], real: np.ndarray, fake: np.ndarray
) -> None:
    with pytest.raises(ValueError, match=r"\.$"):
        distance(real, fake)


def test_neighbourhoods_need_neighbours() -> None:
    with pytest.raises(ValueError, match="Neighbourhoods of 5 need more than 5 samples, not 5"):
        manifolds(normal(5, 2, 0), normal(50, 2, 1))

"""Mode coverage, calibrated with what a perfect and a collapsed sampler must score."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ganlab.data import load
from ganlab.experiment import Experiment
from ganlab.metrics import mode_coverage, perfect_high_quality

SIGMA = 0.01
CENTRES = np.stack([np.cos(np.arange(8) * np.pi / 4), np.sin(np.arange(8) * np.pi / 4)], axis=1)


def ring(n: int, seed: int, sigma: float = SIGMA) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return CENTRES[rng.integers(8, size=n)] + sigma * rng.standard_normal((n, 2))


def test_a_perfect_sampler_scores_98_89_percent_not_100() -> None:
    share = 1 - math.exp(-4.5)
    coverage = mode_coverage(ring(200_000, seed=0), CENTRES, SIGMA)
    assert share == pytest.approx(0.9889, abs=5e-5)
    assert perfect_high_quality(2) == pytest.approx(share, abs=1e-12)
    assert perfect_high_quality(1) == pytest.approx(math.erf(3 / math.sqrt(2)), abs=1e-12)
    assert coverage.high_quality == pytest.approx(share, abs=4 * math.sqrt(share * (1 - share) / 200_000))
    assert (coverage.captured, coverage.total) == (8, 8)


def test_a_perfect_samplers_reverse_kl_is_k_minus_1_over_2n() -> None:
    runs = [mode_coverage(ring(2500, seed), CENTRES, SIGMA).reverse_kl for seed in range(100)]
    # 2N KL is chi-squared with 7 degrees of freedom: the mean of 100 runs varies by sqrt(14 / 100)
    assert np.mean(runs) == pytest.approx(7 / (2 * 2500), abs=4 * math.sqrt(14 / 100) / (2 * 2500))


def test_a_collapsed_generator_reads_one_mode() -> None:
    coverage = mode_coverage(np.tile(CENTRES[3], (2500, 1)), CENTRES, SIGMA)
    assert coverage.captured == 1
    assert coverage.high_quality == 1
    assert coverage.reverse_kl == pytest.approx(math.log(8))
    assert coverage.counts.tolist() == [0, 0, 0, 2500, 0, 0, 0, 0]


def test_points_outside_every_mode_count_for_none() -> None:
    coverage = mode_coverage(np.zeros((100, 2)), CENTRES, SIGMA)
    assert (coverage.captured, coverage.touched, coverage.high_quality) == (0, 0, 0.0)
    assert math.isnan(coverage.reverse_kl)
    assert not coverage.counts.any()


def test_three_standard_deviations_are_near_and_a_little_more_is_not() -> None:
    at = lambda distance: CENTRES[:1] + np.array([[0.0, distance * SIGMA]])
    assert mode_coverage(at(2.999), CENTRES, SIGMA).touched == 1
    assert mode_coverage(at(3.001), CENTRES, SIGMA).touched == 0


def test_one_good_sample_touches_a_mode_and_does_not_capture_it() -> None:
    samples = np.concatenate([np.tile(CENTRES[0], (2499, 1)), CENTRES[5:6]])
    coverage = mode_coverage(samples, CENTRES, SIGMA)
    assert (coverage.captured, coverage.touched) == (1, 2)


@given(seed=st.integers(0, 2**32 - 1), sigma=st.floats(0.001, 0.5), n=st.integers(1, 200))
def test_counts_add_up_and_ignore_the_order_of_samples(seed: int, sigma: float, n: int) -> None:
    samples = ring(n, seed, sigma)
    coverage = mode_coverage(samples, CENTRES, SIGMA)
    again = mode_coverage(samples[::-1], CENTRES, SIGMA)
    assert coverage.counts.sum() == round(coverage.high_quality * n)
    assert coverage.touched == (coverage.counts > 0).sum()
    assert coverage.captured <= coverage.touched
    assert np.array_equal(coverage.counts, again.counts)
    if coverage.touched:
        assert -1e-12 <= coverage.reverse_kl <= math.log(8) + 1e-12


def test_a_scatter_touches_modes_and_captures_none() -> None:
    found = [mode_coverage(np.random.default_rng(s).uniform(-1.1, 1.1, (2500, 2)), CENTRES, SIGMA) for s in range(100)]
    assert max(coverage.captured for coverage in found) == 0
    assert np.mean([coverage.touched for coverage in found]) > 3  # what the papers' rule would count


@pytest.mark.parametrize("data", ["ring", "grid", "two_gaussians", "blobs", "mixture_1d"])
def test_a_mode_with_a_fifth_of_its_share_is_captured_and_one_with_a_few_samples_is_not(data: str) -> None:
    dataset = load(Experiment.of(data=data))
    centres, sigma = dataset.spec.centres, dataset.spec.sigma
    assert centres is not None and sigma is not None
    share = 2500 // len(centres)

    def with_first_mode(count: int) -> np.ndarray:
        others = np.resize(np.arange(1, len(centres)), 2500 - count)
        return np.concatenate([np.tile(centres[0], (count, 1)), centres[others]])

    assert mode_coverage(with_first_mode(share // 5), centres, sigma).captured == len(centres)
    assert mode_coverage(with_first_mode(3), centres, sigma).captured == len(centres) - 1
    assert mode_coverage(with_first_mode(3), centres, sigma).touched == len(centres)


@pytest.mark.parametrize(
    ("good", "modes", "collapsed"),
    [(1.0, 1, True), (1.0, 4, True), (1.0, 5, False), (0.5, 1, False), (0.0, 0, False)],
)
def test_samples_have_collapsed_when_most_are_good_and_they_sit_on_few_modes(
    good: float, modes: int, collapsed: bool
) -> None:
    ring = load(Experiment.of(data="ring")).spec
    assert ring.centres is not None
    assert ring.sigma is not None
    on_modes = np.repeat(ring.centres[: max(modes, 1)], 250, axis=0)
    far = np.zeros_like(on_modes)
    kept = int(good * len(on_modes))
    samples = np.concatenate([on_modes[:: max(1, len(on_modes) // max(kept, 1))][:kept], far[kept:]])
    assert mode_coverage(samples, ring.centres, ring.sigma).collapsed is collapsed

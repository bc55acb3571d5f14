"""Divergences from a known density, and the floor that a perfect sampler does not get below."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from ganlab.data import Distribution, load
from ganlab.experiment import Experiment
from ganlab.experiment.choices import POINTS_1D, POINTS_2D
from ganlab.metrics import divergences
from ganlab.metrics.divergences import cell_counts, cell_probabilities, jensen_shannon

every_density = pytest.mark.parametrize("name", POINTS_1D + POINTS_2D)


def known(name: str) -> Distribution:
    dataset = load(Experiment.of(data=name))
    assert isinstance(dataset, Distribution)
    return dataset


def drawn(name: str, n: int, seed: int = 0) -> np.ndarray:
    return known(name).draw(n, torch.Generator().manual_seed(seed)).numpy()


@every_density
def test_the_cells_hold_what_the_samples_put_there(name: str) -> None:
    expected, n = cell_probabilities(known(name)), 100_000
    counts = cell_counts(drawn(name, n), known(name))
    assert counts.sum() == n and len(counts) == len(expected)
    assert expected.sum() == pytest.approx(1)
    deviation = (counts - n * expected) / np.sqrt(n * expected * (1 - expected) + 1)
    assert np.abs(deviation).max() < 6


@every_density
def test_a_perfect_sampler_scores_the_floor(name: str) -> None:
    found = divergences(drawn(name, 2500), known(name))
    for kind in ("js", "forward_kl", "reverse_kl"):
        value, floor, spread = (getattr(part, kind) for part in (found.samples, found.floor, found.floor_spread))
        assert value == pytest.approx(floor, abs=5 * spread)


def test_cells_are_integrals_of_the_density() -> None:
    expected = cell_probabilities(known("mixture_1d"))
    edges = np.linspace(-3, 3, 81)  # a quarter of the standard deviation of 0.3 each
    cdf = lambda x: np.mean([0.5 * (1 + math.erf((x - centre) / (0.3 * math.sqrt(2)))) for centre in (-1, 1)])
    np.testing.assert_allclose(expected[:-1], np.diff([cdf(x) for x in edges]), atol=1e-12)
    assert expected[-1] == pytest.approx(1 - cdf(3) + cdf(-3), abs=1e-12)


def test_cells_are_laid_out_as_the_counts_are() -> None:
    points = np.array([[-1.499, -1.499], [-1.499, 1.499], [1.499, 1.499], [7.0, 0.0], [0.0, np.nan]])
    counts = cell_counts(points, known("ring"))  # 300 cells along each axis
    assert np.flatnonzero(counts).tolist() == [0, 299, 300**2 - 1, 300**2]
    assert counts[-1] == 2


# What theory gives, in nats. JS of N(0, 1) and N(3, 1) was integrated numerically.
DISJOINT, ONE_OF_EIGHT, THREE_SIGMA = math.log(2), 0.49693, 0.5274


def test_2500_samples_of_the_ring_come_within_2_hundredths_of_the_true_js() -> None:
    ring, many = known("ring"), drawn("ring", 25_000)
    one = many[np.argmin(np.linalg.norm(many[:, None] - ring.spec.centres, axis=2), axis=1) == 0][:2500]
    elsewhere, shifted = drawn("ring", 2500) + 99, drawn("ring", 2500) + np.array([0.03, 0.0])
    for samples, truth in ((elsewhere, DISJOINT), (one, ONE_OF_EIGHT), (shifted, THREE_SIGMA)):
        assert divergences(samples, ring).samples.js == pytest.approx(truth, abs=0.02)
    assert divergences(drawn("ring", 2500), ring).samples.js < 0.02


def test_reverse_kl_is_what_theory_gives() -> None:
    ring, many = known("ring"), drawn("ring", 25_000)
    one = many[np.argmin(np.linalg.norm(many[:, None] - ring.spec.centres, axis=2), axis=1) == 0][:2500]
    shifted = drawn("ring", 2500) + np.array([0.03, 0.0])
    wider = drawn("ring", 2500) + np.random.default_rng(0).normal(scale=0.01, size=(2500, 2))
    # log 8 where the samples are the data on an eighth of it; 9/2 at three sigma; 1 - log 2 with twice the variance
    # The mean of 2,500 terms, whose standard deviation three sigma off is 3, varies by 0.06.
    for samples, truth, within in ((one, math.log(8), 0.06), (shifted, 4.5, 0.24), (wider, 1 - math.log(2), 0.06)):
        assert divergences(samples, ring).samples.reverse_kl == pytest.approx(truth, abs=within)


def test_what_is_missed_shows_in_the_forward_direction_and_in_js() -> None:
    ring = drawn("ring", 20_000)
    half = ring[ring[:, 0] > 0][:2500]
    perfect, collapsed = divergences(drawn("ring", 2500), known("ring")), divergences(half, known("ring"))
    assert collapsed.samples.forward_kl > 1 > 10 * abs(perfect.samples.forward_kl)
    assert perfect.samples.js < collapsed.samples.js < math.log(2)


def test_samples_that_are_all_alike_have_an_infinite_reverse_kl() -> None:
    found = divergences(np.tile(drawn("ring", 1), (2500, 1)), known("ring")).samples
    assert math.isinf(found.reverse_kl) and found.reverse_kl > 0
    assert 0.6 < found.js < math.log(2)


@given(st.lists(st.floats(-10, 10, width=32), min_size=12, max_size=60))
def test_js_lies_between_0_and_log_2_whatever_the_samples(values: list[float]) -> None:
    samples = np.array(values[: len(values) // 2 * 2]).reshape(-1, 2)
    counts = cell_counts(samples, known("ring"))
    assert 0 <= jensen_shannon(cell_probabilities(known("ring")), counts) <= math.log(2) + 1e-12


def test_a_few_samples_are_too_few() -> None:
    with pytest.raises(ValueError, match="more than 5 samples"):
        divergences(np.zeros((5, 2)), known("ring"))


def test_the_floor_follows_from_its_seed() -> None:
    samples = drawn("grid", 500)
    assert divergences(samples, known("grid"), seed=1) == divergences(samples, known("grid"), seed=1)
    assert divergences(samples, known("grid"), seed=1).floor != divergences(samples, known("grid"), seed=2).floor


@pytest.mark.parametrize("name", ["digits", "stacked_digits"])
def test_where_no_density_is_known_it_says_so(name: str) -> None:
    with pytest.raises(ValueError, match="need data whose density is known"):
        divergences(np.zeros((9, 2)), load(Experiment.of(data=name)))

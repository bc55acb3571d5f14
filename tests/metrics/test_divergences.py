"""Divergences from a known density, and the floor that a perfect sampler does not get below."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch

from ganlab.data import Distribution, load
from ganlab.experiment import Experiment
from ganlab.experiment.choices import POINTS_1D, POINTS_2D
from ganlab.metrics import divergences
from ganlab.metrics.divergences import cell_counts, cell_probabilities

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
        assert value > 0
        assert value == pytest.approx(floor, abs=5 * spread)


def test_cells_are_integrals_of_the_density() -> None:
    expected = cell_probabilities(known("mixture_1d"))
    edges = np.linspace(-3, 3, 101)
    cdf = lambda x: np.mean([0.5 * (1 + math.erf((x - centre) / (0.3 * math.sqrt(2)))) for centre in (-1, 1)])
    np.testing.assert_allclose(expected[:-1], np.diff([cdf(x) for x in edges]), atol=1e-12)
    assert expected[-1] == pytest.approx(1 - cdf(3) + cdf(-3), abs=1e-12)


def test_cells_are_laid_out_as_the_counts_are() -> None:
    counts = cell_counts(
        np.array([[-1.49, -1.49], [-1.49, 1.49], [1.49, 1.49], [7.0, 0.0], [0.0, np.nan]]), known("ring")
    )
    assert np.flatnonzero(counts).tolist() == [0, 49, 2499, 2500]
    assert counts[2500] == 2


def test_collapse_shows_in_the_forward_direction_and_in_js() -> None:
    ring = drawn("ring", 20_000)
    half = ring[ring[:, 0] > 0][:2500]
    perfect, collapsed = divergences(drawn("ring", 2500), known("ring")), divergences(half, known("ring"))
    assert collapsed.samples.forward_kl > 5 * perfect.samples.forward_kl
    assert collapsed.samples.js > 3 * perfect.samples.js
    assert collapsed.samples.js < math.log(2)


def test_half_of_the_modes_is_at_the_distance_that_theory_gives() -> None:
    samples = drawn("two_gaussians", 400_000)
    one = samples[samples[:, 0] > 0]
    found = divergences(one, known("two_gaussians"))
    # KL(q || p) = log 2 where q is p on half of it; JS = (3/4) log(4/3)
    assert found.samples.reverse_kl == pytest.approx(math.log(2), rel=0.02)
    assert found.samples.js == pytest.approx(0.75 * math.log(4 / 3), rel=0.02)


def test_samples_elsewhere_are_nearly_as_far_as_can_be() -> None:
    found = divergences(np.full((100_000, 2), 99.0), known("two_gaussians"))
    assert found.samples.js == pytest.approx(math.log(2), rel=0.1)
    assert found.samples.reverse_kl > 5


def test_the_floor_follows_from_its_seed() -> None:
    samples = drawn("grid", 500)
    assert divergences(samples, known("grid"), seed=1) == divergences(samples, known("grid"), seed=1)
    assert divergences(samples, known("grid"), seed=1).floor != divergences(samples, known("grid"), seed=2).floor


@pytest.mark.parametrize("name", ["digits", "stacked_digits"])
def test_where_no_density_is_known_it_says_so(name: str) -> None:
    with pytest.raises(ValueError, match="need data whose density is known"):
        divergences(np.zeros((5, 2)), load(Experiment.of(data=name)))

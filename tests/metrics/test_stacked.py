"""The 1000 modes of stacked digits, as the classifier trained here sees them; calibrated with the data themselves."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch

from ganlab.data import Collection, Distribution, load
from ganlab.data.images.digits import digits
from ganlab.experiment import Experiment
from ganlab.metrics import digit_classifier, stacked_coverage
from ganlab.metrics.classifier import Classifier, train_classifier
from ganlab.metrics.modes import kl_to_uniform
from ganlab.metrics.stacked import SAMPLES, mode_counts, modes, named_modes


@pytest.fixture(scope="module")
def classifier() -> Classifier:
    return digit_classifier("stacked_digits")


def drawn(n: int) -> torch.Tensor:
    dataset = load(Experiment.of(data="stacked_digits"))
    assert isinstance(dataset, Distribution)
    return dataset.draw(n, torch.Generator().manual_seed(0))


def test_the_classifier_knows_digits_that_it_was_not_trained_on(classifier: Classifier) -> None:
    assert classifier.accuracy > 0.96
    assert classifier.held_out == 359
    assert digit_classifier("stacked_digits") is classifier


def test_training_follows_from_the_seed_alone(classifier: Classifier) -> None:
    before = torch.get_rng_state()
    again = train_classifier(digits())
    assert torch.equal(torch.get_rng_state(), before)
    assert again.accuracy == classifier.accuracy
    for one, other in zip(again.network.parameters(), classifier.network.parameters(), strict=True):
        assert torch.equal(one, other)
        assert not one.requires_grad


def test_a_perfect_sampler_captures_all_modes_at_the_known_kl(classifier: Classifier) -> None:
    samples = drawn(SAMPLES)
    coverage = stacked_coverage(samples, classifier)
    assert (coverage.captured, coverage.total) == (1000, 1000)
    assert coverage.counts.sum() + coverage.unreadable == SAMPLES
    assert coverage.accuracy == classifier.accuracy
    # (K - 1) / 2N = 0.0192 for a perfect sampler; the classifier's errors make some digits a little likelier
    counts = mode_counts(named_modes(samples, classifier))
    assert kl_to_uniform(counts) == pytest.approx(999 / (2 * SAMPLES), abs=0.006)


def test_noise_is_named_but_can_not_be_read(classifier: Classifier) -> None:
    noise = torch.rand(500, 3, 8, 8, generator=torch.Generator().manual_seed(0)) * 2 - 1
    assert np.count_nonzero(mode_counts(named_modes(noise, classifier))) > 1
    coverage = stacked_coverage(noise, classifier)
    assert (coverage.captured, coverage.unreadable) == (0, 500)
    assert math.isnan(coverage.reverse_kl)


def test_the_kl_of_uniform_draws_is_k_minus_1_over_2n() -> None:
    counts = np.random.default_rng(0).multinomial(SAMPLES, np.full(1000, 1e-3), size=50)
    # 2N KL is chi-squared with 999 degrees of freedom
    expected, spread = 999 / (2 * SAMPLES), math.sqrt(2 * 999 / 50) / (2 * SAMPLES)
    assert np.mean([kl_to_uniform(row) for row in counts]) == pytest.approx(expected, rel=0.01, abs=4 * spread)
    assert expected == pytest.approx(0.0192, abs=5e-5)


def test_collapse_is_one_mode_at_log_1000(classifier: Classifier) -> None:
    one = next(sample for sample in drawn(20).split(1) if stacked_coverage(sample, classifier).captured)
    coverage = stacked_coverage(one.expand(500, -1, -1, -1), classifier)
    assert coverage.captured == 1
    assert coverage.reverse_kl == pytest.approx(math.log(1000))


def test_a_mode_is_named_red_green_blue(classifier: Classifier) -> None:
    table = digits()
    assert table.classes is not None
    examples = torch.stack([table.take((table.classes == digit).nonzero()[:9, 0])[:, 0] for digit in range(10)])
    stack = torch.stack([examples[1], examples[2], examples[3]], dim=1)
    assert mode_counts(modes(stack, classifier)).argmax() == 123


def test_images_in_colour_are_classified_too_and_those_without_classes_are_refused() -> None:
    shapes = load(Experiment.of(data="shapes", image_size=16))
    assert isinstance(shapes, Collection)
    assert train_classifier(shapes).accuracy > 0.5  # of five shapes
    with pytest.raises(ValueError, match="whose classes are known"):
        train_classifier(Collection(shapes.spec, shapes.values))

"""Features: named for what they are, and good enough to tell real digits from worse ones."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from ganlab.data import Collection, Sampler, load
from ganlab.experiment import Experiment
from ganlab.metrics import features_for, frechet_distance, kernel_distance, manifolds
from ganlab.metrics.features import COORDINATES, OWN_CLASSIFIER, RANDOM_NETWORK


@pytest.mark.parametrize("name", ["ring", "mixture_1d"])
def test_points_are_their_own_features(name: str) -> None:
    dataset = load(Experiment.of(data=name))
    features, samples = features_for(dataset), Sampler(dataset, 0).next(50)
    assert (features.name, features.accuracy) == (COORDINATES, None)
    np.testing.assert_array_equal(features.of(samples), samples.double())


def test_labelled_images_have_a_classifiers_features() -> None:
    dataset = load(Experiment.of(data="digits"))
    features = features_for(dataset)
    assert features is features_for(dataset)
    assert features.name == OWN_CLASSIFIER
    assert "not comparable with Inception FID" in features.name
    assert features.accuracy is not None and features.accuracy > 0.96
    sampler = Sampler(dataset, 0)
    real, more, noise = sampler.next(600), sampler.next(600), torch.empty(600, 1, 8, 8)
    noise.uniform_(-1, 1, generator=torch.Generator().manual_seed(0))
    blurred = (more + more.roll(1, 2) + more.roll(1, 3)) / 3
    at = [features.of(images) for images in (real, more, blurred, noise)]
    assert at[0].shape == (600, 128) and at[0].dtype == np.float64
    for distance in (frechet_distance, kernel_distance):
        values = [distance(at[0], other) for other in at[1:]]
        assert values == sorted(values)
        assert values[0] < 0.2 * values[2]
    assert manifolds(at[0], at[1]).coverage > 0.8
    assert manifolds(at[0], at[3]).precision < 0.1


def test_images_without_labels_have_those_of_a_random_network() -> None:
    digits = load(Experiment.of(data="digits", image_size=28))
    assert isinstance(digits, Collection)
    plain = Collection(digits.spec, digits.values)
    features = features_for(plain)
    assert (features.name, features.accuracy) == (RANDOM_NETWORK, None)
    images = plain.take(torch.arange(40))
    first = features.of(images)
    assert first.shape == (40, 128)
    features_for.cache_clear()
    np.testing.assert_array_equal(features_for(plain).of(images), first)
    assert features_for(load(Experiment.of(data="stacked_digits"))).name == RANDOM_NETWORK

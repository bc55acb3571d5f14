"""Which pictures count as digits: real ones nearly all, noise and mixtures of two digits seldom or never."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from ganlab.data import Collection
from ganlab.data.images.digits import digits
from ganlab.data.images.mnist import mnist_10k
from ganlab.metrics.background import classifier_for
from ganlab.metrics.classifier import UNREADABLE, Classifier

N = 300


@pytest.fixture(scope="module")
def classifier() -> Classifier:
    return classifier_for(digits())


@pytest.fixture(scope="module")
def larger() -> tuple[Collection, Classifier]:
    data = mnist_10k()
    return data, classifier_for(data)


def some(seed: int) -> Tensor:
    table = digits()
    return table.take(torch.randint(len(table.values), (N,), generator=torch.Generator().manual_seed(seed)))


def noise(seed: int) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def share_read(classifier: Classifier, images: Tensor) -> float:
    return float((classifier.read(images) != UNREADABLE).double().mean())


def test_few_real_digits_that_were_held_out_are_refused(classifier: Classifier) -> None:
    assert 0 < classifier.legibility.refused < 0.07


@pytest.mark.parametrize(
    "images",
    [
        pytest.param(torch.rand(N, 1, 8, 8, generator=noise(0)) * 2 - 1, id="uniform noise"),
        pytest.param(torch.randn(N, 1, 8, 8, generator=noise(1)).clamp(-1, 1), id="Gaussian noise"),
        pytest.param(torch.full((N, 1, 8, 8), -1.0), id="blank"),
        pytest.param(some(0).flatten(1)[:, torch.randperm(64, generator=noise(2))].view(N, 1, 8, 8), id="shuffled"),
    ],
)
def test_what_is_no_digit_is_not_read(classifier: Classifier, images: Tensor) -> None:
    assert share_read(classifier, images) < 0.01
    assert len(classifier.classes(images).unique()) >= 1  # while the classifier alone names it


def test_a_mixture_of_two_digits_is_often_not_read(classifier: Classifier) -> None:
    assert share_read(classifier, (some(0) + some(1)) / 2) < 0.5  # one in ten mixes a class with itself


def test_what_is_read_keeps_its_class(classifier: Classifier) -> None:
    images = some(3)
    read = classifier.read(images)
    assert torch.equal(read[read != UNREADABLE], classifier.classes(images)[read != UNREADABLE])


def test_a_little_noise_leaves_digits_legible(classifier: Classifier) -> None:
    images = some(4)
    blurred = (images + 0.1 * torch.randn(images.shape, generator=noise(5))).clamp(-1, 1)
    assert share_read(classifier, blurred) > 0.9


def test_it_holds_for_digits_of_28_pixels_too(larger: tuple[Collection, Classifier]) -> None:
    data, classifier = larger
    one, other = (data.take(torch.randperm(len(data.values), generator=noise(seed))[:N]) for seed in (0, 1))
    shuffled = torch.stack([image.flatten()[torch.randperm(784, generator=noise(2))] for image in one]).view_as(one)
    assert classifier.accuracy > 0.93
    assert 0 < classifier.legibility.refused < 0.12
    assert share_read(classifier, one) > 0.88
    assert share_read(classifier, (one + other) / 2) < 0.5  # one in ten mixes a class with itself
    assert share_read(classifier, shuffled) < 0.01
    assert share_read(classifier, torch.rand(N, 1, 28, 28, generator=noise(3)) * 2 - 1) < 0.01
    assert share_read(classifier, torch.full((1, 1, 28, 28), -1.0)) == 0

"""A classifier trained in the background: nobody waits for it, and it is trained once."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event, Lock

import pytest

from ganlab.data import Collection
from ganlab.data.images.shapes import shapes
from ganlab.metrics import background
from ganlab.metrics.background import classifier_for, classifier_soon
from ganlab.metrics.classifier import Classifier
from tests.patience import PATIENCE


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(background, "_training", Lock())  # else these wait for classifiers that other tests began


@pytest.fixture
def images() -> Collection:
    few = shapes(8)
    return Collection(few.spec, few.values, few.classes)


def test_it_is_none_until_it_is_trained_and_is_trained_once(
    images: Collection, monkeypatch: pytest.MonkeyPatch
) -> None:
    released, asked, usual = Event(), [], background.train_classifier

    def slow(dataset: Collection, go_on: Callable[[], bool]) -> Classifier:
        if dataset is not images:  # one that another test began
            return usual(dataset, go_on=go_on)
        asked.append(dataset)
        released.wait(PATIENCE)
        return Classifier(network=None, accuracy=0.9, held_out=10, legibility=None)  # type: ignore[arg-type]

    monkeypatch.setattr(background, "train_classifier", slow)
    assert classifier_soon(images) is None
    assert classifier_soon(images) is None
    released.set()
    trained = classifier_for(images)
    assert classifier_soon(images) is trained
    assert asked == [images]


def test_whoever_asks_is_told_why_it_failed(images: Collection) -> None:
    plain = Collection(images.spec, images.values)
    with pytest.raises(ValueError, match="whose classes are known"):
        classifier_for(plain)

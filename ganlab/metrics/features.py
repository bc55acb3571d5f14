"""What distances between real and generated samples are measured on.

Published distances between images are measured on the features of an Inception network trained on ImageNet.
These are not: they are quick, fit small images, and compare with one another only.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from ganlab.data import Collection, Dataset
from ganlab.metrics.background import classifier_for, classifier_soon
from ganlab.metrics.classifier import Classifier, untrained

COORDINATES = "the coordinates themselves"
OWN_CLASSIFIER = "features of GanLab's own classifier: not comparable with Inception FID"
RANDOM_NETWORK = "features of a fixed random network (there are no labels to learn from): not comparable with any FID"


@dataclass(frozen=True, eq=False)
class Features:
    """A way to describe samples by vectors.

    Attributes:
        name: to be shown beside every distance measured on them.
        of: samples (n, *shape) -> features (n, dimension), float64.
        accuracy: of the classifier they come from, on images it was not trained on (0 to 1), if there is one.
    """

    name: str
    of: Callable[[Tensor], NDArray[np.float64]]
    accuracy: float | None = None


@lru_cache(maxsize=4)
def features_for(dataset: Dataset) -> Features:
    """The features that suit a data set: coordinates for points, a network's last hidden layer for images.

    The first time it trains the classifier, for a few seconds, and always the same one.
    """
    if isinstance(dataset, Collection) and _has_classes(dataset):
        return _learnt(classifier_for(dataset))
    if len(dataset.spec.shape) < 3:
        return Features(COORDINATES, lambda samples: _array(samples.flatten(1)))
    network = untrained(dataset.spec.shape)
    return Features(RANDOM_NETWORK, lambda samples: _array(network(samples)))


def features_soon(dataset: Dataset) -> Features | None:
    """Returns the features that suit a data set; None while their classifier is trained in the background."""
    if isinstance(dataset, Collection) and _has_classes(dataset) and classifier_soon(dataset) is None:
        return None
    return features_for(dataset)


def _has_classes(dataset: Collection) -> bool:
    return len(dataset.spec.shape) == 3 and dataset.classes is not None


def _learnt(classifier: Classifier) -> Features:
    return Features(OWN_CLASSIFIER, lambda samples: _array(classifier.features(samples)), classifier.accuracy)


def _array(values: Tensor) -> NDArray[np.float64]:
    return values.detach().cpu().double().numpy()

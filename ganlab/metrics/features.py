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
from ganlab.metrics.classifier import train_classifier, untrained

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
def features_for(dataset: Dataset, seed: int = 0) -> Features:
    """The features that suit a data set: coordinates for points, a network's last hidden layer for images.

    The first time it trains the classifier, for a few seconds; the seed decides all of it.
    """
    if len(dataset.spec.shape) < 3:
        return Features(COORDINATES, lambda samples: _array(samples.flatten(1)))
    if isinstance(dataset, Collection) and dataset.classes is not None:
        classifier = train_classifier(dataset, seed)
        return Features(OWN_CLASSIFIER, lambda samples: _array(classifier.features(samples)), classifier.accuracy)
    network = untrained(dataset.spec.shape, seed)
    return Features(RANDOM_NETWORK, lambda samples: _array(network(samples)))


def _array(values: Tensor) -> NDArray[np.float64]:
    return values.detach().cpu().double().numpy()

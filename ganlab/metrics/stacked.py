"""Coverage of the 1000 modes of stacked digits (Srivastava et al. 2017, VEEGAN; Lin et al. 2018, PacGAN)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from ganlab.data import Collection, load
from ganlab.data.images.stacked import MODES, mode_number
from ganlab.experiment import Experiment
from ganlab.metrics.background import classifier_for
from ganlab.metrics.classifier import Classifier
from ganlab.metrics.modes import kl_to_uniform

SAMPLES = 26_000  # as in PacGAN's protocol
SOURCES = {"stacked_digits": "digits", "stacked_mnist": "mnist"}  # whose digits are stacked


@dataclass(frozen=True)
class StackedCoverage:
    """Which of the 1000 modes a batch of samples covers, as a classifier of the three digits sees it.

    Attributes:
        captured: modes with at least one sample.
        reverse_kl: KL(histogram of the samples over the modes || uniform), in nats; for N samples of the
            data themselves about (1000 - 1) / 2N, not 0.
        counts: samples of each mode, (1000,); mode 123 is red 1, green 2, blue 3.
        accuracy: share of single digits that the classifier names rightly, on digits held out.
    """

    captured: int
    total: int
    reverse_kl: float
    counts: NDArray[np.int64]
    accuracy: float


def digit_classifier(data: str, image_size: int = 0) -> Classifier:
    """The classifier that names the digits of "stacked_digits" or "stacked_mnist"; trained once a process.

    Raises:
        DataUnavailable: MNIST is not here and can't be downloaded.
    """
    digits = load(Experiment.of(data=SOURCES[data], image_size=image_size))
    assert isinstance(digits, Collection)
    return classifier_for(digits)


def modes(samples: Tensor, classifier: Classifier) -> NDArray[np.int64]:
    """The mode of each stacked sample (n, 3, size, size), 0 to 999."""
    digits = classifier.classes(samples.flatten(0, 1).unsqueeze(1)).view(-1, 3)
    found: NDArray[np.int64] = mode_number(digits).numpy()
    return found


def stacked_coverage(samples: Tensor, classifier: Classifier) -> StackedCoverage:
    """Count the modes that samples (n, 3, size, size) cover; PacGAN's n is 26,000."""
    counts = np.bincount(modes(samples, classifier), minlength=MODES)
    return StackedCoverage(
        captured=int(np.count_nonzero(counts)),
        total=MODES,
        reverse_kl=kl_to_uniform(counts),
        counts=counts,
        accuracy=classifier.accuracy,
    )

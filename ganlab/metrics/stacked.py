"""Coverage of the 1000 modes of stacked digits (Srivastava et al. 2017, VEEGAN; Lin et al. 2018, PacGAN)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ganlab.data import Collection, load
from ganlab.data.images.stacked import MODES, mode_number
from ganlab.experiment import Experiment
from ganlab.metrics.background import classifier_for
from ganlab.metrics.classifier import UNREADABLE, Classifier
from ganlab.metrics.modes import kl_to_uniform

SAMPLES = 26_000  # as in PacGAN's protocol
SOURCES = {"stacked_digits": "digits", "stacked_mnist": "mnist"}  # whose digits are stacked


@dataclass(frozen=True)
class StackedCoverage:
    """Which of the 1000 modes a batch of samples covers, as a classifier of the three digits sees it.

    Attributes:
        captured: modes with at least one sample whose three digits can all be read.
        reverse_kl: KL(histogram over the modes || uniform), in nats, of the samples that can be read; for N samples of
            the data themselves about (1000 - 1) / 2N, not 0.
        counts: samples of each mode that can be read, (1000,); mode 123 is red 1, green 2, blue 3.
        unreadable: samples in which a digit can't be read.
        accuracy: share of single test digits on which the classifier is right.
    """

    captured: int
    total: int
    reverse_kl: float
    counts: NDArray[np.int64]
    unreadable: int
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
    """The mode of each stacked sample (n, 3, size, size), 0 to 999; UNREADABLE where one of its digits is."""
    digits = classifier.read(samples.flatten(0, 1).unsqueeze(1)).view(-1, 3)
    found = torch.where((digits == UNREADABLE).any(dim=1), UNREADABLE, mode_number(digits))
    return found.numpy()


def named_modes(samples: Tensor, classifier: Classifier) -> NDArray[np.int64]:
    """The mode that the classifier reads from each stacked sample (n, 3, size, size), whatever it shows.

    So VEEGAN and PacGAN count, and so do published tables: noise has a mode, too.
    """
    digits = classifier.classes(samples.flatten(0, 1).unsqueeze(1)).view(-1, 3)
    found: NDArray[np.int64] = mode_number(digits).numpy()
    return found


def mode_counts(found: NDArray[np.int64]) -> NDArray[np.int64]:
    """How many samples have each of the 1000 modes, those that can't be read left out."""
    return np.bincount(found[found != UNREADABLE], minlength=MODES)


def stacked_coverage(samples: Tensor, classifier: Classifier) -> StackedCoverage:
    """Count the modes that samples (n, 3, size, size) cover; PacGAN's n is 26,000."""
    found = modes(samples, classifier)
    counts = mode_counts(found)
    return StackedCoverage(
        captured=int(np.count_nonzero(counts)),
        total=MODES,
        reverse_kl=kl_to_uniform(counts),
        counts=counts,
        unreadable=len(found) - int(counts.sum()),
        accuracy=classifier.accuracy,
    )

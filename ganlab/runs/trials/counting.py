"""How many modes a generator captures, and what share of its samples is good: the same count for each of a trial."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ganlab.data import Collection, load, modes_known
from ganlab.data.images.stacked import MODES
from ganlab.experiment import Experiment, is_images
from ganlab.latent import draw_latents
from ganlab.metrics import classifier_for, digit_classifier
from ganlab.metrics.classifier import UNREADABLE, Classifier
from ganlab.metrics.effect import modes_expected
from ganlab.metrics.modes import mode_coverage
from ganlab.metrics.stacked import SOURCES, modes
from ganlab.training import rng
from ganlab.views.inputs import COVERAGE_SAMPLES, PICTURES

STACKED_SAMPLES = 2600  # a tenth of PacGAN's, which are too many for a look every few iterations


@dataclass(frozen=True)
class ModeCounter:
    """What is counted of an experiment's samples.

    Attributes:
        latents: those of the samples that are counted, (n, input_dim): of points the same as the page's.
        count: modes captured by samples (n, *shape), and the share of them that is good.
        total: modes that there are.
        all_modes: those that as many samples of the data would show.
        modes_name, good_name: what modes and good samples are called: of images, classes and readable images.
    """

    latents: Tensor
    count: Callable[[Tensor], tuple[int, float]]
    total: int
    all_modes: int
    modes_name: str = "modes"
    good_name: str = "good samples"


def counter_of(e: Experiment) -> ModeCounter | None:
    """What is counted of this experiment's samples; None where its data have no known modes or classes.

    The first time for labelled images, a classifier is trained for a few seconds.
    """
    if modes_known(e):
        return _of_points(e)
    return _of_images(e) if is_images(e) and e.data != "own_images" else None


def _of_points(e: Experiment) -> ModeCounter:
    spec = load(e).spec
    centres, sigma = spec.centres, spec.sigma
    assert centres is not None
    assert sigma is not None

    def count(samples: Tensor) -> tuple[int, float]:
        coverage = mode_coverage(samples.cpu().numpy(), centres, sigma)
        return coverage.captured, coverage.high_quality

    total, number = len(centres), COVERAGE_SAMPLES
    return ModeCounter(_latents(e, number), count, total, modes_expected(total, number))


def _of_images(e: Experiment) -> ModeCounter:
    if e.data in SOURCES:
        total, number = MODES, STACKED_SAMPLES
        named = partial(modes, classifier=digit_classifier(e.data, e.image_size))
    else:
        dataset = load(e)
        assert isinstance(dataset, Collection)
        total, number = len(dataset.spec.labels), PICTURES
        named = partial(_classes, classifier=classifier_for(dataset))
    expected = modes_expected(total, number)
    return ModeCounter(
        _latents(e, number),
        lambda x: _readable(named(x.cpu())),
        total,
        expected,
        modes_name="modes" if e.data in SOURCES else "classes",
        good_name="readable images",
    )


def _classes(samples: Tensor, classifier: Classifier) -> NDArray[np.int64]:
    named: NDArray[np.int64] = classifier.read(samples).numpy()
    return named


def _readable(named: NDArray[np.int64]) -> tuple[int, float]:
    read = named[named != UNREADABLE]
    return len(np.unique(read)), len(read) / len(named)


def _latents(e: Experiment, n: int) -> Tensor:
    """Those that the probes of a run of this experiment begin with."""
    with torch.no_grad():
        return draw_latents(n, e, rng.generator(e.seed, "probes"))

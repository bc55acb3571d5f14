"""Which classes the samples of an image GAN fall into, as a classifier of the data names them."""

from __future__ import annotations

from collections import deque
from concurrent.futures import Future
from typing import Any

import numpy as np
import torch
from torch import Tensor

from ganlab.data import Collection, load
from ganlab.data.images.stacked import MODES
from ganlab.experiment import Experiment, is_images
from ganlab.latent import draw_latents
from ganlab.metrics.background import classifier_soon, in_training
from ganlab.metrics.classifier import Classifier
from ganlab.metrics.modes import kl_to_uniform
from ganlab.metrics.stacked import SAMPLES as WHOLE
from ganlab.metrics.stacked import SOURCES, modes
from ganlab.training import rng
from ganlab.training.trainer import Trainer
from ganlab.views.images import pixels
from ganlab.views.inputs import Moment, generate
from ganlab.views.log import Log

AT_ONCE = 2600  # stacked samples a look: ten looks make up the protocol's 26,000
EACH = 8  # samples of each class that are shown


def has_classes(e: Experiment) -> bool:
    """Whether the samples can be told apart by class."""
    return is_images(e) and e.data != "own_images"


class ClassCounts:
    """Counts samples by class, at every iteration looked at; of stacked digits, the 1000 modes.

    Attributes:
        awaited: the classifier that names the classes, while it is not there.
    """

    def __init__(self) -> None:
        self.awaited: Future[Classifier] | None = None
        self._recent: deque[np.ndarray] = deque(maxlen=WHOLE // AT_ONCE)
        self._chance: torch.Generator | None = None

    def look(self, moment: Moment, log: Log) -> dict[str, Any]:
        """The counts and how they went; or, while there is no classifier yet, that one is being trained."""
        e = moment.trainer.experiment
        labelled = _labelled(moment.trainer)
        classifier = classifier_soon(labelled)
        if classifier is None:
            self.awaited = in_training(labelled)
            return {"state": "training"}
        self.awaited = None
        counts, shown = self._stacked(moment, classifier) if e.data in SOURCES else _single(moment, classifier)
        counted = int(counts.sum())
        log.add(moment.trainer.iteration, int(np.count_nonzero(counts)), kl_to_uniform(counts), counted)
        x, captured, kl, _ = log.columns()
        return {
            "state": "ready",
            "x": x,
            "captured": captured,
            "kl": kl,
            "reverse_kl": float(kl[-1]),
            "total": len(counts),
            "counted": counted,
            "whole": WHOLE if e.data in SOURCES else counted,
            "accuracy": classifier.accuracy,
            "held_out": classifier.held_out,
            **shown,
        }

    def _stacked(self, moment: Moment, classifier: Classifier) -> tuple[np.ndarray, dict[str, Any]]:
        """Of the samples of the last looks: G has changed a little between the first and the last of them."""
        trainer = moment.trainer
        self._chance = self._chance or rng.generator(trainer.experiment.seed, "classes", trainer.device)
        fake = generate(moment.generator, draw_latents(AT_ONCE, trainer.experiment, self._chance))
        self._recent.append(np.bincount(modes(fake.cpu(), classifier), minlength=MODES))
        counts = np.sum(list(self._recent), axis=0)
        cube = counts.reshape(10, 10, 10)
        return counts, {"digits": np.stack([cube.sum((1, 2)), cube.sum((0, 2)), cube.sum((0, 1))])}


def _labelled(trainer: Trainer) -> Collection:
    """The images that the classifier learns from: those trained on, or the digits that they are stacked from."""
    e, dataset = trainer.experiment, trainer.dataset
    if e.data in SOURCES:
        dataset = load(Experiment.of(data=SOURCES[e.data], image_size=e.image_size))
    assert isinstance(dataset, Collection)
    return dataset


def _single(moment: Moment, classifier: Classifier) -> tuple[np.ndarray, dict[str, Any]]:
    """Of the fixed latents' samples; with a row of samples of each class."""
    named = classifier.classes(moment.samples.cpu())
    labels = moment.trainer.spec.labels
    counts = np.bincount(named.numpy(), minlength=len(labels))
    shown = moment.samples.new_full((len(labels), EACH, *moment.samples.shape[1:]), -1.0)
    for name, row in enumerate(shown):
        of_class: Tensor = moment.samples[(named == name).to(moment.samples.device)][:EACH]
        row[: len(of_class)] = of_class
    mosaic = pixels(shown.flatten(0, 1))
    _, height, width, channels = mosaic.shape
    return counts, {
        "counts": counts,
        "labels": labels,
        "rows": len(labels),
        "columns": EACH,
        "height": height,
        "width": width,
        "channels": channels,
        "pixels": mosaic,
    }

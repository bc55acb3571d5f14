"""Which classes the samples of an image GAN fall into, as a classifier of the data names them."""

from __future__ import annotations

from collections import deque
from typing import Any

import numpy as np
import torch
from torch import Tensor

from ganlab.data import Collection, load
from ganlab.experiment import Experiment, is_images
from ganlab.latent import draw_latents
from ganlab.metrics.background import classifier_soon, in_training
from ganlab.metrics.classifier import UNREADABLE, Classifier
from ganlab.metrics.modes import kl_to_uniform
from ganlab.metrics.stacked import SAMPLES as WHOLE
from ganlab.metrics.stacked import SOURCES, mode_counts, modes
from ganlab.training import rng
from ganlab.training.trainer import Trainer
from ganlab.views.images import mosaic
from ganlab.views.inputs import Moment, generate
from ganlab.views.logbook import Logbook
from ganlab.views.view import Answer, View, Wire

AT_ONCE = 2600  # stacked samples a look: ten looks make up the protocol's 26,000
EACH = 8  # samples of each class that are shown


def _applies(e: Experiment) -> bool:
    """Whether the samples can be told apart by class."""
    return is_images(e) and e.data != "own_images"


class ClassCounts:
    """Counts readable samples by class, at every iteration looked at; of stacked digits, by the 1000 modes."""

    def __init__(self, book: Logbook) -> None:
        self._book = book
        self._recent: deque[np.ndarray] = deque(maxlen=WHOLE // AT_ONCE)
        self._chance: torch.Generator | None = None

    def answer(self, now: Moment) -> Answer:
        """The counts and how they went; or, while there is no classifier yet, that one is being trained."""
        e = now.trainer.experiment
        labelled = _labelled(now.trainer)
        classifier = classifier_soon(labelled)
        if classifier is None:
            self._book.awaited.add(in_training(labelled))
            return {"state": "training"}
        counts, shown = self._stacked(now, classifier) if e.data in SOURCES else _single(now, classifier)
        counted = int(counts.sum()) + shown["unreadable"]
        log = self._book.logs["classes"]
        log.add(now.trainer.iteration, int(np.count_nonzero(counts)), kl_to_uniform(counts), counted)
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
            "refused": classifier.legibility.refused,
            **shown,
        }

    def _stacked(self, now: Moment, classifier: Classifier) -> tuple[np.ndarray, dict[str, Any]]:
        """Returns the counts of the samples of the last few calls. G changes a little between them."""
        trainer = now.trainer
        self._chance = self._chance or rng.generator(trainer.experiment.seed, "classes", trainer.device)
        fake = generate(now.generator, draw_latents(AT_ONCE, trainer.experiment, self._chance))
        self._recent.append(mode_counts(modes(fake.cpu(), classifier)))
        counts = np.sum(list(self._recent), axis=0)
        cube = counts.reshape(10, 10, 10)
        digits = np.stack([cube.sum((1, 2)), cube.sum((0, 2)), cube.sum((0, 1))])
        return counts, {"digits": digits, "unreadable": AT_ONCE * len(self._recent) - int(counts.sum())}


def _labelled(trainer: Trainer) -> Collection:
    """The images that the classifier learns from: those trained on, or the digits that they are stacked from."""
    e, dataset = trainer.experiment, trainer.dataset
    if e.data in SOURCES:
        dataset = load(Experiment.of(data=SOURCES[e.data], image_size=e.image_size))
    assert isinstance(dataset, Collection)
    return dataset


def _single(now: Moment, classifier: Classifier) -> tuple[np.ndarray, dict[str, Any]]:
    """Returns the counts of the fixed latents' samples, and a row of samples of each class."""
    named = classifier.read(now.samples.cpu())
    labels = now.trainer.spec.labels
    counts = np.bincount(named[named != UNREADABLE].numpy(), minlength=len(labels))
    unreadable = len(named) - int(counts.sum())
    shown = now.samples.new_full((len(labels), EACH, *now.samples.shape[1:]), -1.0)
    for name, row in enumerate(shown):
        of_class: Tensor = now.samples[(named == name).to(now.samples.device)][:EACH]
        row[: len(of_class)] = of_class
    view = {"counts": counts, "unreadable": unreadable, "labels": labels}
    return counts, view | mosaic(shown.flatten(0, 1), len(labels), EACH)


VIEW = View(
    "classes",
    _applies,
    lambda now, book: book.recall(ClassCounts).answer(now),
    Wire(jpeg_bytes=14_000),
    pages=frozenset({"collapse"}),
    place=85,
    node="fake",
    logs={"classes": ()},
)

"""The training images nearest to samples: does G make new images, or does it hand back those that it was shown?"""

from __future__ import annotations

from functools import cached_property

import numpy as np
import torch
from torch import Tensor

from ganlab.data import Collection, Sampler
from ganlab.experiment import is_images
from ganlab.training import rng
from ganlab.views.images import mosaic, strip
from ganlab.views.inputs import Moment
from ganlab.views.logbook import Logbook
from ganlab.views.view import Answer, View, Wire

SHOWN = 8
MEASURED = 64  # samples whose distances are measured
TYPICAL = 256  # real images whose own nearest ones say what is usual
MOST_NUMBERS = 8_000_000  # of real images that are compared with: 32 MB
SEEN = 0.2  # of the pixels' range from -1 to 1, on average
DRAWN = 4096  # real images, of data that are drawn afresh


class Neighbours:
    """Compares samples with the real images, as lists of pixels, by Euclidean distance."""

    def __init__(self, book: Logbook) -> None:
        self._trainer = book.inputs.trainer

    @cached_property
    def _real(self) -> Tensor:
        """(n, *shape): all training images, or as many as are compared with."""
        dataset, seed = self._trainer.dataset, rng.stream_seed(self._trainer.experiment.seed, "probes")
        most = MOST_NUMBERS // int(np.prod(self._trainer.spec.shape))
        if not isinstance(dataset, Collection):
            return Sampler(dataset, seed).next(min(DRAWN, most))
        count = len(dataset.values)
        order = torch.randperm(count, generator=torch.Generator().manual_seed(seed)) if count > most else None
        return dataset.take(torch.arange(count) if order is None else order[:most])

    @cached_property
    def _alike(self) -> bool:
        """Whether there is but one real image, once or many times over."""
        return bool((self._real == self._real[:1]).all())

    @cached_property
    def _typical(self) -> float:
        """The median distance from a real image to the nearest other one; one that anybody sees if there is none."""
        if self._alike:
            return float(SEEN * np.sqrt(self._real[0].numel()))
        flat = self._real.flatten(1)
        some = torch.linspace(0, len(flat) - 1, min(TYPICAL, len(flat))).long()
        apart = torch.cdist(flat[some], flat)
        apart[torch.arange(len(some)), some] = torch.inf
        usual = float(apart.amin(1).median())
        return usual or float(apart.mean())  # most images are there twice

    def answer(self, now: Moment) -> Answer:
        """A row of samples, the real image nearest to each, and how far apart they are against what is usual."""
        fake = now.samples[:MEASURED].cpu()
        nearest = torch.cdist(fake.flatten(1), self._real.flatten(1)).min(dim=1)
        shown = fake[:SHOWN]
        return {
            **mosaic(shown, 1, len(shown)),
            **strip("real", self._real[nearest.indices[:SHOWN]], 1, len(shown)),
            "distances": nearest.values[:SHOWN].numpy(),
            "median": float(nearest.values.median()),
            "typical": self._typical,
            "alike": self._alike,
            "compared": len(self._real),
            "measured": len(fake),
        }


VIEW = View(
    "neighbours",
    is_images,
    lambda now, book: book.recall(Neighbours).answer(now),
    Wire(jpeg_bytes=6_000),
    pages=frozenset({"train", "collapse"}),
    place=115,
    node="fake",
)

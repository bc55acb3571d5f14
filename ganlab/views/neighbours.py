"""The training images nearest to samples: does G make new images, or does it hand back those that it was shown?"""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
import torch
from torch import Tensor

from ganlab.data import Collection, Sampler
from ganlab.training import rng
from ganlab.training.trainer import Trainer
from ganlab.views.images import pixels
from ganlab.views.inputs import Moment

SHOWN = 8
MEASURED = 64  # samples whose distances are measured
TYPICAL = 256  # real images whose own nearest ones say what is usual
MOST_NUMBERS = 8_000_000  # of real images that are compared with: 32 MB
DRAWN = 4096  # real images, of data that are drawn afresh


class Neighbours:
    """Compares samples with the real images, as lists of pixels, by Euclidean distance."""

    def __init__(self, trainer: Trainer) -> None:
        self._trainer = trainer

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
    def _typical(self) -> float:
        """The median distance from a real image to the nearest other one."""
        flat = self._real.flatten(1)
        some = torch.linspace(0, len(flat) - 1, min(TYPICAL, len(flat))).long()
        apart = torch.cdist(flat[some], flat)
        apart[torch.arange(len(some)), some] = torch.inf
        return float(apart.amin(1).median())

    def look(self, moment: Moment) -> dict[str, Any]:
        """A row of samples, the real image nearest to each, and how far apart they are against what is usual."""
        fake = moment.samples[:MEASURED].cpu()
        nearest = torch.cdist(fake.flatten(1), self._real.flatten(1)).min(dim=1)
        mosaic = pixels(fake[:SHOWN])
        _, height, width, channels = mosaic.shape
        return {
            "height": height,
            "width": width,
            "channels": channels,
            "rows": 1,
            "columns": len(mosaic),
            "pixels": mosaic,
            "real_rows": 1,
            "real_columns": len(mosaic),
            "real_pixels": pixels(self._real[nearest.indices[:SHOWN]]),
            "distances": nearest.values[:SHOWN].numpy(),
            "median": float(nearest.values.median()),
            "typical": self._typical,
            "compared": len(self._real),
            "measured": len(fake),
        }

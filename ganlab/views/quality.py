"""How far the samples are from real ones, by several measures, with what a perfect sampler would read."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import cached_property

import numpy as np
import torch
from torch import Tensor

from ganlab.data import Collection
from ganlab.latent import draw_latents
from ganlab.metrics.background import in_training
from ganlab.metrics.features import features_soon
from ganlab.metrics.yardstick import MEASURES, Yardstick, yardstick
from ganlab.training import rng
from ganlab.views.inputs import COVERAGE_SAMPLES, Moment, generate
from ganlab.views.logbook import Logbook
from ganlab.views.view import Answer, View, is_dirac_game

SHARE = 0.05  # of the time that a run trains, which may go into measuring
PICTURES = 512  # images measured; few, so that a click need not wait
CHUNK = 128


class Quality:
    """Measures now and then, never while a classifier of the images is still being trained."""

    def __init__(self, book: Logbook, clock: Callable[[], float] = time.perf_counter) -> None:
        self._book, self._inputs = book, book.inputs
        self._log, self._trained = book.logs["quality"], book.logs["clock"]
        self._clock = clock
        self._due = 0.0  # seconds of training from which to measure again

    def view(self, now: Moment) -> Answer:
        """What was measured so far, each measure's floor, and what distances are measured on; or why there is none."""
        dataset = now.trainer.dataset
        if features_soon(dataset) is None:
            assert isinstance(dataset, Collection)
            self._book.awaited.add(in_training(dataset))
            return _nothing("Training a small classifier of these images: distances are measured on its features …")
        started = self._clock()
        try:
            by = yardstick(dataset, PICTURES if self._inputs.images else COVERAGE_SAMPLES)
        except ValueError as error:
            return _nothing(str(error))
        self._measure_if_due(now, by)
        self._book.measuring += self._clock() - started
        return self._answer(by)

    def _measure_if_due(self, now: Moment, by: Yardstick) -> None:
        """Measure again if measuring has taken only a small share of the training time so far."""
        seconds, iteration = self._trained.last[1], now.trainer.iteration
        if len(self._log) and (seconds < self._due or iteration == self._log.last[0]):
            return
        started = self._clock()
        values = by.measure(self._samples(now, len(by.held_out)))
        self._log.add(iteration, *(values.get(name, np.nan) for name in MEASURES))
        self._due = seconds + (self._clock() - started) * (1 / SHARE - 1)

    def _samples(self, now: Moment, n: int) -> Tensor:
        latents = self._latents if self._inputs.images else self._inputs.latents
        if not self._inputs.images:
            return now.samples[:n].cpu()
        return torch.cat([generate(now.generator, some).cpu() for some in torch.split(latents[:n], CHUNK)])

    @cached_property
    def _latents(self) -> Tensor:
        e = self._inputs.trainer.experiment
        return draw_latents(PICTURES, e, rng.generator(e.seed, "probes", self._inputs.trainer.device))

    def _answer(self, by: Yardstick) -> Answer:
        x, *values = self._log.columns()
        curves = {name: curve for name, curve in zip(MEASURES, values, strict=True) if name in by.floor}
        return {
            "x": x,
            **curves,
            "floor": dict(by.floor),
            "samples": len(by.held_out),
            "measured_on": by.features.name,
            "accuracy": by.features.accuracy,
            "waiting": None,
        }


def _nothing(why: str) -> Answer:
    return {"x": np.empty(0, np.float32), "waiting": why}


VIEW = View(
    "quality",
    lambda e: not is_dirac_game(e),
    lambda now, book: book.recall(Quality).view(now),
    place=75,
    node="fake",
    logs={"quality": ()},
)

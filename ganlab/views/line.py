"""Data that are points on a line: two densities and D's score over one axis, as in the first GAN paper's figure 1."""

from __future__ import annotations

import numpy as np
import torch

from ganlab.data import density_1d
from ganlab.views.drawing import drawing_of
from ganlab.views.inputs import Moment, as_array
from ganlab.views.logbook import Logbook
from ganlab.views.view import Answer, View

BINS = 160


def line(now: Moment, _: Logbook) -> Answer:
    """The density of the data, the density of the samples, and D's score, if there is a D, over one axis."""
    trainer, shown = now.trainer, _densities(now)
    if trainer.experiment.model == "vae":
        return shown
    with torch.no_grad():
        score = trainer.loss.score(now.judge(torch.from_numpy(shown["x"]).to(trainer.device)[:, None]))
    return shown | {"score": as_array(score), "boundary": now.boundary}


def _densities(now: Moment) -> Answer:
    extent = now.trainer.spec.extent
    edges = np.linspace(-extent, extent, BINS + 1)
    x = (edges[1:] + edges[:-1]) / 2
    counts = np.histogram(as_array(now.samples)[:, 0], edges)[0]
    return {
        "units": now.units,
        "x": x.astype(np.float32),
        "data": density_1d(now.trainer.dataset, x).astype(np.float32),
        "samples": _smooth(counts / len(now.samples) / (edges[1] - edges[0])).astype(np.float32),
    }


def _smooth(histogram: np.ndarray) -> np.ndarray:
    """The histogram without its counting noise: a Gaussian of 1.5 bins, far narrower than any mode here."""
    reach = np.arange(-5, 6)
    kernel = np.exp(-0.5 * (reach / 1.5) ** 2)
    return np.convolve(histogram, kernel / kernel.sum(), mode="same")


VIEW = View("line", lambda e: drawing_of(e) == "line", line, place=0, node="d")

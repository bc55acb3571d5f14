"""Data that are points on a line: two densities and D's score over one axis, as in the first GAN paper's figure 1."""

from __future__ import annotations

import numpy as np
import torch

from ganlab.data import density_1d
from ganlab.views.drawing import drawing_of
from ganlab.views.inputs import Moment, as_array, generate
from ganlab.views.logbook import Logbook
from ganlab.views.optimal_d import why_not
from ganlab.views.view import Answer, View

BINS = 160
FAINT = 0.05  # of the peak of both densities together: where they are lower, too few samples fix D*


def line(now: Moment, _: Logbook) -> Answer:
    """The density of the data, the density of the samples, and D's score, if there is a D, over one axis.

    `best` is D*, what D would say at its best against G as it trains: NaN where there are hardly any samples, None
    where D does not aim at it.
    """
    trainer, shown = now.trainer, _densities(now)
    if trainer.experiment.model == "vae":
        return shown
    with torch.no_grad():
        score = trainer.loss.score(now.judge(torch.from_numpy(shown["x"]).to(trainer.device)[:, None]))
    return shown | {"score": as_array(score), "boundary": now.boundary, "best": _best(now, shown["data"])}


def _best(now: Moment, data: np.ndarray) -> np.ndarray | None:
    """D*(x) = p / (p + p_G), both densities as they are drawn: but p_G is that of G itself, not of its average."""
    trainer = now.trainer
    if why_not(trainer.experiment) is not None:
        return None
    samples = _density(as_array(generate(trainer.generator, now.inputs.latents)), trainer.spec.extent)
    both = data + samples
    best = (1 - trainer.experiment.label_smoothing) * data / np.maximum(both, 1e-12)
    return np.where(both > FAINT * both.max(), best, np.nan).astype(np.float32)


def _densities(now: Moment) -> Answer:
    extent = now.trainer.spec.extent
    edges = np.linspace(-extent, extent, BINS + 1)
    x = (edges[1:] + edges[:-1]) / 2
    return {
        "units": now.units,
        "x": x.astype(np.float32),
        "data": density_1d(now.trainer.dataset, x).astype(np.float32),
        "samples": _density(as_array(now.samples), extent),
    }


def _density(samples: np.ndarray, extent: float) -> np.ndarray:
    """The density of samples (n, 1) in each bin, (bins,)."""
    counts, edges = np.histogram(samples[:, 0], BINS, (-extent, extent))
    return _smooth(counts / len(samples) / (edges[1] - edges[0])).astype(np.float32)


def _smooth(histogram: np.ndarray) -> np.ndarray:
    """The histogram without its counting noise: a Gaussian of 1.5 bins, far narrower than any mode here."""
    reach = np.arange(-5, 6)
    kernel = np.exp(-0.5 * (reach / 1.5) ** 2)
    return np.convolve(histogram, kernel / kernel.sum(), mode="same")


VIEW = View("line", lambda e: drawing_of(e) == "line", line, place=0, node="d")

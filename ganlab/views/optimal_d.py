"""What D says beside what it would say if it were at its best against G as it is: D*."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch import Tensor

from ganlab.data import Distribution
from ganlab.experiment import Experiment
from ganlab.experiment.choices import OWN
from ganlab.experiment.loss import LOSS_LABELS
from ganlab.experiment.sentence import Sentence
from ganlab.latent import draw_latents
from ganlab.metrics.optimal_discriminator import FEWEST, SAMPLES, wrongness
from ganlab.training import rng
from ganlab.views.drawing import drawing_of
from ganlab.views.inputs import Moment, as_array, generate
from ganlab.views.logbook import Logbook
from ganlab.views.view import Answer, View, Wire

WITH_AN_OPTIMUM = ("minimax", "non_saturating", "symmetric", "least_squares")  # whose best D is p / (p + p_G)


def optimal_d(now: Moment, book: Logbook) -> Answer:
    """D and D* at as many real as generated samples, and how far the one is from the other on average.

    `points` (n, 2) holds the real samples, then the generated ones; `score` and `optimum` (n,) are D and D* there. G
    is asked as it trains, not the average of its weights: that is whom D plays against. Where D has no such optimum,
    `why` says so, and there is nothing else.
    """
    e = now.trainer.experiment
    if (why := why_not(e)) is not None:
        return {"why": why}
    dataset = now.trainer.dataset
    assert isinstance(dataset, Distribution)
    real, generator = now.inputs.real, now.trainer.generator
    seen = _finite(generate(generator, now.inputs.latents[: len(real)]))
    others = as_array(_finite(generate(generator, book.recall(_more_latents))))
    if len(others) < FEWEST:
        return {"why": Sentence("Most of G's samples are no finite numbers.")}
    points = torch.cat([real, seen])
    with torch.no_grad():
        score = as_array(now.trainer.loss.score(now.judge(points)))
    found = wrongness(as_array(points), score, others, dataset, 1.0 - e.label_smoothing)
    return {
        "why": None,
        "extent": now.trainer.spec.extent,
        "points": as_array(points),
        "real": len(real),
        "score": score,
        "optimum": found.optimum.astype(np.float32),
        "error": found.error,
        "floor": found.floor,
        "samples": len(others),
    }


def _finite(samples: Tensor) -> Tensor:
    return samples[torch.isfinite(samples).all(1)]


def _more_latents(book: Logbook) -> Tensor:
    """Latents of samples from which p_G is estimated, (8000, input_dim): none of those whose scores are asked for."""
    trainer = book.inputs.trainer
    return draw_latents(SAMPLES, book.experiment, rng.generator(book.experiment.seed, "optimal_d", trainer.device))


def why_not(e: Experiment) -> Sentence | None:
    """Why D has no optimum of the form p_data / (p_data + p_G) that is known here; None where it has."""
    reasons: tuple[tuple[bool, str], ...] = (
        (e.mistake != "none", "This run makes a mistake on purpose, so its D is at its best elsewhere."),
        (e.loss == "wasserstein", "The critic of a Wasserstein loss gives no probability: there is no D* for it."),
        (
            e.loss not in WITH_AN_OPTIMUM,
            "With this loss ({loss}), D's output is no probability: p(x) / (p(x) + p_G(x)) is not what it aims at.",
        ),
        (e.data in OWN, "D* needs the density of the data, and nobody knows that of your own points."),
        (e.condition in ("concat", "projection"), "D is told the class of each sample: it has a D* for each class."),
        (e.packing > 1, "D judges packs of {packing} samples, so it has no D* for a single one."),
        (e.instance_noise > 0, "D sees samples with noise on them: its D* is that of other densities."),
    )
    values: dict[str, Any] = {"loss": LOSS_LABELS[e.loss], "packing": e.packing}
    return next((Sentence(reason, **values) for holds, reason in reasons if holds), None)


VIEW = View(
    "optimal_d",
    lambda e: e.model == "gan" and drawing_of(e) == "plane",
    optimal_d,
    Wire(bits={"points": 16, "score": 8, "optimum": 8}),
    pages=frozenset({"model"}),
    place=10,
    seldom=True,
)

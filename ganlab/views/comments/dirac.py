"""How the Dirac game stands."""

from __future__ import annotations

from typing import Any

import numpy as np

from ganlab.experiment.sentence import Sentence
from ganlab.training.dirac import DiracTrainer, distances
from ganlab.views.comments.evidence import Comment, says

ARRIVED = 1e-3
STILL = 1e-3  # of its distance: what moves less than this lately does not move
LATELY = 60  # iterations, about a turn at the presets' learning rate, over which it must have come closer


def comment_on_the_game(trainer: DiracTrainer) -> dict[str, Any]:
    """Whether the players come to rest, circle or run away."""
    return vars(_verdict(trainer)).copy()


def _verdict(trainer: DiracTrainer) -> Comment:
    steps = np.array(trainer.trail, np.float64)
    far = distances(steps[:, 1:])
    now = {"now": Sentence("At a distance of {far:.2g} from the equilibrium (0, 0)", far=float(far[-1]))}
    if trainer.iteration == 0:
        return says("untrained", "The start", "info", "G's point is at 1, and D takes the wrong side for real.")
    if not np.isfinite(far[-1]) or far[-1] > 100:
        return says(
            "diverging", "Running away", "error", "{now}. Try smaller learning rates, or a penalty on D's slope.", **now
        )
    if far[-1] < ARRIVED:
        return says("balanced", "At rest", "good", "{now}: both players have found it and stay there.", **now)
    if trainer.iteration - steps[0, 0] < 2 * LATELY:
        return says("starting", "On its way", "info", "{now}.", **now)
    recent = steps[:, 0] > trainer.iteration - LATELY
    before = (steps[:, 0] > trainer.iteration - 2 * LATELY) & ~recent
    if np.ptp(steps[recent, 1:], axis=0).max() < STILL * far[-1]:
        return says(
            "stuck", "Nothing moves", "warning", "{now}: the gradients or the learning rates are almost 0.", **now
        )
    change = far[recent].mean() / far[before].mean()
    if change > 1.02:
        return says("circling", "Spiralling out", "warning", "{now}, and farther away with every turn.", **now)
    if change > 0.98:
        return says("circling", "The players circle each other", "warning", "{now}: they do not come closer.", **now)
    return says(
        "learning",
        "Coming closer",
        "good",
        "{now}: {share:.0%} closer in {count} iterations.",
        **now,
        share=float(1 - change),
        count=LATELY,
    )

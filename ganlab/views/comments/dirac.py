"""How the Dirac game stands."""

from __future__ import annotations

import numpy as np

from ganlab.training.dirac import DiracTrainer, distances
from ganlab.views.comments.evidence import Comment

ARRIVED = 1e-3
STILL = 1e-3  # of its distance: what moves less than this lately does not move
LATELY = 60  # iterations, about a turn at the presets' learning rate, over which it must have come closer


def comment_on_the_game(trainer: DiracTrainer) -> dict[str, str]:
    """Whether the players come to rest, circle or run away."""
    return vars(_verdict(trainer)).copy()


def _verdict(trainer: DiracTrainer) -> Comment:
    steps = np.array(trainer.trail, np.float64)
    far = distances(steps[:, 1:])
    now = f"At a distance of {far[-1]:.2g} from the equilibrium (0, 0)"
    if trainer.iteration == 0:
        return Comment("untrained", "The start", "G's point lies at 1, and D takes the wrong side for real.", "info")
    if not np.isfinite(far[-1]) or far[-1] > 100:
        return Comment("diverging", "Running away", f"{now}: smaller steps, or a penalty on D's slope.", "error")
    if far[-1] < ARRIVED:
        return Comment("balanced", "At rest", f"{now}: both players have found it, and stay.", "good")
    if trainer.iteration - steps[0, 0] < 2 * LATELY:
        return Comment("starting", "On its way", f"{now}.", "info")
    recent = steps[:, 0] > trainer.iteration - LATELY
    before = (steps[:, 0] > trainer.iteration - 2 * LATELY) & ~recent
    if np.ptp(steps[recent, 1:], axis=0).max() < STILL * far[-1]:
        return Comment("stuck", "Nothing moves", f"{now}, with no gradient or no learning rate left.", "warning")
    change = far[recent].mean() / far[before].mean()
    if change > 1.02:
        return Comment("circling", "Spiralling out", f"{now}, and farther with every turn.", "warning")
    if change > 0.98:
        return Comment("circling", "The players circle each other", f"{now}, and no closer for it.", "warning")
    return Comment("learning", "Coming closer", f"{now}: {1 - change:.0%} closer in {LATELY} iterations.", "good")

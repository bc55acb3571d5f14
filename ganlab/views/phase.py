"""The Dirac game: both players as one point in the plane, its path, and the field that moves it."""

from __future__ import annotations

import numpy as np

from ganlab.training.dirac import DiracTrainer, distances, field
from ganlab.views.inputs import Moment
from ganlab.views.logbook import Logbook
from ganlab.views.view import Answer, View, is_dirac_game

ARROWS = 13  # a side
NEAREST_EDGE = 1.6  # the plot reaches at least this far, so that the start at (1, -1) has room around it
FARTHEST_EDGE = 1e4


def phase(now: Moment, _: Logbook) -> Answer:
    """The path of (theta, psi), how far each of its states is from (0, 0), and the field of the losses in force."""
    trainer = now.trainer
    assert isinstance(trainer, DiracTrainer)
    steps = np.array(trainer.trail, np.float64)
    trail = steps[:, 1:]
    extent = float(np.clip(1.1 * np.nan_to_num(np.abs(trail)).max(), NEAREST_EDGE, FARTHEST_EDGE))
    axis = np.linspace(-extent, extent, ARROWS) * (1 - 1 / ARROWS)
    psi, theta = (grid.ravel() for grid in np.meshgrid(axis, axis, indexing="ij"))
    return {
        "extent": extent,
        "x": steps[:, 0].astype(np.float32),
        "trail": trail.astype(np.float32),
        "distance": distances(trail).astype(np.float32),
        "clip": trainer.experiment.weight_clip or None,
        "arrows_from": np.stack([theta, psi], axis=1).astype(np.float32),
        "arrows": field(trainer.experiment, trainer.loss, theta, psi).astype(np.float32),
    }


VIEW = View("phase", is_dirac_game, phase, place=0, node="d")

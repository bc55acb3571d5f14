"""How D's scores are spread now, real against generated."""

from __future__ import annotations

import numpy as np
import torch

from ganlab.views.inputs import Moment
from ganlab.views.logbook import Logbook
from ganlab.views.view import Answer, View, has_discriminator, is_dirac_game

BINS = 32


def histograms(now: Moment, _: Logbook) -> Answer:
    """How many of D's scores fall where, as densities, for real and for generated samples."""
    loss = now.trainer.loss
    scores = [loss.score(response[0]).cpu().numpy() for response in now.responses]
    if loss.score is torch.sigmoid:
        low, high = 0.0, 1.0
    else:
        finite = np.concatenate(scores)[np.isfinite(np.concatenate(scores))]
        low, high = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 1.0)
    edges = np.linspace(low, max(high, low + 1e-6), BINS + 1)
    counts = [np.histogram(s[np.isfinite(s)], edges)[0] / max(len(s), 1) for s in scores]
    return {
        "edges": edges.astype(np.float32),
        "real": counts[0].astype(np.float32),
        "fake": counts[1].astype(np.float32),
        "boundary": loss.boundary,
    }


VIEW = View("histograms", has_discriminator, histograms, crowded_out=is_dirac_game, place=30, node="scores")

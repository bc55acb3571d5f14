"""A run as small as a stamp: 200 points or four images, for a wall of many runs."""

from __future__ import annotations

import numpy as np
import torch
from torch.nn.functional import interpolate

from ganlab.views.drawing import drawing_of
from ganlab.views.images import pixels
from ganlab.views.inputs import Moment, as_array
from ganlab.views.logbook import Logbook
from ganlab.views.view import Answer, View

POINTS = 200
SIDE = 12  # pixels of each of the four images
MISSING = 255  # of a coordinate that is not a number, or lies beyond the picture


def thumbnail(now: Moment, _: Logbook) -> Answer:
    """Of points, `points` (200, 2), uint8: 0 to 254 from the left to the right, and from the bottom to the top, of the
    square that a plot shows. Of images, `pixels` (24, 24, channels), uint8."""
    if now.inputs.images:
        shown = pixels(interpolate(now.samples[:4], size=(SIDE, SIDE), mode="area"))
        return {"pixels": np.concatenate([np.concatenate(shown[:2], 1), np.concatenate(shown[2:4], 1)], 0)}
    fake = now.fake[:POINTS]
    if fake.shape[1] == 1:
        fake = torch.cat([fake, torch.zeros_like(fake)], 1)
    places = (as_array(fake) / now.trainer.spec.extent + 1) * 127
    with np.errstate(invalid="ignore"):
        inside = np.isfinite(places) & (places >= 0) & (places <= MISSING - 1)
        return {"points": np.where(inside, np.round(np.where(inside, places, 0)), MISSING).astype(np.uint8)}


VIEW = View("thumbnail", lambda e: drawing_of(e) != "phase", thumbnail, pages=frozenset())

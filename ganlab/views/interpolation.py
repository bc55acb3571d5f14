"""Samples along the way from one fixed latent to another."""

from __future__ import annotations

import torch

from ganlab.latent import draw_latents, lerp, slerp
from ganlab.training import rng
from ganlab.views.images import mosaic
from ganlab.views.inputs import Moment, as_array, generate
from ganlab.views.logbook import Logbook
from ganlab.views.view import Answer, View, Wire, always, is_dirac_game

IMAGES, POINTS = 12, 64  # on the way


def interpolation(now: Moment, book: Logbook) -> Answer:
    """Samples along the walk between two latents; class and codes stay those of the first."""
    e, settings, device = now.trainer.experiment, book.settings, now.trainer.device
    ends = [draw_latents(1, e, rng.generator(seed, "latents", device))[0] for seed in settings.endpoints]
    steps = IMAGES if now.inputs.images else POINTS
    way = slerp if settings.interpolation == "slerp" else lerp
    walk = ends[0].repeat(steps, 1)
    t = torch.linspace(0, 1, steps, device=device)
    walk[:, : e.latent_dim] = way(ends[0][: e.latent_dim], ends[1][: e.latent_dim], t)
    samples = generate(now.generator, walk)
    shown = mosaic(samples, 1, steps) if now.inputs.images else {"path": as_array(samples)}
    return {"kind": settings.interpolation, **shown}


VIEW = View(
    "interpolation", always, interpolation, Wire(jpeg_bytes=8_000), crowded_out=is_dirac_game, place=100, node="g"
)

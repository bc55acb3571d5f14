"""Samples along the way from one fixed latent to another."""

from __future__ import annotations

import torch
from torch import Tensor

from ganlab.latent import draw_latents, lerp, slerp
from ganlab.training import rng
from ganlab.views.images import mosaic
from ganlab.views.inputs import Moment, as_array, generate
from ganlab.views.logbook import Logbook, ViewSettings
from ganlab.views.view import Answer, View, Wire, always, is_dirac_game

IMAGES, POINTS = 12, 64  # on the way


class LatentPath:
    """The latents on the way from one end to the other, drawn once: they stay the same for as long as the settings."""

    def __init__(self, book: Logbook) -> None:
        self._book = book
        self._settings: ViewSettings | None = None
        self._latents = torch.empty(0)

    def latents(self) -> Tensor:
        """Returns (12 for images, 64 for points; input_dim); class and codes are those of the first end."""
        settings = self._book.settings
        if settings != self._settings:
            self._latents, self._settings = self._drawn(settings), settings
        return self._latents

    def _drawn(self, settings: ViewSettings) -> Tensor:
        e, device = self._book.experiment, self._book.inputs.trainer.device
        ends = [draw_latents(1, e, rng.generator(seed, "latents", device))[0] for seed in settings.endpoints]
        steps = IMAGES if self._book.inputs.images else POINTS
        way = slerp if settings.interpolation == "slerp" else lerp
        walk = ends[0].repeat(steps, 1)
        t = torch.linspace(0, 1, steps, device=device)
        walk[:, : e.latent_dim] = way(ends[0][: e.latent_dim], ends[1][: e.latent_dim], t)
        return walk


def interpolation(now: Moment, book: Logbook) -> Answer:
    """Samples along the walk between two latents."""
    samples = generate(now.generator, book.recall(LatentPath).latents())
    shown = mosaic(samples, 1, len(samples)) if now.inputs.images else {"path": as_array(samples)}
    return {"kind": book.settings.interpolation, **shown}


VIEW = View(
    "interpolation", always, interpolation, Wire(jpeg_bytes=8_000), crowded_out=is_dirac_game, place=100, node="g"
)

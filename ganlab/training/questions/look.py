"""Questions that show samples: of given latents, of places on a map, along a way, over a plane; and real ones."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import torch
from pydantic import Field

from ganlab.latent.drawing import on_map
from ganlab.latent.planes import grid
from ganlab.latent.ways import Way, step_lengths, walk
from ganlab.training.probes.inputs import Inputs
from ganlab.training.questions.question import (
    MOST_LATENTS,
    Latent,
    Question,
    Truncation,
    as_latents,
    as_shown,
    at_rest,
    samples_of,
)
from ganlab.training.trainer import Trainer

Side = Annotated[int, Field(ge=1, le=40)]
Place = Annotated[float, Field(ge=-1e6, le=1e6)]


class Samples(Question):
    """What these latents look like."""

    ask: Literal["samples"]
    latents: Annotated[list[Latent], Field(min_length=1, max_length=MOST_LATENTS)]
    truncation: Truncation = 1.0

    def answer(self, trainer: Trainer) -> dict[str, Any]:
        with at_rest(trainer, self.truncation) as generator:
            return as_shown(samples_of(generator, as_latents(self.latents, trainer), trainer))


class OnMap(Question):
    """A window on the endless map of latents: its lower left corner, and how far apart its places are."""

    ask: Literal["on_map"]
    x: Place
    y: Place
    step: Annotated[float, Field(gt=0, le=100)] = 1.0
    columns: Side
    rows: Side
    seed: Annotated[int, Field(ge=0, lt=2**31)] = 0

    def answer(self, trainer: Trainer) -> dict[str, Any]:
        across = self.x + self.step * torch.arange(self.columns, dtype=torch.float64)
        up = self.y + self.step * torch.arange(self.rows, dtype=torch.float64).flip(0)
        y, x = torch.meshgrid(up, across, indexing="ij")
        latents = on_map(x.flatten(), y.flatten(), trainer.experiment, self.seed).to(trainer.device)
        with at_rest(trainer) as generator:
            shown = as_shown(samples_of(generator, latents, trainer), self.rows)
        return {**shown, "latents": latents.cpu().numpy()}


class Walk(Question):
    """The way through some latents, in frames, with the length of each step."""

    ask: Literal["walk"]
    points: Annotated[list[Latent], Field(min_length=2, max_length=24)]
    way: Way
    frames: Annotated[int, Field(ge=2, le=MOST_LATENTS)]
    closed: bool = False
    truncation: Truncation = 1.0

    def answer(self, trainer: Trainer) -> dict[str, Any]:
        latents = walk(as_latents(self.points, trainer), self.way, self.frames, closed=self.closed)
        with at_rest(trainer, self.truncation) as generator:
            samples = samples_of(generator, latents, trainer)
        steps = step_lengths(samples).cpu().numpy()
        return {**as_shown(samples), "latents": latents.cpu().numpy(), "steps": steps}


class Slice(Question):
    """Samples on a square grid of a plane, its rows from the top."""

    ask: Literal["slice"]
    origin: Latent
    directions: Annotated[list[Latent], Field(min_length=2, max_length=2)]
    reach: Annotated[float, Field(gt=0, le=100)]
    side: Annotated[int, Field(ge=2, le=40)]
    truncation: Truncation = 1.0

    def answer(self, trainer: Trainer) -> dict[str, Any]:
        origin, *directions = as_latents([self.origin, *self.directions], trainer)
        latents = grid(origin, torch.stack(directions), self.reach, self.side)
        rows = len(latents)
        with at_rest(trainer, self.truncation) as generator:
            samples = samples_of(generator, latents.flatten(0, 1), trainer)
        return {**as_shown(samples, rows), "side": self.side, "grid_rows": rows}


class Real(Question):
    """Some real samples, always the same."""

    ask: Literal["real"]
    count: Annotated[int, Field(ge=1, le=512)]

    def answer(self, trainer: Trainer) -> dict[str, Any]:
        real = Inputs(trainer).real[: self.count]
        return {**as_shown(real), "extent": trainer.spec.extent}

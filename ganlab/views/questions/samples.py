"""Questions that show samples: of given latents, of places on a map, along a way, over a plane; and real ones."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import torch
from pydantic import Field

from ganlab.experiment.codes import widths
from ganlab.latent.drawing import on_map
from ganlab.latent.planes import grid
from ganlab.latent.ways import Way, step_lengths, walk
from ganlab.training.trainer import Trainer
from ganlab.views.inputs import Inputs
from ganlab.views.questions.question import (
    MOST_LATENTS,
    Codes,
    Latent,
    Question,
    Truncation,
    as_latents,
    as_shown,
    samples_of,
)

Side = Annotated[int, Field(ge=1, le=40)]
DIAL_VALUES = (-2.0, -1.5, -1.0, -0.5, 0.0, 0.5, 1.0, 1.5, 2.0)  # as in Chen et al. 2016, figure 2
Place = Annotated[float, Field(ge=-1e6, le=1e6)]


class Samples(Question):
    """What these latents look like."""

    ask: Literal["samples"]
    latents: Annotated[list[Latent], Field(min_length=1, max_length=MOST_LATENTS)]
    truncation: Truncation = 1.0

    def answer(self, trainer: Trainer) -> dict[str, Any]:
        with self.at_rest(trainer, self.truncation) as generator:
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
        with self.at_rest(trainer) as generator:
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
        with self.at_rest(trainer, self.truncation) as generator:
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
        with self.at_rest(trainer, self.truncation) as generator:
            samples = samples_of(generator, latents.flatten(0, 1), trainer)
        return {**as_shown(samples, rows), "side": self.side, "grid_rows": rows}


class ByCode(Question):
    """Samples in rows, one for each value of a code or class, of the same latents in every row."""

    ask: Literal["by_code"]
    code: Literal["y", "category", "dial"]
    dial: Annotated[int, Field(ge=0, lt=16)] = 0
    latents: Annotated[list[Latent], Field(min_length=1, max_length=16)]

    def answer(self, trainer: Trainer) -> dict[str, Any]:
        latents, rows = as_latents(self.latents, trainer), []
        for codes in self._rows(trainer):
            with self.model_copy(update={"codes": codes}).at_rest(trainer) as generator:
                rows.append(samples_of(generator, latents, trainer))
        return {**as_shown(torch.cat(rows), len(rows)), "grid_rows": len(rows)}

    def _rows(self, trainer: Trainer) -> list[Codes]:
        _, classes, categories, dials = widths(trainer.experiment)
        if self.code != "dial":
            count = classes if self.code == "y" else categories
            if not count:
                raise ValueError("This run's generator is given no such code.")
            return [self.codes.model_copy(update={self.code: value}) for value in range(count)]
        if self.dial >= dials:
            raise ValueError(f"This run has {dials} dials; there is no dial {self.dial + 1}.")
        known = [*self.codes.dials, *[0.0] * dials][:dials]
        turned = [[*known[: self.dial], value, *known[self.dial + 1 :]] for value in DIAL_VALUES]
        return [self.codes.model_copy(update={"dials": tuple(dials)}) for dials in turned]


class Real(Question):
    """Shows some real samples, the same ones every time."""

    ask: Literal["real"]
    count: Annotated[int, Field(ge=1, le=512)]

    def answer(self, trainer: Trainer) -> dict[str, Any]:
        real = Inputs(trainer).real[: self.count]
        return {**as_shown(real), "extent": trainer.spec.extent}

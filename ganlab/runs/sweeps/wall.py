"""Trains the networks of a sweep, and shows a few samples and measures of each member."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ganlab.data import Sampler, load
from ganlab.experiment import Experiment
from ganlab.runs.checkpoint import Checkpoint
from ganlab.runs.sweeps.measures import SampleMeasures
from ganlab.training import rng
from ganlab.training.batched import members_of, together
from ganlab.training.checkpoint import state_of
from ganlab.training.device import claim
from ganlab.training.history import SCALARS
from ganlab.views import drawing_of
from ganlab.views.view import Wire

# How it is sent. Of images it is many small mosaics, shown less often than views: it sees to its size itself.
WALL = Wire(bits={"points": 8, "real": 8})
POINTS_SHOWN = 150
REAL_SHOWN = 400
BINS = 40
MOST_BYTES = 150_000  # of pixels in a frame: a wall of large images shows fewer of each member
MOST_IMAGES = 9


class SweepEngine:
    """Trains the members of a sweep, each family as one computation. Only the training thread uses it.

    Attributes:
        members: the numbers of those that it trains, in the order in which they are shown.
        rate: iterations per second of all members in all, lately.
        settled_at: when the members were last looked after (`time.perf_counter`).
    """

    def __init__(self, experiments: Sequence[Experiment], part: int = 0, parts: int = 1) -> None:
        """Of several `parts`, train one: see `together`."""
        self._count = len(experiments)
        self._dataset = load(experiments[0])
        self._spec = self._dataset.spec
        self._drawing = drawing_of(experiments[0])
        self._families = together(experiments, part, parts)
        self.members = members_of(experiments, part, parts)
        self._of_samples = SampleMeasures(self._dataset)
        self._latents = [self._of_samples.latents(members.experiments[0]) for _, members in self._families]
        self._real = Sampler(self._dataset, rng.stream_seed(0, "probes")).next(REAL_SHOWN).numpy()
        self.rate = 0.0
        self.start_clock()

    @property
    def iteration(self) -> int:
        """Iterations that every member has done."""
        return min(members.iteration for _, members in self._families)

    @property
    def measures(self) -> tuple[str, ...]:
        """The names of what is measured of each member."""
        return (*self._of_samples.names, *SCALARS)

    def start_clock(self) -> None:
        """Measure the rate from now on."""
        self.settled_at, self._settled_steps = time.perf_counter(), self._steps()

    def step(self) -> None:
        """One iteration of the family that has done the fewest."""
        _, members = min(self._families, key=lambda each: each[1].iteration)
        claim(members.threads, members.experiments[0].precision)
        members.step()

    def settle(self) -> list[int]:
        """Measure the rate; returns the members whose weights are no longer finite."""
        elapsed, steps = time.perf_counter() - self.settled_at, self._steps() - self._settled_steps
        if steps and elapsed > 0:
            self.rate = 0.7 * self.rate + 0.3 * steps / elapsed if self.rate else steps / elapsed
        self.start_clock()
        finite = {
            number: whole
            for family, members in self._families
            for number, whole in zip(family, members.finite(), strict=True)
        }
        return [number for number, whole in sorted(finite.items()) if not whole]

    def view(self) -> dict[str, Any]:
        """A few samples of each member, and its measures: NaN where there are none yet."""
        count = len(self.members)
        measured = {name: np.full(count, np.nan, np.float32) for name in self.measures}
        shown: list[NDArray[np.float32]] = [np.empty(0, np.float32)] * count
        for (family, members), latents in zip(self._families, self._latents, strict=True):
            rows = [self.members.index(number) for number in family]
            if members.iteration:
                for name, values in members.scalars().items():
                    measured[name][rows] = values
            for row, samples in zip(rows, members.samples(latents).cpu(), strict=True):
                shown[row] = samples.numpy()
                for name, value in self._of_samples.of(samples).items():
                    measured[name][row] = value
        return {"measures": measured, "noise": self._of_samples.noise, **self._picture(np.stack(shown))}

    def checkpoint(self, member: int) -> Checkpoint:
        """A member as it is now, for a Run to go on from; what was measured on the way was not kept."""
        family, members = next(each for each in self._families if member in each[0])
        trainer = members.trainer(family.index(member))
        tensors, plain = state_of(trainer)
        return Checkpoint(tensors, plain, np.full((trainer.iteration, len(SCALARS)), np.nan, np.float32), {}, 0.0)

    def _steps(self) -> int:
        return sum(len(family) * members.iteration for family, members in self._families)

    def _picture(self, samples: NDArray[np.float32]) -> dict[str, Any]:
        """What is drawn of samples (members, n, *shape), and of the data."""
        extent = self._spec.extent
        if self._drawing == "images":
            count = max(1, min(MOST_IMAGES, MOST_BYTES // (self._count * int(np.prod(self._spec.shape)))))
            pixels = np.clip(np.nan_to_num(samples[:, :count]) * 127.5 + 127.5, 0, 255).astype(np.uint8)
            return {"kind": "images", "pixels": np.moveaxis(pixels, 2, -1)}
        if self._drawing != "plane":
            edges = np.linspace(-extent, extent, BINS + 1)
            bars = [np.histogram(each[np.isfinite(each)], edges)[0] / len(each) for each in (*samples, self._real)]
            return {"kind": "line", "bars": np.array(bars[:-1], np.float32), "real": bars[-1].astype(np.float32)}
        points = np.where(np.abs(samples[:, :POINTS_SHOWN]) <= extent, samples[:, :POINTS_SHOWN], np.nan)
        return {"kind": "plane", "points": points, "real": self._real, "extent": extent}

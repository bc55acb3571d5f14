"""Grids of samples on disk, one after each pass through the data, always of the same latents."""

from __future__ import annotations

from pathlib import Path

from PIL import Image

from ganlab.training.trainer import Trainer
from ganlab.views.images import pixels
from ganlab.views.inputs import Inputs, moment

SIDE = 5


class Grids:
    """Writes `grids/pass-001.png` and so on, 5x5 samples each, as passes through the data come to their end.

    Args:
        passes: through the data, that are behind it.
    """

    def __init__(self, directory: Path, passes: int = 0) -> None:
        self._directory = directory / "grids"
        self._inputs: Inputs | None = None
        self._passes = passes

    def write_if_due(self, trainer: Trainer) -> Path | None:
        """Write a grid if a pass has ended since the last call. Returns its path, or None."""
        self._inputs = self._inputs or Inputs(trainer)
        passes = int(trainer.sampler.passes or 0)
        if passes <= self._passes:
            return None
        self._passes = passes
        with moment(self._inputs) as now:
            images = pixels(now.samples[: SIDE * SIDE])
        _, height, width, channels = images.shape
        grid = images.reshape(SIDE, SIDE, height, width, channels).swapaxes(1, 2)
        grid = grid.reshape(SIDE * height, SIDE * width, channels)
        self._directory.mkdir(exist_ok=True)
        path = self._directory / f"pass-{passes:03d}.png"
        Image.fromarray(grid[..., 0] if channels == 1 else grid).save(path)
        return path

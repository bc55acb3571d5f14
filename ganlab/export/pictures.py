"""Pictures for a report: a grid of samples and the curves, as PNG or as SVG."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np

from ganlab.export.files import CannotExport
from ganlab.export.trained_run import TrainedRun

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SIDE = 8  # samples in a row and in a column of the grid
POINTS = 2000  # samples that are points
SEED = 0
DOTS_PER_INCH = 150
WINDOW = 50  # iterations that a smoothed curve averages
MOST_DRAWN = 2000  # points of a curve


def write_png(run: TrainedRun, folder: Path) -> str:
    """samples.png and curves.png."""
    return _write(run, folder, "png", b"\x89PNG")


def write_svg(run: TrainedRun, folder: Path) -> str:
    """samples.svg and curves.svg, sharp at every size."""
    return _write(run, folder, "svg", b"<?xml")


def _write(run: TrainedRun, folder: Path, form: Literal["png", "svg"], start: bytes) -> str:
    for name, draw in {"samples": draw_samples, "curves": draw_curves}.items():
        path = folder / f"{name}.{form}"
        draw(run).savefig(path, dpi=DOTS_PER_INCH, bbox_inches="tight")
        if not path.read_bytes().startswith(start):
            raise CannotExport(f"{path.name} was not written as {form.upper()}: please report this.")
    what = f"{SIDE * SIDE} images" if run.generator.makes_images else f"{POINTS:,} points"
    return f"{what} from seed {SEED}, and {len(run.history):,} iterations"


def draw_samples(run: TrainedRun) -> Figure:
    """A grid of images; points as a cloud, or in one dimension as a histogram."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(6, 6), layout="constrained")
    axes = figure.add_subplot()
    if run.generator.makes_images:
        axes.imshow(_grid(run), cmap="gray", vmin=0, vmax=1, interpolation="nearest")
        axes.set_axis_off()
    else:
        samples, units = run.generator.sample(POINTS, SEED).numpy(), run.generator.units
        if samples.shape[1] == 1:
            axes.hist(samples[:, 0], bins=60)
        else:
            axes.scatter(samples[:, 0], samples[:, 1], s=4, alpha=0.5, linewidths=0)
            if units is None or len(set(units.scale)) == 1:
                axes.set_aspect("equal", adjustable="datalim")
        if units is not None and units.names:
            axes.set_xlabel(units.names[0])
            axes.set_ylabel(units.names[1] if len(units.names) > 1 else "samples")
    axes.set_title(f"Samples after {run.iteration:,} iterations")
    return figure


def draw_curves(run: TrainedRun) -> Figure:
    """Every scalar over the iterations: a running mean, and pale behind it the values themselves."""
    from matplotlib.figure import Figure

    scalars = run.scalars
    figure = Figure(figsize=(9, 1.8 * len(scalars)), layout="constrained")
    every = max(1, len(run.history) // MOST_DRAWN)
    iterations = np.arange(1, len(run.history) + 1)[::every]
    for place, (name, values) in enumerate(zip(scalars, run.history.T, strict=True), start=1):
        axes = figure.add_subplot(len(scalars), 1, place)
        axes.plot(iterations, values[::every], alpha=0.3, linewidth=0.7)
        axes.plot(iterations, running_mean(values)[::every], color="C0")
        axes.set_ylabel(name.replace("_", " "))
    axes.set_xlabel("iteration")
    return figure


def running_mean(values: np.ndarray) -> np.ndarray:
    """The mean of the last `WINDOW` values that were measured, at each place."""
    measured = np.isfinite(values)
    sums = np.concatenate([[0.0], np.cumsum(np.where(measured, values, 0.0).astype(np.float64))])
    counts = np.concatenate([[0], np.cumsum(measured)])
    end = np.arange(1, len(values) + 1)
    start = np.maximum(end - WINDOW, 0)
    mean: np.ndarray = (sums[end] - sums[start]) / np.maximum(counts[end] - counts[start], 1)
    return mean


def _grid(run: TrainedRun) -> np.ndarray:
    """(height, width) or (height, width, 3) in [0, 1], with a line of white between the images."""
    images = (run.generator.sample(SIDE * SIDE, SEED).nan_to_num().clamp(-1, 1).numpy() + 1) / 2
    count, channels, height, width = images.shape
    grid = np.ones((channels, SIDE * (height + 1) - 1, SIDE * (width + 1) - 1), np.float32)
    for k in range(count):
        top, left = k // SIDE * (height + 1), k % SIDE * (width + 1)
        grid[:, top : top + height, left : left + width] = images[k]
    return grid[0] if channels == 1 else grid.transpose(1, 2, 0)

"""A small picture of a run's samples, by which people recognise the run in a list."""

from __future__ import annotations

import io
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

SIDE = 112  # pixels
ENOUGH_IMAGES, ENOUGH_POINTS = 16, 400
ORANGE = (224, 123, 0)  # generated samples, on light and on dark pages
FINE = 4  # drawn so many times larger, then reduced


Values = NDArray[np.float32] | NDArray[np.uint8]


@dataclass(frozen=True)
class SamplePreview:
    """A few samples of a run: images (n, height, width, channels), or points (n, dimension).

    Attributes:
        extent: the axes on which points are drawn go from -extent to extent.
    """

    values: Values
    extent: float


def draw(samples: SamplePreview) -> bytes:
    """A PNG: a mosaic of images, points on a plane, or a histogram of points on a line."""
    values, extent = samples.values, samples.extent
    if values.ndim == 4:
        picture = _mosaic(values)
    elif values.shape[1] == 1:
        picture = _histogram(values[:, 0], extent)
    else:
        picture = _scatter(values, extent)
    file = io.BytesIO()
    picture.save(file, "PNG", optimize=True)
    return file.getvalue()


def _mosaic(images: Values) -> Image.Image:
    side = int(len(images) ** 0.5)
    _, height, width, channels = images.shape
    grid = images[: side * side].reshape(side, side, height, width, channels).swapaxes(1, 2)
    pixels = np.ascontiguousarray(grid.reshape(side * height, side * width, channels))
    picture = Image.fromarray(pixels[..., 0] if channels == 1 else pixels)
    return picture.resize((SIDE, SIDE), Image.Resampling.BOX if height * side >= SIDE else Image.Resampling.NEAREST)


def _scatter(points: Values, extent: float) -> Image.Image:
    picture = Image.new("RGBA", (SIDE * FINE, SIDE * FINE), (*ORANGE, 0))
    pen = ImageDraw.Draw(picture)
    for x, y in _within(points, extent) * SIDE * FINE:
        pen.ellipse((x - 5, SIDE * FINE - y - 5, x + 5, SIDE * FINE - y + 5), fill=(*ORANGE, 255))
    return picture.resize((SIDE, SIDE), Image.Resampling.LANCZOS)


def _histogram(values: Values, extent: float) -> Image.Image:
    counts, _ = np.histogram(values[np.isfinite(values)], bins=SIDE // 2, range=(-extent, extent))
    picture = Image.new("RGBA", (SIDE, SIDE), (*ORANGE, 0))
    pen = ImageDraw.Draw(picture)
    for i, count in enumerate(counts / max(counts.max(), 1)):
        if count > 0:
            pen.rectangle((2 * i, SIDE - 1 - count * (SIDE - 8), 2 * i + 1, SIDE - 1), fill=(*ORANGE, 255))
    return picture


def _within(points: Values, extent: float) -> NDArray[np.float64]:
    """The points that can be drawn, each coordinate from 0 to 1."""
    shares = (points.astype(np.float64) / extent + 1) / 2
    return shares[np.isfinite(shares).all(1) & (np.abs(shares - 0.5) <= 0.5).all(1)]

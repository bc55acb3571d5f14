"""Images of one set as bytes: the same scale for all that have more than 8 bits, the same background for all."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ganlab.data.images.decoding import DecodedImage

WHITES = (1, 255, 1023, 4095, 16_383, 65_535)  # where cameras, scanners and scientists put white
OVERSHOOT = 1.05  # of white, by what has sharpened or resized an image
DARK = 16  # times darker than white: such a scale would show nothing
NEARLY_WHITE = 48  # levels from white, on average: on white it would not show
ALIKE = 4  # levels by which no pixel of a set differs more: they show the same
WHITE, BLACK = 255, 0


def together(pictures: Sequence[DecodedImage]) -> tuple[NDArray[np.uint8], tuple[str, ...]]:
    """The pictures as bytes (n, 1 or 3, size, size), one channel if all are grey, and sentences on what was done."""
    noted = []
    low, high = _scale([picture for picture in pictures if picture.deep])
    deep = sum(picture.deep for picture in pictures)
    if deep:
        images = "image has" if deep == 1 else "images have"
        noted.append(
            f"{deep:,} {images} more than 8 bits a channel: {low:,.6g} is shown as black and {high:,.6g} as white, "
            "on one scale for all."
        )
    ground = _background([picture.pixels for picture in pictures if picture.pixels.shape[2:] == (4,)])
    if ground == BLACK:
        noted.append("The drawings on transparent ground are nearly white, so the ground is made black.")
    values = np.stack([_as_bytes(picture.pixels, low, high, ground) for picture in pictures]).transpose(0, 3, 1, 2)
    if (values[:, :1] == values).all():
        values = values[:, :1]
    if len(values) > 1 and int(np.ptp(values, axis=0).max()) < ALIKE:
        noted.append("All images are the same, so a generator can learn only this one image from them.")
    return np.ascontiguousarray(values), tuple(noted)


def _scale(deep: Sequence[DecodedImage]) -> tuple[float, float]:
    """The values that become black and white: 0 and the least usual white that holds all, or else the extremes."""
    if not deep:
        return 0.0, 1.0
    low, high = min(picture.darkest for picture in deep), max(picture.lightest for picture in deep)
    white = next((white for white in WHITES if high <= white * OVERSHOOT), 0)
    return (0.0, float(white)) if low >= 0 and high > white / DARK > 0 else (low, high)


def _background(transparent: Sequence[np.ndarray]) -> int:
    """White, unless what is drawn is nearly white itself."""
    drawn = sum(float(pixels[..., 3].sum()) for pixels in transparent)
    if not drawn:
        return WHITE
    short = sum(float((pixels[..., 3] * (255.0 - pixels[..., :3].mean(axis=2))).sum()) for pixels in transparent)
    return BLACK if short / drawn < NEARLY_WHITE else WHITE


def _as_bytes(pixels: np.ndarray, low: float, high: float, ground: int) -> NDArray[np.uint8]:
    """Returns the image as bytes, (size, size, 3)."""
    if pixels.dtype == np.float32:
        levels = np.clip((pixels - low) / ((high - low) or 1.0), 0, 1) * 255
        return np.broadcast_to(levels.round().astype(np.uint8), (*pixels.shape[:2], 3))
    if pixels.shape[2] == 4:
        alpha = pixels[..., 3:] / 255.0
        over: NDArray[np.uint8] = (pixels[..., :3] * alpha + ground * (1 - alpha)).round().astype(np.uint8)
        return over
    return pixels

"""Snapshots made light for the wire: fewer bits where no eye can tell, and pictures as JPEG where they are large."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from ganlab.live.frames import Quantised

# Drawn, never read as numbers: 256 shades for the surface, 65,535 places along an axis for the rest.
BITS: Mapping[tuple[str, str], Literal[8, 16]] = {
    ("plane", "surface"): 8,
    ("plane", "real"): 16,
    ("plane", "fake"): 16,
    ("plane", "arrows_from"): 16,
    ("plane", "arrows"): 16,
    ("plane", "warp"): 16,
    ("plane", "reconstructed"): 16,
    ("wall", "points"): 8,
    ("wall", "real"): 8,
    **{("losses", f"{curve}_{end}"): 16 for curve in ("d", "g", "reconstruction", "kl") for end in ("lo", "hi")},
    **{("scores", band): 16 for band in ("real_lo", "real_hi", "fake_lo", "fake_hi")},
}
PICTURES = {f"{of}pixels": (f"{of}rows", f"{of}columns", f"{of}jpeg") for of in ("", "real_", "reconstructed_")}
RAW_BYTES = 8_000  # a smaller mosaic goes as it is, exact to the pixel
# What a larger one may weigh, so that a whole frame stays below 60 kB even while the samples are noise. A wall, which
# is many small mosaics and is shown less often, sees to its size itself.
JPEG_BYTES = {"samples": 22_000, "interpolation": 8_000, "codes": 14_000, "classes": 14_000, "neighbours": 6_000}
REAL_JPEG_BYTES = 8_000
QUALITIES = (90, 80, 65, 50, 35, 20, 10)


def lighten(snapshot: Mapping[str, Any]) -> dict[str, Any]:
    """The snapshot with each view in the form in which it is sent."""
    return {**snapshot, "views": {name: _view(name, view) for name, view in snapshot["views"].items()}}


def _view(name: str, view: Mapping[str, Any]) -> dict[str, Any]:
    light: dict[str, Any] = {}
    for key, value in view.items():
        if key in PICTURES and name in JPEG_BYTES and value.nbytes > RAW_BYTES:
            rows, columns, sent_as = PICTURES[key]
            most = JPEG_BYTES[name] if key == "pixels" else REAL_JPEG_BYTES
            light[sent_as] = np.frombuffer(jpeg(value, view[rows], view[columns], most), np.uint8)
        elif (name, key) in BITS and value is not None:
            light[key] = Quantised(value, BITS[name, key])
        else:
            light[key] = value
    return light


def jpeg(images: NDArray[np.uint8], rows: int, columns: int, most: int) -> bytes:
    """A mosaic of images (rows * columns, height, width, channels), at the best quality that fits `most` bytes."""
    _, height, width, channels = images.shape
    mosaic = images.reshape(rows, columns, height, width, channels).swapaxes(1, 2)
    mosaic = mosaic.reshape(rows * height, columns * width, channels)
    picture = Image.fromarray(mosaic[..., 0] if channels == 1 else mosaic)
    data = b""
    for quality in QUALITIES:
        file = io.BytesIO()
        picture.save(file, "JPEG", quality=quality)
        data = file.getvalue()
        if len(data) <= most:
            break
    return data

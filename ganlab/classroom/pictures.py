"""Pictures of a run's samples, small enough to be sent for a whole class once a second."""

from __future__ import annotations

import base64
import io
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from ganlab.live.frames import array
from ganlab.runs.keeping.picture import ORANGE

PICTURE_BYTES, LARGE_PICTURE_BYTES = 600, 8000
LARGE_ROWS = 5  # of images, and as many columns
PREVIEW_SIDE = 64  # pixels
FAINT = 90  # of 255: what is fainter is no point


def picture(frame: bytes, thumbnail: dict[str, Any]) -> dict[str, str]:
    """The points or the images of a thumbnail, as text."""
    if "points" in thumbnail:
        return {"points": base64.b64encode(array(frame, thumbnail["points"]).tobytes()).decode()}
    shown = array(frame, thumbnail["pixels"])
    return encoded(_image(shown), PICTURE_BYTES)


def preview(png: bytes) -> dict[str, str]:
    """The picture of a stored run, made smaller: images as they are, points each in their place or not."""
    whole = Image.open(io.BytesIO(png)).resize((PREVIEW_SIDE, PREVIEW_SIDE))
    if whole.mode != "RGBA":
        return encoded(whole, PICTURE_BYTES)
    dots = whole.getchannel("A").point(lambda alpha: int(alpha > FAINT))
    dots.putpalette((0, 0, 0, *ORANGE))
    file = io.BytesIO()
    dots.save(file, "PNG", bits=1, transparency=0, optimize=True)
    return {"image": "data:image/png;base64," + base64.b64encode(file.getvalue()).decode()}


def large_picture(frame: bytes, samples: dict[str, Any]) -> dict[str, str]:
    """The first rows and columns of a mosaic, as it was sent: in bytes, or as a JPEG."""
    rows, columns = min(samples["rows"], LARGE_ROWS), min(samples["columns"], LARGE_ROWS)
    height, width = samples["height"], samples["width"]
    if "pixels" in samples:
        images = array(frame, samples["pixels"]).reshape(samples["rows"], samples["columns"], height, width, -1)
        shown = images.swapaxes(1, 2).reshape(samples["rows"] * height, samples["columns"] * width, -1)
        whole = _image(shown)
    else:
        whole = Image.open(io.BytesIO(array(frame, samples["jpeg"]).tobytes()))
    return encoded(whole.crop((0, 0, columns * width, rows * height)), LARGE_PICTURE_BYTES)


def _image(pixels: NDArray[np.uint8]) -> Image.Image:
    """Of bytes (height, width, channels)."""
    return Image.fromarray(np.ascontiguousarray(pixels[..., 0] if pixels.shape[-1] == 1 else pixels))


def encoded(image: Image.Image, most: int) -> dict[str, str]:
    """The image as an address of data, at the best quality that fits."""
    data = b""
    for quality in (80, 50, 20, 5):
        file = io.BytesIO()
        image.save(file, "WEBP", quality=quality)
        data = file.getvalue()
        if len(data) <= most:
            break
    return {"image": "data:image/webp;base64," + base64.b64encode(data).decode()}

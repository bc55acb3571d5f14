"""Snapshots made light for the wire: fewer bits where no eye can tell, and pictures as JPEG where they are large."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from ganlab.live.frames import Quantised
from ganlab.runs.sweeps.wall import WALL
from ganlab.runs.trials.trial_run import TRIAL
from ganlab.views import VIEWS, all_names
from ganlab.views.view import Wire

# The keys of a Snapshot's "views", and how each is sent. A sweep has only its wall, and only
# the runs of a trial have it.
WIRES: Mapping[str, Wire] = {name: view.wire for name, view in VIEWS.items()} | {"wall": WALL, "trial": TRIAL}
ASKED = frozenset(WIRES) | all_names()  # what a viewer may ask for
PICTURES = {f"{of}pixels": (f"{of}rows", f"{of}columns", f"{of}jpeg") for of in ("", "real_", "reconstructed_")}
RAW_BYTES = 8_000  # a smaller mosaic goes as it is, exact to the pixel
# Views say what a larger one may weigh, so that a whole frame stays below 60 kB even while the samples are noise.
REAL_JPEG_BYTES = 8_000
QUALITIES = (90, 80, 65, 50, 35, 20, 10)


def lighten(snapshot: Mapping[str, Any]) -> dict[str, Any]:
    """The snapshot with each view in the form in which it is sent."""
    return {**snapshot, "views": {name: _light(view, WIRES[name]) for name, view in snapshot["views"].items()}}


def _light(view: Mapping[str, Any], wire: Wire) -> dict[str, Any]:
    light: dict[str, Any] = {}
    for key, value in view.items():
        if key in PICTURES and wire.jpeg_bytes is not None and value.nbytes > RAW_BYTES:
            rows, columns, sent_as = PICTURES[key]
            most = wire.jpeg_bytes if key == "pixels" else REAL_JPEG_BYTES
            light[sent_as] = np.frombuffer(jpeg(value, view[rows], view[columns], most), np.uint8)
        elif key in wire.bits and value is not None:
            light[key] = Quantised(value, wire.bits[key])
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

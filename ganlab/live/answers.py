"""Answers of a run as frames."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ganlab.live.frames import encode
from ganlab.live.wire import jpeg
from ganlab.runs import Run

LARGE_PICTURE = 400_000  # bytes; a larger mosaic is sent as a JPEG
JPEG_BYTES = 500_000


def answer_frame(run: Run, answer: Mapping[str, Any]) -> bytes:
    """The frame of an answer, with where the run is now."""
    return encode({"iteration": run.iteration, "state": str(run.state), **_light(answer)})


def _light(answer: Mapping[str, Any]) -> Mapping[str, Any]:
    """The answer with a large mosaic as a JPEG."""
    pixels = answer.get("pixels")
    if pixels is None or pixels.nbytes <= LARGE_PICTURE:
        return answer
    picture = np.frombuffer(jpeg(pixels, answer["rows"], answer["columns"], JPEG_BYTES), np.uint8)
    return {name: value for name, value in answer.items() if name != "pixels"} | {"jpeg": picture}

"""Reads frames as the browser does, so that tests can look inside them."""

import json
import struct
from typing import Any

import numpy as np

TYPES = {"f4": "<f4", "u1": "u1", "i2": "<i2", "u2": "<u2", "i4": "<i4"}


def decode(frame: bytes) -> dict[str, Any]:
    """The snapshot that a frame holds, its arrays as numpy arrays."""
    magic, length = struct.unpack_from("<4sI", frame)
    assert magic == b"GLF1"
    start = -(-(8 + length) // 8) * 8

    def unpacked(value: dict[str, Any]) -> Any:
        if not {"dtype", "offset", "shape"} <= set(value):
            return value
        dtype = np.dtype(TYPES[value["dtype"]])
        offset = start + value["offset"]
        assert offset % dtype.itemsize == 0, "a typed array would refuse to start here"
        codes = np.frombuffer(frame, dtype, int(np.prod(value["shape"])), offset).reshape(value["shape"])
        if "lo" not in value:
            return codes
        missing = np.iinfo(dtype).max
        values = value["lo"] + codes * ((value["hi"] - value["lo"]) / (missing - 1))
        return np.where(codes == missing, np.nan, values)

    return json.loads(frame[8 : 8 + length], object_hook=unpacked)

"""A Snapshot as bytes: a JSON header that points into packed arrays, ready for JavaScript's typed arrays."""

from __future__ import annotations

import json
import math
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from ganlab.experiment.sentence import Sentence

MAGIC = b"GLF1"
# Typed arrays in the browser must start at a multiple of their item size; none is wider than this.
ALIGNMENT = 8
DTYPES = {"f4": "<f4", "u1": "|u1", "i2": "<i2", "u2": "<u2", "i4": "<i4"}
_NARROWER = {"f8": "f4", "f2": "f4", "i8": "i4", "u4": "i4", "u8": "i4", "i1": "i2", "b1": "u1"}


@dataclass(frozen=True)
class Quantised:
    """An array to send as 8 or 16 bit steps between its smallest and largest finite value.

    The highest code stands for "not a number" and infinities, so that a diverged value is never
    drawn at a place where it is not.
    """

    array: np.ndarray
    bits: Literal[8, 16] = 16


def encode(snapshot: Mapping[str, Any]) -> bytes:
    """The frame of a snapshot.

    Layout: b"GLF1", the header's length (uint32, little-endian), the header (UTF-8 JSON), zeros up to a
    multiple of 8, then the arrays. The header is the snapshot, with
    `{"dtype", "offset", "shape"[, "lo", "hi"]}` in place of each array; offsets count from the first array.
    An array that occurs twice (the same object) is sent once. Numbers that JSON lacks become null.

    Raises:
        TypeError: for a value that is not plain data.
    """
    arrays = _Arrays()
    header = json.dumps(_plain(snapshot, arrays), separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()
    start = struct.pack("<4sI", MAGIC, len(header)) + header
    return b"".join((start, bytes(-len(start) % ALIGNMENT), *arrays.parts))


class _Arrays:
    """The packed arrays so far, each at an aligned offset."""

    def __init__(self) -> None:
        self.parts: list[bytes] = []
        self._end = 0
        self._known: dict[int, dict[str, Any]] = {}

    def add(self, array: np.ndarray) -> dict[str, Any]:
        """Where the array lies. It must outlive the encoding, for it is recognised by its identity."""
        if id(array) not in self._known:
            self._known[id(array)] = self._pack(array)
        return self._known[id(array)]

    def add_quantised(self, quantised: Quantised) -> dict[str, Any]:
        """Add an array that is sent in steps from `lo` to `hi`: value = lo + code / (highest code - 1) * (hi - lo)."""
        values = np.asarray(quantised.array, dtype=np.float64)
        finite = np.isfinite(values)
        everything = bool(finite.all())
        present = values if everything else values[finite]
        lo, hi = (float(present.min()), float(present.max())) if present.size else (0.0, 0.0)
        missing = 2**quantised.bits - 1
        scale = (missing - 1) / (hi - lo) if hi > lo else 0.0
        codes = np.rint(((values if everything else np.where(finite, values, lo)) - lo) * scale)
        if not everything:
            codes[~finite] = missing
        packed = codes.clip(0, missing).astype(np.uint8 if quantised.bits == 8 else np.uint16)
        return self._pack(packed) | {"lo": lo, "hi": hi}

    def _pack(self, array: np.ndarray) -> dict[str, Any]:
        kind = array.dtype.str[1:]
        name = _NARROWER.get(kind, kind)
        if name not in DTYPES:
            raise TypeError(f"A frame cannot hold an array of {array.dtype}; it takes numbers and booleans.")
        data = np.ascontiguousarray(array, dtype=DTYPES[name]).tobytes()
        where = {"dtype": name, "offset": self._end, "shape": list(array.shape)}
        padding = bytes(-len(data) % ALIGNMENT)
        self.parts += (data, padding)
        self._end += len(data) + len(padding)
        return where


def _plain(value: Any, arrays: _Arrays) -> Any:
    """The value as JSON holds it, its arrays set aside."""
    if isinstance(value, np.ndarray):
        return arrays.add(value)
    if isinstance(value, Quantised):
        return arrays.add_quantised(value)
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, Sentence):
        return value.parts()
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {str(name): _plain(inner, arrays) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner, arrays) for inner in value]
    raise TypeError(f"A frame cannot hold a {type(value).__name__}; it takes numbers, text, lists, dicts and arrays.")


def header(frame: bytes) -> dict[str, Any]:
    """What a frame says beside its arrays, in place of which it holds where each lies: see `array`."""
    _, length = struct.unpack_from("<4sI", frame)
    found: dict[str, Any] = json.loads(frame[8 : 8 + length])
    return found


def array(frame: bytes, where: Mapping[str, Any]) -> np.ndarray:
    """One array of a frame, as it was sent: of a `Quantised` one, the steps."""
    _, length = struct.unpack_from("<4sI", frame)
    first = 8 + length + -(8 + length) % ALIGNMENT
    count = math.prod(where["shape"])
    return np.frombuffer(frame, DTYPES[where["dtype"]], count, first + where["offset"]).reshape(where["shape"])

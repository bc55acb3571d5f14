"""Checkpoints of runs, what was counted in trials and pictures of samples as plain data, for messages."""

from __future__ import annotations

import json

import numpy as np
from safetensors.torch import load, save

from ganlab.hosts import messages as m
from ganlab.metrics.effect import TrialCounts
from ganlab.runs.checkpoint import Checkpoint
from ganlab.runs.keeping.checkpoint_file import NO_HISTORY, checkpoint_of, notes_of
from ganlab.runs.keeping.picture import SamplePreview
from ganlab.runs.trials.comparison import Looks
from ganlab.training.history import Floats

LENGTH = 8  # bytes that say how long the part after them is
Picture = tuple[list[int], bool, bytes]


def pack(checkpoint: Checkpoint) -> bytes:
    """All of a checkpoint but its history: a length, the notes as JSON, and the tensors as a safetensors file."""
    notes = json.dumps(notes_of(checkpoint)).encode()
    return len(notes).to_bytes(LENGTH, "little") + notes + save(checkpoint.tensors)


def unpack(packed: bytes, history: Floats = NO_HISTORY) -> Checkpoint:
    """The inverse of `pack`; of `history` the rows up to its iteration count."""
    end = LENGTH + int.from_bytes(packed[:LENGTH], "little")
    return checkpoint_of(load(packed[end:]), json.loads(packed[LENGTH:end]), history)


def pack_with_history(checkpoint: Checkpoint) -> bytes:
    """All of a checkpoint: a length, the history's width and rows, and the rest as `pack` does."""
    rows = np.ascontiguousarray(checkpoint.history, np.float32)
    lengths = b"".join(number.to_bytes(LENGTH, "little") for number in rows.shape)
    return lengths + rows.tobytes() + pack(checkpoint)


def unpack_with_history(packed: bytes) -> Checkpoint:
    """The inverse of `pack_with_history`."""
    count, width = (int.from_bytes(packed[i : i + LENGTH], "little") for i in (0, LENGTH))
    end = 2 * LENGTH + count * width * np.dtype(np.float32).itemsize
    return unpack(packed[end:], rows_of(packed[2 * LENGTH : end], width))


def rows_of(packed: bytes, width: int) -> Floats:
    """Rows (iterations, width) of a history."""
    return np.frombuffer(packed, np.float32).reshape(-1, width)


def pack_looks(looks: Looks) -> m.Looks:
    """What was counted in a trial, as plain numbers."""
    return {since: (each.modes.tolist(), each.good.tolist()) for since, each in looks.items()}


def unpack_looks(packed: m.Looks) -> Looks:
    """The inverse of `pack_looks`."""
    return {since: TrialCounts(*(np.array(each, np.float64) for each in counts)) for since, counts in packed.items()}


def pack_picture(samples: SamplePreview) -> Picture:
    """The values of a preview: their shape, whether they are bytes, and themselves."""
    values = np.ascontiguousarray(samples.values)
    return list(values.shape), values.dtype == np.uint8, values.tobytes()


def unpack_picture(packed: Picture, extent: float) -> SamplePreview:
    """The inverse of `pack_picture`."""
    shape, is_bytes, values = packed
    read = np.frombuffer(values, np.uint8) if is_bytes else np.frombuffer(values, np.float32)
    return SamplePreview(read.reshape(shape), extent)

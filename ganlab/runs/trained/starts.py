"""Presets that come trained: each a run's checkpoint, made by `python -m benchmarks.trained_starts` and compressed.

A checkpoint holds the networks, the moving average, both optimisers, chance and the place in the data, all exact:
training goes on from it to the same bits as the run that made it, on one kind of processor. Its scalars are not kept.
Some of those runs were made smaller at their end, before the checkpoint was taken, and say so: their numbers were
rounded, or their optimisers began anew.
"""

from __future__ import annotations

import json
import lzma
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from ganlab.experiment import Experiment, ExperimentError
from ganlab.presets import PRESETS
from ganlab.runs.checkpoint import Checkpoint
from ganlab.runs.keeping import checkpoint_file
from ganlab.runs.keeping.stored_run import values_of
from ganlab.runs.record import RunRecord
from ganlab.training.history import SCALARS_OF

FOLDER = Path(__file__).parent
INDEX = "starts.json"
MOST_BYTES = 300_000  # of one file
# Floats are stored in four bytes each, and a byte is told best by those at the same place in other floats.
FILTERS = ({"id": lzma.FILTER_LZMA2, "preset": 9 | lzma.PRESET_EXTREME, "lc": 1, "lp": 2, "pb": 2},)


@dataclass(frozen=True)
class TrainedStart:
    """What is known of a trained start before it is read.

    Attributes:
        iterations: that were trained; seconds: of one CPU core that they took.
    """

    iterations: int
    seconds: float


@lru_cache(maxsize=1)
def trained_starts() -> Mapping[str, TrainedStart]:
    """Returns the trained starts by their preset's name, without those of settings that have changed since."""
    return {
        name: TrainedStart(entry["iterations"], entry["seconds"])
        for name, entry in read_index(FOLDER).items()
        if name in PRESETS and PRESETS[name].experiment.differences() == entry["settings"]
    }


def trained_start(preset: str) -> Checkpoint:
    """The checkpoint from which a run of this preset may begin.

    Raises:
        ExperimentError: there is none, or it is damaged.
    """
    if preset not in trained_starts():
        raise ExperimentError(f"GanLab comes with no trained start of {preset}.")
    return read(FOLDER / file_name(preset))


def file_name(preset: str) -> str:
    """What the file of a preset's trained start is called."""
    return f"{preset}.safetensors.xz"


def read_index(folder: Path) -> dict[str, Any]:
    """What is known of each file in the folder, by the preset's name."""
    path = folder / INDEX
    return dict(json.loads(path.read_text(encoding="utf-8"))) if path.exists() else {}


def read(path: Path) -> Checkpoint:
    """The inverse of `write`; its scalars count as not measured.

    Raises:
        ExperimentError: the file is gone or damaged.
    """
    with tempfile.TemporaryDirectory(prefix="ganlab-trained-") as folder:
        plain = Path(folder) / "checkpoint.safetensors"
        try:
            plain.write_bytes(lzma.decompress(path.read_bytes()))
        except (OSError, lzma.LZMAError) as error:
            raise ExperimentError(f"The trained start {path.name} can't be read ({error}).") from None
        checkpoint = checkpoint_file.read(plain)
    model = Experiment.of(**checkpoint.plain["experiment"]).model
    unknown = np.full((checkpoint.iteration, len(SCALARS_OF[model])), np.nan, np.float32)
    return replace(checkpoint, history=unknown)


def write(record: RunRecord, path: Path) -> None:
    """Write a run's checkpoint without its scalars, compressed without loss.

    Raises:
        OSError: the disk does not take it.
    """
    assert record.checkpoint is not None
    with tempfile.TemporaryDirectory(prefix="ganlab-trained-") as folder:
        plain = Path(folder) / "checkpoint.safetensors"
        checkpoint_file.write(record.checkpoint, plain, values_of(replace(record, id="", name="")))
        path.write_bytes(lzma.compress(plain.read_bytes(), format=lzma.FORMAT_XZ, filters=list(FILTERS)))

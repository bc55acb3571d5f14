"""A frozen run as one safetensors file, the same that `ganlab.training.checkpoint` writes, with the probes' notes."""

from __future__ import annotations

import json
import os
from pathlib import Path

from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file

from ganlab.experiment import ExperimentError
from ganlab.runs.fork import Frozen
from ganlab.training.checkpoint import FORMAT
from ganlab.training.history import Floats
from ganlab.views.film import stills_from_plain, stills_to_plain


def write(frozen: Frozen, path: Path) -> None:
    """Write all but the scalars, so that it survives a loss of power.

    A reader never sees half a file.

    Raises:
        OSError: the disk does not take it.
    """
    partial = path.with_suffix(".partial")
    notes = {
        "format": FORMAT,
        "state": json.dumps(frozen.plain),
        "logs": json.dumps(dict(frozen.logs), default=float),
        "seconds": json.dumps(frozen.seconds),
        "film": json.dumps(stills_to_plain(frozen.film)),
    }
    try:
        try:
            save_file(frozen.tensors, partial, metadata=notes)
        except SafetensorError as error:
            raise OSError(f"{path.name} could not be written: {error}") from None
        with partial.open("rb+") as file:
            os.fsync(file.fileno())
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def read(path: Path, history: Floats) -> Frozen:
    """The inverse of `write`, with the scalars that were kept elsewhere.

    Raises:
        ExperimentError: the file is gone or damaged.
    """
    try:
        with safe_open(path, framework="pt") as file:
            notes = file.metadata() or {}
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 (not a mapping)
    except (SafetensorError, OSError) as error:
        raise ExperimentError(f"The weights of this run can't be read ({error}).") from None
    if notes.get("format") != FORMAT:
        raise ExperimentError("The weights of this run were saved by a newer GanLab: open it with that one.")
    logs = {name: tuple(tuple(row) for row in rows) for name, rows in json.loads(notes["logs"]).items()}
    film = stills_from_plain(json.loads(notes.get("film", "[]")))  # which older versions did not keep
    return Frozen(tensors, json.loads(notes["state"]), history, logs, json.loads(notes["seconds"]), film)

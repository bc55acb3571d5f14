"""A run's checkpoint as one safetensors file, with the record of the run in its notes.

The app's store and `ganlab train` write it. The scalars are kept elsewhere.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from torch import Tensor

from ganlab.experiment import ExperimentError
from ganlab.runs.checkpoint import Checkpoint
from ganlab.training.checkpoint import FORMAT, NETWORKS
from ganlab.training.history import Floats
from ganlab.training.tensor_file import DamagedFileError, read_notes, read_tensors, write_tensors
from ganlab.views.film import stills_from_plain, stills_to_plain

NO_HISTORY = np.empty((0, 0), np.float32)


def write(checkpoint: Checkpoint, path: Path, record: Mapping[str, Any]) -> None:
    """Write all but the scalars; `record` is what else is known of the run, as JSON can hold it.

    Raises:
        OSError: the disk does not take it.
    """
    write_tensors(checkpoint.tensors, path, notes_of(checkpoint) | {"record": json.dumps(record)})


def notes_of(checkpoint: Checkpoint) -> dict[str, str]:
    """Returns all of a checkpoint but its tensors and scalars, as texts."""
    return {
        "format": FORMAT,
        "state": json.dumps(checkpoint.plain),
        "logs": json.dumps(dict(checkpoint.logs), default=float),
        "seconds": json.dumps(checkpoint.seconds),
        "film": json.dumps(stills_to_plain(checkpoint.film)),
    }


def write_weights(checkpoint: Checkpoint, path: Path, record: Mapping[str, Any]) -> None:
    """Write the networks' weights and buffers alone: to look at, not to go on from. Raises the errors of `write`."""
    weights = {name: value for name, value in checkpoint.tensors.items() if name.partition(".")[0] in NETWORKS}
    notes = {"experiment": json.dumps(checkpoint.plain["experiment"]), "record": json.dumps(record)}
    write_tensors(weights, path, notes)


def read(path: Path, history: Floats = NO_HISTORY) -> Checkpoint:
    """The inverse of `write`, with the scalars that were kept elsewhere, of which those up to its iteration count.

    Raises:
        ExperimentError: the file is gone or damaged.
    """
    try:
        tensors, notes = read_tensors(path)
    except DamagedFileError as error:
        raise _unreadable(error) from None
    return checkpoint_of(tensors, notes, history)


def checkpoint_of(tensors: dict[str, Tensor], notes: Mapping[str, str], history: Floats) -> Checkpoint:
    """The inverse of `notes_of`. Raises as `read`."""
    if "format" not in notes:
        raise ExperimentError("The file holds weights, but GanLab did not write it as a checkpoint.")
    if notes["format"] != FORMAT:
        raise ExperimentError("A newer GanLab saved the weights of this run: open the run with that version.")
    try:
        plain = json.loads(notes["state"])
        logs = {name: tuple(tuple(row) for row in rows) for name, rows in json.loads(notes.get("logs", "{}")).items()}
        film = stills_from_plain(json.loads(notes.get("film", "[]")))  # which older versions did not keep
        seconds = json.loads(notes.get("seconds", "0"))
        return Checkpoint(tensors, plain, history[: int(plain["iteration"])], logs, seconds, film)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise _unreadable(error) from None


def read_record(path: Path) -> dict[str, Any] | None:
    """What else is known of the run, unchecked; None in a file of an older version. Raises as `read`."""
    try:
        notes = read_notes(path)
        return json.loads(notes["record"]) if "record" in notes else None
    except ValueError as error:
        raise _unreadable(error) from None


def rename(path: Path, name: str) -> None:
    """Give the run of this file another name. Raises the errors of `read` and `write`."""
    try:
        tensors, notes = read_tensors(path)
        record = json.loads(notes["record"])
    except (ValueError, KeyError) as error:
        raise _unreadable(error) from None
    write_tensors(tensors, path, notes | {"record": json.dumps(record | {"name": name})})


def _unreadable(error: Exception) -> ExperimentError:
    return ExperimentError(f"The weights of this run can't be read ({error}).")

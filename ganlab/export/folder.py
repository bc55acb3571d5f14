"""What `ganlab train` left in a folder, taken up again to be exported."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np

from ganlab.experiment import ExperimentError
from ganlab.export.taken import Taken, taken_of
from ganlab.training.checkpoint import load_trainer
from ganlab.training.history import History

CHECKPOINT = "checkpoint.safetensors"


def taken_from(path: Path) -> Taken:
    """The run in this folder, or of this checkpoint; its scalars are those of history.csv beside it, if it is there.

    Raises:
        ExperimentError: there is no such run, or its files are damaged.
    """
    checkpoint = path / CHECKPOINT if path.is_dir() else path
    if not checkpoint.is_file():
        what = f"{path} holds no {CHECKPOINT}" if path.is_dir() else f"There is no file {path}"
        raise ExperimentError(f"{what}: name a folder that `ganlab train` wrote, or the checkpoint in it.")
    trainer = load_trainer(checkpoint)
    history = History(trainer.scalars)
    history.append(_rows(checkpoint.with_name("history.csv"), trainer.scalars))
    return taken_of(trainer, history)


def _rows(path: Path, scalars: tuple[str, ...]) -> np.ndarray:
    """The scalars in the file, (iterations, scalars); none if there is no file."""
    if not path.is_file():
        return np.empty((0, len(scalars)), np.float32)
    try:
        with path.open(newline="", encoding="utf-8") as file:
            rows = [[float(line[name] or "nan") for name in scalars] for line in csv.DictReader(file)]
    except (KeyError, TypeError, ValueError, OSError, csv.Error):
        raise ExperimentError(f"{path} is not a table of scalars that `ganlab train` wrote: move it away.") from None
    return np.array(rows, np.float32).reshape(-1, len(scalars))

"""What `ganlab train` left in a folder, taken up again to be exported."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np

from ganlab.experiment import ExperimentError
from ganlab.export.taken import Taken, take, taken_of
from ganlab.runs import Lab
from ganlab.runs.course import read_course
from ganlab.runs.keeping.database import StoreUnusable
from ganlab.runs.keeping.keeper import Keeper
from ganlab.runs.keeping.store import Store, place
from ganlab.runs.resume import id_beginning_with
from ganlab.runs.trouble import Trouble
from ganlab.training.checkpoint import load_trainer
from ganlab.training.history import History

CHECKPOINT = "checkpoint.safetensors"


def taken_from(path: Path) -> Taken:
    """The run in this folder, or of this checkpoint, with history.csv and course.json beside it, if they are there.

    Where there is no such folder or file, it is the run that the app has stored under the id that begins like this.

    Raises:
        ExperimentError: there is no such run or more than one, or its files are damaged.
    """
    if not path.exists() and (stored := _stored(str(path))) is not None:
        return stored
    checkpoint = path / CHECKPOINT if path.is_dir() else path
    if not checkpoint.is_file():
        what = f"{path} holds no {CHECKPOINT}" if path.is_dir() else f"There is no file {path}"
        raise ExperimentError(
            f"{what}: name a folder that `ganlab train` wrote, the checkpoint in it, or a run that `ganlab runs` lists."
        )
    trainer = load_trainer(checkpoint)
    history = History(trainer.scalars)
    history.append(_rows(checkpoint.with_name("history.csv"), trainer.scalars))
    return taken_of(trainer, history, read_course(checkpoint.parent))


def _stored(start: str) -> Taken | None:
    try:
        store = Store(place())
        if (run_id := id_beginning_with(start, store)) is None:
            return None
        with Lab(keeper=Keeper(store)) as lab:
            run = lab.find(run_id)
            return None if run is None else take(run)
    except StoreUnusable:
        return None
    except Trouble as error:
        raise ExperimentError(f"{error} {error.remedy}") from None


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

"""The run that `ganlab export` was told to take home: in a folder that `ganlab train` wrote, or in the app's store."""

from __future__ import annotations

from pathlib import Path

from ganlab.experiment import ExperimentError
from ganlab.runs.keeping import run_folder
from ganlab.runs.keeping.database import StoreUnusable
from ganlab.runs.keeping.store import Store, place
from ganlab.runs.record import RunRecord
from ganlab.runs.resume import id_beginning_with


def record_at(path: Path) -> RunRecord:
    """The record in this folder, or of this checkpoint.

    Where there is no such folder or file, it is the run that the app has stored under the id that begins like this.

    Raises:
        ExperimentError: there is no such run or more than one, or its files are damaged.
    """
    if not path.exists() and (stored := _stored(str(path))) is not None:
        return stored
    checkpoint = path / run_folder.CHECKPOINT if path.is_dir() else path
    if checkpoint.is_file():
        return run_folder.read(checkpoint)
    what = f"{path} holds no {run_folder.CHECKPOINT}" if path.is_dir() else f"There is no file {path}"
    raise ExperimentError(
        f"{what}: name a folder that `ganlab train` wrote, the checkpoint in it, or a run that `ganlab runs` lists."
    )


def _stored(start: str) -> RunRecord | None:
    try:
        store = Store(place())
    except StoreUnusable:
        return None
    run_id = id_beginning_with(start, store)
    return None if run_id is None else store.record(run_id)

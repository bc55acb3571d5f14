"""`ganlab train --from RUN`: a saved run that goes on from where it was, or from its best."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from ganlab.experiment import ExperimentError
from ganlab.runs.audience import Nobody
from ganlab.runs.keeping import run_folder
from ganlab.runs.keeping.database import StoreUnusable
from ganlab.runs.keeping.keeper import Keeper
from ganlab.runs.keeping.run_folder import CHECKPOINT
from ganlab.runs.keeping.store import Store, place
from ganlab.runs.run import Run
from ganlab.runs.state import State
from ganlab.runs.training_job import new_id
from ganlab.runs.trouble import Trouble

MOST_NAMED = 3  # of the runs whose ids begin alike


def resumed(
    start: str, steps: int | None, default_steps: int, changes: dict[str, Any], *, best: bool
) -> tuple[Run, str]:
    """The run that is to go on, built, and to be trained for `steps` more iterations; and a name for its new folder.

    Without `steps` it goes on to where its settings say that it ends, or for `default_steps` if it is there. What is
    stored of it stays as it is.

    Args:
        start: a folder that `ganlab train` wrote, or the beginning of the id of a run that the app has stored.
        changes: new values of live fields, from its next iteration on.
        best: from the best that it has been, not from where it is; it is a run with an id of its own then.

    Raises:
        ExperimentError: there is no such run or no such state of it, it can't go on, or a value is not allowed.
    """
    is_folder = (Path(start) / CHECKPOINT).is_file()
    run, name = _in_folder(Path(start), best=best) if is_folder else _in_store(start, best=best)
    end = run.experiment.max_steps if run.experiment.max_steps > run.iteration else run.iteration + default_steps
    run.experiment = run.experiment.changed(max_steps=end if steps is None else run.iteration + steps)
    build(run)  # first: a change that can't be made would drop the question
    run.change(**changes)
    run.obey()
    return run, name


def _in_folder(folder: Path, *, best: bool) -> tuple[Run, str]:
    if best:
        raise ExperimentError(
            "Only runs that the app has saved have a best state, and folders have none: leave --best out."
        )
    record = run_folder.read(folder)
    assert record.checkpoint is not None
    missing = np.full((record.iteration - len(record.checkpoint.history), len(record.scalars)), np.nan, np.float32)
    history = np.concatenate([record.checkpoint.history, missing])  # where the table was moved away: not measured
    checkpoint = replace(record.checkpoint, history=history)
    record = replace(record, checkpoint=checkpoint, id=record.id or new_id())  # older versions wrote no id
    return Run.restored(replace(record, checkpoint=None), lambda: record, Nobody()), folder.resolve().name


def _in_store(start: str, *, best: bool) -> tuple[Run, str]:
    try:
        keeper = Keeper(Store(place()))
    except StoreUnusable as error:
        raise ExperimentError(str(error)) from None
    run_id = id_beginning_with(start, keeper.store)
    if run_id is None:
        raise ExperimentError(
            f"{start} is neither the beginning of the id of a stored run (`ganlab runs` lists them) nor a folder with "
            f"a {CHECKPOINT} in it."
        )
    run = (keeper.restore_best if best else keeper.restore)(run_id, Run.restored)
    if run is None:
        raise ExperimentError(
            f"No best state of the run {run_id} is stored. A best state needs data whose modes are known: leave "
            "--best out."
        )
    if run.state in (State.FAILED, State.STOPPED):
        ended = f"failed ({run.message})" if run.state is State.FAILED else "was ended with Stop"
        raise ExperimentError(f"The run {run_id} {ended}. Go on from its best state (--best), if it has one.")
    return run, f"run-{run_id[:8]}"


def id_beginning_with(start: str, store: Store) -> str | None:
    """The one stored id that begins like this; None if none does.

    Raises:
        ExperimentError: several do.
    """
    ids = [stored.id for stored in store.runs() if stored.id.startswith(start)]
    if start in ids:
        return start
    if len(ids) > 1:
        named = ", ".join(ids[:MOST_NAMED]) + (", ..." if len(ids) > MOST_NAMED else "")
        raise ExperimentError(f"The ids of {len(ids)} runs begin with {start} ({named}): type more of the id.")
    return ids[0] if ids else None


def build(run: Run) -> None:
    """Get its data and read its weights now, while what is wrong with them can still be said.

    Raises:
        ExperimentError: they can't be had.
    """
    built = run.ask(lambda trainer: trainer.iteration)
    run.obey()
    try:
        built.result(timeout=0)
    except Trouble as error:
        raise ExperimentError(f"{error} {error.advice}") from None

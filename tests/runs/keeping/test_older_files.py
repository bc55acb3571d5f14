"""Runs that an older version stored, and folders that it trained into, open as they were.

fixtures/schema_4.zip holds `runs/`, a store with a run that was changed on its way and a fork of it, and `forked/`,
which `ganlab train --from` wrote of the fork; all of the time of the database's fourth schema.
"""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
import torch

from ganlab.runs import Run, RunRecord, State, replay
from ganlab.runs.keeping import run_folder
from ganlab.runs.keeping.store import Store
from ganlab.runs.state import Intervention
from ganlab.training.checkpoint import NETWORKS, state_of

FIRST, FORK = "aa11" * 8, "bb22" * 8


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with zipfile.ZipFile(Path(__file__).parent / "fixtures" / "schema_4.zip") as archive:
        archive.extractall(tmp_path)
    return tmp_path


def goes_on(record: RunRecord) -> None:
    """A run of this record takes another step."""
    run = Run.restored(record, lambda: record)
    run.step()
    run.obey()
    assert (run.state, run.iteration) == (State.PAUSED, record.iteration + 1)


def test_a_stored_run_and_its_best_open(folder: Path) -> None:
    store = Store(folder / "runs")
    assert {stored.id for stored in store.runs()} == {FIRST, FORK}
    record = store.record(FIRST)
    assert record.checkpoint is not None and record.best is not None
    assert (record.name, record.iteration, len(record.checkpoint.history)) == ("first", 6, 6)
    assert record.interventions == (Intervention(3, "change", {"lr_g": 0.05}), Intervention(3, "step_d"))
    assert record.experiment == record.initial_experiment.changed(lr_g=0.05)
    assert [direction.name for direction in record.directions] == ["smile"]
    goes_on(record)
    best = store.best_record(FIRST)
    assert best.iteration == record.best.iteration == 3
    goes_on(best)


def test_a_stored_fork_knows_what_it_went_on_from_and_replays(folder: Path) -> None:
    record = Store(folder / "runs").record(FORK)
    assert record.checkpoint is not None and record.origin is not None
    assert (record.origin.run, record.origin.iteration) == (FIRST, 6)
    assert record.origin.sentence.startswith("Goes on from iteration 6. Carried over: the generator")
    tensors, _ = state_of(replay(record))
    for name, value in record.checkpoint.tensors.items():
        if name.partition(".")[0] in NETWORKS:
            torch.testing.assert_close(tensors[name], value)  # not to the bit: another machine wrote it


def test_a_folder_with_a_course_beside_its_checkpoint_opens(folder: Path) -> None:
    record = run_folder.read(folder / "forked")
    assert record.checkpoint is not None and record.origin is not None
    assert (record.iteration, len(record.checkpoint.history)) == (11, 11)
    assert record.interventions == (Intervention(8, "change", {"lr_d": 1e-4}),)
    assert "New: the discriminator" in record.origin.sentence
    goes_on(record)

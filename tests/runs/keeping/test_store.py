"""The folder of runs: whole whatever breaks off, shared by processes, kept within its limit, and readable later."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from ganlab.experiment import Experiment, ExperimentError
from ganlab.runs import Checkpoint, RunRecord, State
from ganlab.runs.directions import KeptDirection
from ganlab.runs.keeping import history_file
from ganlab.runs.keeping import store as store_module
from ganlab.runs.keeping.database import StoreUnusable
from ganlab.runs.keeping.picture import SamplePreview
from ganlab.runs.keeping.rows import ConflictingSave
from ganlab.runs.keeping.store import Store, place
from ganlab.runs.record import BestCheckpoint
from ganlab.runs.state import Intervention
from ganlab.training.history import SCALARS
from tests.patience import PATIENCE

EXPERIMENT = Experiment.of(lr_g=0.05)


def run_record(run_id: str, iteration: int = 10, name: str = "", weights: int = 8) -> RunRecord:
    """A run whose scalars and weights tell which iteration they are of."""
    rows = np.repeat(np.arange(1, iteration + 1, dtype=np.float32)[:, None], len(SCALARS), 1)
    plain = {"experiment": EXPERIMENT.model_dump(), "iteration": iteration}
    tensors, logs = {"w": torch.full((weights,), float(iteration))}, {"clock": ((0, 0.0), (2, 0.5))}
    return RunRecord(
        experiment=EXPERIMENT,
        initial_experiment=Experiment(),
        interventions=(Intervention(3, "change", {"lr_g": 0.05}),),
        iteration=iteration,
        checkpoint=Checkpoint(tensors, plain, rows, logs, 0.5),
        id=run_id,
        name=name,
        state=State.PAUSED,
    )


def save(store: Store, record: RunRecord, lineage: str = "a") -> int:
    """As whoever has seen what is stored now; returns by how much all are over the limit."""
    stored = store.run(record.id)
    samples = SamplePreview(np.zeros((3, 2), np.float32), 1.0)
    return store.save(record, samples, lineage, None if stored is None else stored.file).excess


def same(store: Store, record: RunRecord) -> None:
    """The store holds this record of the run."""
    stored, found = store.run(record.id), store.record(record.id)
    assert stored is not None and stored.picture.startswith(b"\x89PNG")
    assert replace(found, checkpoint=None) == stored.record == replace(record, checkpoint=None)
    now, then = found.checkpoint, record.checkpoint
    assert now is not None and then is not None
    assert torch.equal(now.tensors["w"], then.tensors["w"])
    assert np.array_equal(now.history, then.history)
    assert (now.logs, now.seconds, now.plain) == (then.logs, then.seconds, then.plain)


def test_a_run_is_read_as_it_was_saved_and_each_state_replaces_the_one_before(tmp_path: Path) -> None:
    store = Store(tmp_path)
    for iteration in (10, 4000, 4096, 9000, 9001, 9001):
        run = run_record("one", iteration)
        save(store, run)
        same(Store(tmp_path), run)
    assert len(list(tmp_path.glob("*.safetensors"))) == 1
    began_anew = run_record("one", 20)
    save(store, began_anew, "b")
    same(store, began_anew)


def test_the_best_is_kept_beside_the_last(tmp_path: Path) -> None:
    store = Store(tmp_path)
    for iteration, best in (
        (10, BestCheckpoint(8, 8, 0.90, 10, run_record("one", 10).checkpoint)),
        (20, BestCheckpoint(8, 8, 0.90, 10)),  # not better, so the one that is stored stays
    ):
        save(store, replace(run_record("one", iteration), best=best))
        entry, frozen = store.run("one"), store.checkpoint("one", "best")
        assert entry is not None and entry.iteration == iteration and entry.best == BestCheckpoint(8, 8, 0.90, 10)
        assert frozen.tensors["w"][0] == 10 and len(frozen.history) == 10
    save(store, replace(run_record("one", 30), best=BestCheckpoint(8, 8, 0.95, 30, run_record("one", 30).checkpoint)))
    assert store.checkpoint("one", "best").iteration == 30
    assert store.best_record("one").experiment == EXPERIMENT
    assert len(list(tmp_path.glob("*.safetensors"))) == 2
    save(store, run_record("one", 5), "b")
    entry = store.run("one")
    assert entry is not None and entry.best is None
    assert len(list(tmp_path.glob("*.safetensors"))) == 1


def test_named_directions_and_picked_latents_are_stored(tmp_path: Path) -> None:
    named = KeptDirection(name="to the left", vector=[1.0, 0.0], found="SeFa", iteration=7)
    store = Store(tmp_path)
    save(store, replace(run_record("one"), directions=(named,), picks=((0.5, 1.0),)))
    entry = Store(tmp_path).run("one")
    assert entry is not None and entry.record.directions == (named,) and entry.record.picks == ((0.5, 1.0),)


def test_names_deleting_and_bringing_back(tmp_path: Path) -> None:
    store = Store(tmp_path)
    save(store, run_record("one"))
    save(store, run_record("two"))
    assert [entry.id for entry in store.runs()] == ["two", "one"]
    store.rename("one", "mine")
    store.delete("two")
    assert [entry.name for entry in store.runs()] == ["mine"]
    assert store.run("two") is None
    store.undelete("two")
    same(store, run_record("two"))


def test_what_was_deleted_long_ago_is_removed_when_the_store_is_opened(tmp_path: Path, monkeypatch) -> None:
    store = Store(tmp_path)
    save(store, run_record("one"))
    store.delete("one")
    left = tmp_path / "left.safetensors"
    left.write_bytes(b"by a process that was killed")
    assert left.exists() and len(list(Store(tmp_path).folder.glob("*.safetensors"))) == 2
    monkeypatch.setattr(store_module, "UNDO_SECONDS", -1.0)
    monkeypatch.setattr(store_module, "ORPHAN_SECONDS", -1.0)
    Store(tmp_path)
    assert list(tmp_path.glob("*.safetensors")) == []


def test_the_oldest_without_a_name_go_when_there_is_too_much(tmp_path: Path) -> None:
    weights = 100_000  # 400 kB each
    store = Store(tmp_path, most_bytes=1_300_000)
    for run_id, name in (("named", "mine"), ("old", ""), ("young", ""), ("newest", "")):
        save(store, run_record(run_id, name=name, weights=weights))
    assert {entry.id for entry in store.runs()} == {"named", "young", "newest"}
    assert store.size() <= 1_300_000
    for run_id in ("young", "newest"):
        store.rename(run_id, "mine too")
    assert save(store, run_record("one more", weights=weights)) == store.size() - 1_300_000 > 0
    assert len(store.runs()) == 4
    store.delete("one more")
    assert save(store, run_record("named", name="mine", weights=weights)) == 0
    assert len(list(tmp_path.glob("*.safetensors"))) == 3


WRITER = """
import sys
from pathlib import Path
from ganlab.runs.keeping.store import Store
from tests.runs.keeping.test_store import run_record, save
store = Store(Path(sys.argv[1]))
save(store, run_record("one", 10, weights=2_000_000))
print("saved", flush=True)
iteration = 11
while True:
    save(store, run_record("one", iteration, weights=2_000_000))
    iteration += 1
"""


def test_a_process_killed_while_it_saves_leaves_a_whole_state(tmp_path: Path) -> None:
    command = [sys.executable, "-c", WRITER, str(tmp_path)]
    writer = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[3])
    assert writer.stdout is not None and writer.stdout.readline() == "saved\n"
    before = {path.name for path in tmp_path.glob("*.safetensors")}
    store = Store(tmp_path)
    while {path.name for path in tmp_path.glob("*.partial")} <= before:  # until it is in the middle of writing
        assert writer.poll() is None
    writer.send_signal(signal.SIGKILL)
    writer.wait(PATIENCE)
    writer.stdout.close()
    entry = Store(tmp_path).run("one")
    assert entry is not None
    same(store, run_record("one", entry.iteration, weights=2_000_000))
    save(store, run_record("one", 5000, weights=8))
    same(store, run_record("one", 5000, weights=8))


def saved(store: Store, record: RunRecord, lineage: str) -> bool:
    try:
        save(store, record, lineage)
    except ConflictingSave:
        return False
    return True


def test_threads_and_stores_on_one_folder_do_not_get_in_each_others_way(tmp_path: Path) -> None:
    def work(number: int) -> None:
        own = Store(tmp_path)
        for iteration in range(1, 9):
            save(own, run_record(f"of {number}", iteration))
            while not saved(own, run_record("shared", iteration), str(number)):
                pass  # another one was faster: look at what it stored, and save over that
            own.checkpoint("shared")
            own.runs()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(4)))
    store = Store(tmp_path)
    for number in range(4):
        same(store, run_record(f"of {number}", 8))
    shared = store.run("shared")
    assert shared is not None
    same(store, run_record("shared", shared.iteration))
    assert len(list(tmp_path.glob("*.safetensors"))) == 5


def test_a_store_of_the_first_schema_is_brought_up_to_date(tmp_path: Path) -> None:
    save(Store(tmp_path), run_record("one"))
    with sqlite3.connect(tmp_path / "runs.sqlite") as db:  # as the first version left it
        rows = history_file.read(next(tmp_path.glob("*.history")), len(SCALARS))
        db.execute("INSERT INTO scalars (run, first, count, rows) VALUES ('one', 0, 10, ?)", (rows.tobytes(),))
        for column in ("best", "best_file", "origin", "origin_file", "directions", "history_file", "picks"):
            db.execute(f"ALTER TABLE runs DROP COLUMN {column}")
        db.execute("PRAGMA user_version = 1")
    store = Store(tmp_path)
    same(store, run_record("one"))
    save(store, replace(run_record("one", 20), best=BestCheckpoint(8, 8, 0.9, 20, run_record("one", 20).checkpoint)))
    assert store.checkpoint("one", "best").iteration == 20


def test_the_runs_of_a_newer_version_are_left_alone(tmp_path: Path) -> None:
    save(Store(tmp_path), run_record("one"))
    with sqlite3.connect(tmp_path / "runs.sqlite") as db:
        db.execute("PRAGMA user_version = 999")
    before = sorted((path.name, path.stat().st_size) for path in tmp_path.glob("*.safetensors"))
    with pytest.raises(StoreUnusable, match="saved by a newer GanLab"):
        Store(tmp_path)
    assert sorted((path.name, path.stat().st_size) for path in tmp_path.glob("*.safetensors")) == before


def test_settings_that_came_later_take_their_defaults_and_unknown_ones_are_named(tmp_path: Path) -> None:
    store = Store(tmp_path)
    save(store, run_record("one"))
    older, newer = EXPERIMENT.model_dump(), EXPERIMENT.model_dump()
    del older["ema_decay"]
    newer["quantum"] = True
    with sqlite3.connect(tmp_path / "runs.sqlite") as db:
        db.execute("UPDATE runs SET experiment = ?", (json.dumps(older),))
    assert store.runs()[0].experiment == EXPERIMENT
    with sqlite3.connect(tmp_path / "runs.sqlite") as db:
        db.execute("UPDATE runs SET experiment = ?", (json.dumps(newer),))
    with pytest.raises(ExperimentError, match=r"another version of GanLab.*\(quantum\)"):
        _ = store.runs()[0].experiment


def test_scalars_that_were_not_measured_then_are_unknown(tmp_path: Path) -> None:
    store = Store(tmp_path)
    save(store, run_record("one", 3))
    with sqlite3.connect(tmp_path / "runs.sqlite") as db:
        names = ["loss_g", *(f"gone_{i}" for i in range(len(SCALARS) - 1))]
        db.execute("UPDATE runs SET scalars = ?", (json.dumps(names),))
    history = store.checkpoint("one").history
    assert history[:, SCALARS.index("loss_g")].tolist() == [1, 2, 3]
    assert np.isnan(np.delete(history, SCALARS.index("loss_g"), 1)).all()


def test_damage_is_said_in_a_sentence(tmp_path: Path) -> None:
    store = Store(tmp_path)
    save(store, run_record("one"))
    next(tmp_path.glob("*.safetensors")).write_bytes(b"noise")
    with pytest.raises(ExperimentError, match="weights of this run can't be read"):
        store.checkpoint("one")
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    with pytest.raises(StoreUnusable, match=r"Runs can't be saved in .*set GANLAB_RUNS"):
        Store(blocked)


def test_a_failed_write_leaves_the_state_before_and_no_litter(tmp_path: Path, monkeypatch) -> None:
    store = Store(tmp_path)
    save(store, run_record("one", 10))
    before = {path.name for path in tmp_path.iterdir()}

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        save(store, run_record("one", 11))
    monkeypatch.undo()
    monkeypatch.setattr("ganlab.runs.keeping.history_file.append", full)
    with pytest.raises(OSError, match="No space"):
        save(store, run_record("one", 11))
    same(store, run_record("one", 10))
    assert {path.name for path in tmp_path.iterdir()} == before


def test_pictures_of_lines_and_of_images(tmp_path: Path) -> None:
    store = Store(tmp_path)
    pictures = {
        "line": np.array([[0.1], [np.nan], [0.5]], np.float32),
        "images": np.zeros((16, 28, 28, 1), np.uint8),
        "coloured": np.zeros((16, 64, 64, 3), np.uint8),
        "nothing": np.full((4, 2), np.nan, np.float32),
    }
    for name, values in pictures.items():
        store.save(run_record(name), SamplePreview(values, 1.0), "a")
        same(store, run_record(name))


def test_the_folder_is_the_platforms_unless_told_otherwise(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("GANLAB_RUNS", str(tmp_path))
    assert place() == tmp_path
    monkeypatch.delenv("GANLAB_RUNS")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    assert place() == tmp_path / "data" / "ganlab" / "runs"

"""The folder of runs: whole whatever breaks off, shared by processes, kept within its limit, and readable later."""

from __future__ import annotations

import dataclasses
import json
import os
import signal
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
import torch

from ganlab.experiment import Experiment, ExperimentError
from ganlab.runs import State
from ganlab.runs.directions import KeptDirection
from ganlab.runs.fork import Frozen
from ganlab.runs.keeping import store as store_module
from ganlab.runs.keeping.database import StoreUnusable
from ganlab.runs.keeping.kept import Best, Kept
from ganlab.runs.keeping.store import Store, place
from ganlab.runs.state import Intervention
from ganlab.training.history import SCALARS

EXPERIMENT = Experiment.of(lr_g=0.05)


def kept(run_id: str, iteration: int = 10, name: str = "", weights: int = 8, lineage: str = "a") -> Kept:
    """A run whose scalars and weights tell which iteration they are of."""
    rows = np.repeat(np.arange(1, iteration + 1, dtype=np.float32)[:, None], len(SCALARS), 1)
    plain = {"experiment": EXPERIMENT.model_dump(), "iteration": iteration}
    frozen = Frozen({"w": torch.full((weights,), float(iteration))}, plain, rows, {"clock": ((0, 0.0), (2, 0.5))}, 0.5)
    done = (Intervention(3, "change", {"lr_g": 0.05}),)
    points = rows[:, :2].copy()
    return Kept(run_id, lineage, name, EXPERIMENT, Experiment(), State.PAUSED, None, done, frozen, SCALARS, points, 1.0)


def same(store: Store, run: Kept) -> None:
    """The store holds this state of the run."""
    entry, frozen = store.entry(run.id), store.frozen(run.id, SCALARS)
    assert entry is not None and entry.iteration == frozen.iteration == run.frozen.iteration
    assert (entry.experiment, entry.initial_experiment) == (run.experiment, run.initial_experiment)
    assert (entry.name, entry.state, entry.interventions) == (run.name, run.state, run.interventions)
    assert torch.equal(frozen.tensors["w"], run.frozen.tensors["w"])
    assert np.array_equal(frozen.history, run.frozen.history)
    assert (frozen.logs, frozen.seconds, frozen.plain) == (run.frozen.logs, run.frozen.seconds, run.frozen.plain)
    assert entry.picture.startswith(b"\x89PNG")


def test_a_run_is_read_as_it_was_saved_and_each_state_replaces_the_one_before(tmp_path: Path) -> None:
    store = Store(tmp_path)
    for iteration in (10, 4000, 4096, 9000, 9001, 9001):
        run = kept("one", iteration)
        store.save(run)
        same(Store(tmp_path), run)
    assert len(list(tmp_path.glob("*.safetensors"))) == 1
    began_anew = kept("one", 20, lineage="b")
    store.save(began_anew)
    same(store, began_anew)


def test_the_best_is_kept_beside_the_last(tmp_path: Path) -> None:
    store = Store(tmp_path)
    for iteration, best in (
        (10, Best(8, 8, 0.90, 10, kept("one", 10).frozen)),
        (20, Best(8, 8, 0.90, 10)),  # not better, so the one that is stored stays
    ):
        store.save(dataclasses.replace(kept("one", iteration), best=best))
        entry, frozen = store.entry("one"), store.frozen("one", SCALARS, "best")
        assert entry is not None and entry.iteration == iteration and entry.best == Best(8, 8, 0.90, 10)
        assert frozen.tensors["w"][0] == 10 and len(frozen.history) == 10
    store.save(dataclasses.replace(kept("one", 30), best=Best(8, 8, 0.95, 30, kept("one", 30).frozen)))
    assert store.frozen("one", SCALARS, "best").iteration == 30
    assert store.best_values("one") == EXPERIMENT.model_dump()
    assert len(list(tmp_path.glob("*.safetensors"))) == 2
    store.save(kept("one", 5, lineage="b"))
    entry = store.entry("one")
    assert entry is not None and entry.best is None
    assert len(list(tmp_path.glob("*.safetensors"))) == 1


def test_named_directions_are_stored(tmp_path: Path) -> None:
    named = KeptDirection(name="to the left", vector=[1.0, 0.0], found="SeFa", iteration=7)
    store = Store(tmp_path)
    store.save(dataclasses.replace(kept("one"), directions=(named,)))
    entry = Store(tmp_path).entry("one")
    assert entry is not None and entry.directions == (named,)


def test_names_deleting_and_bringing_back(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.save(kept("one"))
    store.save(kept("two"))
    assert [entry.id for entry in store.entries()] == ["two", "one"]
    store.rename("one", "mine")
    store.delete("two")
    assert [entry.name for entry in store.entries()] == ["mine"]
    assert store.entry("two") is None
    store.undelete("two")
    same(store, kept("two"))


def test_what_was_deleted_long_ago_is_removed_when_the_store_is_opened(tmp_path: Path, monkeypatch) -> None:
    store = Store(tmp_path)
    store.save(kept("one"))
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
        store.save(kept(run_id, name=name, weights=weights))
    assert {entry.id for entry in store.entries()} == {"named", "young", "newest"}
    assert store.size() <= 1_300_000
    for run_id in ("young", "newest"):
        store.rename(run_id, "mine too")
    assert store.save(kept("one more", weights=weights)) == store.size() - 1_300_000 > 0
    assert len(store.entries()) == 4
    store.delete("one more")
    assert store.save(kept("named", name="mine", weights=weights)) == 0
    assert len(list(tmp_path.glob("*.safetensors"))) == 3


WRITER = """
import sys
from pathlib import Path
from ganlab.runs.keeping.store import Store
from tests.runs.keeping.test_store import kept
store = Store(Path(sys.argv[1]))
store.save(kept("one", 10, weights=2_000_000))
print("saved", flush=True)
iteration = 11
while True:
    store.save(kept("one", iteration, weights=2_000_000))
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
    writer.wait(30)
    writer.stdout.close()
    entry = Store(tmp_path).entry("one")
    assert entry is not None
    same(store, kept("one", entry.iteration, weights=2_000_000))
    store.save(kept("one", 5000, weights=8))
    same(store, kept("one", 5000, weights=8))


def test_threads_and_stores_on_one_folder_do_not_get_in_each_others_way(tmp_path: Path) -> None:
    def work(number: int) -> None:
        own = Store(tmp_path)
        for iteration in range(1, 9):
            own.save(kept(f"of {number}", iteration))
            own.save(kept("shared", iteration, lineage=str(number)))
            own.frozen("shared", SCALARS)
            own.entries()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(4)))
    store = Store(tmp_path)
    for number in range(4):
        same(store, kept(f"of {number}", 8))
    shared = store.entry("shared")
    assert shared is not None
    same(store, kept("shared", shared.iteration))
    assert len(list(tmp_path.glob("*.safetensors"))) == 5


def test_a_store_of_the_first_schema_is_brought_up_to_date(tmp_path: Path) -> None:
    Store(tmp_path).save(kept("one"))
    with sqlite3.connect(tmp_path / "runs.sqlite") as db:  # as the first version left it
        for column in ("best", "best_file", "origin", "origin_file", "directions"):
            db.execute(f"ALTER TABLE runs DROP COLUMN {column}")
        db.execute("PRAGMA user_version = 1")
    store = Store(tmp_path)
    same(store, kept("one"))
    store.save(dataclasses.replace(kept("one", 20), best=Best(8, 8, 0.9, 20, kept("one", 20).frozen)))
    assert store.frozen("one", SCALARS, "best").iteration == 20


def test_the_runs_of_a_newer_version_are_left_alone(tmp_path: Path) -> None:
    Store(tmp_path).save(kept("one"))
    with sqlite3.connect(tmp_path / "runs.sqlite") as db:
        db.execute("PRAGMA user_version = 999")
    before = sorted((path.name, path.stat().st_size) for path in tmp_path.glob("*.safetensors"))
    with pytest.raises(StoreUnusable, match="saved by a newer GanLab"):
        Store(tmp_path)
    assert sorted((path.name, path.stat().st_size) for path in tmp_path.glob("*.safetensors")) == before


def test_settings_that_came_later_take_their_defaults_and_unknown_ones_are_named(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.save(kept("one"))
    older, newer = EXPERIMENT.model_dump(), EXPERIMENT.model_dump()
    del older["ema_decay"]
    newer["quantum"] = True
    with sqlite3.connect(tmp_path / "runs.sqlite") as db:
        db.execute("UPDATE runs SET experiment = ?", (json.dumps(older),))
    assert store.entries()[0].experiment == EXPERIMENT
    with sqlite3.connect(tmp_path / "runs.sqlite") as db:
        db.execute("UPDATE runs SET experiment = ?", (json.dumps(newer),))
    with pytest.raises(ExperimentError, match=r"another version of GanLab.*\(quantum\)"):
        _ = store.entries()[0].experiment


def test_scalars_that_were_not_measured_then_are_unknown(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.save(kept("one", 3))
    with sqlite3.connect(tmp_path / "runs.sqlite") as db:
        names = ["loss_g", *(f"gone_{i}" for i in range(len(SCALARS) - 1))]
        db.execute("UPDATE runs SET scalars = ?", (json.dumps(names),))
    history = store.frozen("one", SCALARS).history
    assert history[:, SCALARS.index("loss_g")].tolist() == [1, 2, 3]
    assert np.isnan(np.delete(history, SCALARS.index("loss_g"), 1)).all()


def test_damage_is_said_in_a_sentence(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.save(kept("one"))
    next(tmp_path.glob("*.safetensors")).write_bytes(b"noise")
    with pytest.raises(ExperimentError, match="weights of this run can't be read"):
        store.frozen("one", SCALARS)
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    with pytest.raises(StoreUnusable, match=r"Runs can't be kept in .*set GANLAB_RUNS"):
        Store(blocked)


def test_a_failed_write_leaves_the_state_before_and_no_litter(tmp_path: Path, monkeypatch) -> None:
    store = Store(tmp_path)
    store.save(kept("one", 10))

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        store.save(kept("one", 11))
    monkeypatch.undo()
    monkeypatch.setattr(store_module, "write_scalars", full)
    with pytest.raises(OSError, match="No space"):
        store.save(kept("one", 11))
    same(store, kept("one", 10))
    assert len(list(tmp_path.iterdir())) - len(list(tmp_path.glob("runs.sqlite*"))) == 1


def test_pictures_of_lines_and_of_images(tmp_path: Path) -> None:
    store = Store(tmp_path)
    line = dataclasses.replace(kept("line"), samples=np.array([[0.1], [np.nan], [0.5]], np.float32))
    images = dataclasses.replace(kept("images"), samples=np.zeros((16, 28, 28, 1), np.uint8))
    coloured = dataclasses.replace(kept("coloured"), samples=np.zeros((16, 64, 64, 3), np.uint8))
    nothing = dataclasses.replace(kept("nothing"), samples=np.full((4, 2), np.nan, np.float32))
    for run in (line, images, coloured, nothing):
        store.save(run)
        same(store, run)


def test_the_folder_is_the_platforms_unless_told_otherwise(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("GANLAB_RUNS", str(tmp_path))
    assert place() == tmp_path
    monkeypatch.delenv("GANLAB_RUNS")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    assert place() == tmp_path / "data" / "ganlab" / "runs"

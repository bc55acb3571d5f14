"""Lists that are lost, files that are damaged, folders that can't be written to: said in a sentence, nothing lost."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from ganlab.experiment import ExperimentError
from ganlab.runs.directions import KeptDirection
from ganlab.runs.fork import Origin
from ganlab.runs.keeping import database
from ganlab.runs.keeping.database import StoreUnusable
from ganlab.runs.keeping.picture import SamplePreview
from ganlab.runs.keeping.rows import ConflictingSave
from ganlab.runs.keeping.store import Store
from ganlab.runs.record import BestCheckpoint
from ganlab.training.tensor_file import read_tensors, write_tensors
from tests.runs.keeping.test_older_files import FIRST, folder  # noqa: F401 (a fixture)
from tests.runs.keeping.test_store import run_record, same, save

NOBODY = 65534
on_unix = pytest.mark.skipif(os.name == "nt", reason="permissions and limits of Unix")

RICH = replace(
    run_record("one", 20, name="mine"),
    best=BestCheckpoint(8, 8, 0.9, 10, run_record("one", 10).checkpoint),
    origin=Origin.of("parent", run_record("parent", 3).checkpoint, {}),  # type: ignore[arg-type]
    directions=(KeptDirection(name="smile", vector=[1.0]),),
)


def lost(path: Path) -> None:
    path.unlink()


def emptied(path: Path) -> None:
    path.write_bytes(b"")


def without_rows(path: Path) -> None:
    with sqlite3.connect(path) as db:
        db.execute("DELETE FROM runs")


def overwritten(path: Path) -> None:
    path.write_bytes(b"this is no database" * 1000)


def damaged_inside(path: Path) -> None:
    content = path.read_bytes()
    path.write_bytes(content[:4096] + b"\xff" * (len(content) - 4096))


@pytest.mark.parametrize("damage", [lost, emptied, without_rows, overwritten, damaged_inside])
def test_the_list_is_made_again_from_the_files(
    damage: Callable[[Path], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Store(tmp_path)
    save(store, RICH)
    save(store, replace(RICH, iteration=20))
    save(store, run_record("two", 5), "another")
    before = store.runs()
    damage(tmp_path / "runs.sqlite")
    monkeypatch.setattr("ganlab.runs.keeping.store.EMPTY_SECONDS", -1.0)
    monkeypatch.setattr("ganlab.runs.keeping.store.ORPHAN_SECONDS", -1.0)
    again = Store(tmp_path)
    assert again.runs() == before
    record = again.record("one")
    assert record.origin is not None and record.origin.checkpoint is not None and record.best is not None
    assert record.checkpoint is not None and len(record.checkpoint.history) == 20
    assert again.best_record("one").iteration == 10
    assert (record.name, record.directions) == ("mine", RICH.directions)
    assert len(list(tmp_path.glob("*.safetensors"))) == 4


def test_a_name_that_was_given_later_is_in_the_files_too(tmp_path: Path) -> None:
    save(Store(tmp_path), run_record("one"))
    Store(tmp_path).rename("one", "mine")
    lost(tmp_path / "runs.sqlite")
    assert [run.name for run in Store(tmp_path).runs()] == ["mine"]


def test_files_of_an_older_version_are_listed_again_under_names_that_say_so(folder: Path) -> None:  # noqa: F811
    lost(folder / "runs" / "runs.sqlite")
    runs = Store(folder / "runs").runs()
    assert len(runs) == 4, "each state is a run of its own: nothing tells what belongs together"
    assert all(run.name.startswith("Found again at iteration") for run in runs)
    record = Store(folder / "runs").record(runs[0].id)
    assert record.checkpoint is not None and len(record.checkpoint.history) == 0
    assert record.message is not None and "so they are lost. The weights are complete" in record.message


def test_64_overwritten_bytes_are_noticed(tmp_path: Path) -> None:
    store = Store(tmp_path)
    save(store, run_record("one", weights=10_000))
    path = next(tmp_path.glob("*.safetensors"))
    content = bytearray(path.read_bytes())
    content[-2000:-1936] = b"\x00" * 64
    path.write_bytes(content)
    with pytest.raises(ExperimentError, match=r"can't be read .*changed after it was written"):
        store.record("one")


@pytest.mark.parametrize(
    "change",
    ["experiment = '{'", "state = 'dreaming'", "iteration = 'many'", "interventions = 'null'", "best = '[1]'"],
)
def test_a_damaged_entry_is_named_and_the_others_are_listed(change: str, tmp_path: Path) -> None:
    store = Store(tmp_path)
    save(store, run_record("one"))
    save(store, run_record("two"))
    with sqlite3.connect(tmp_path / "runs.sqlite") as db:
        db.execute(f"UPDATE runs SET {change} WHERE id = 'two'")
    runs, damaged = store.listing()
    assert [run.id for run in runs] == ["one"]
    assert damaged == ["two"]
    with pytest.raises(ExperimentError, match=r"The entry of the run two .* is damaged"):
        store.run("two")


@pytest.mark.parametrize("note", ["state", "logs", "film", "seconds"])
def test_damaged_notes_are_said_in_a_sentence(note: str, tmp_path: Path) -> None:
    store = Store(tmp_path)
    save(store, run_record("one"))
    path = next(tmp_path.glob("*.safetensors"))
    tensors, notes = read_tensors(path)
    write_tensors(tensors, path, notes | {note: "["})
    with pytest.raises(ExperimentError, match="can't be read"):
        store.record("one")


@contextmanager
def as_a_reader(place: Path) -> Iterator[None]:
    """Whoever we are, we may read the folder and not write to it: root gives up what makes it root."""
    paths, me = [place, *place.iterdir()], os.geteuid()
    modes = {path: path.stat().st_mode for path in paths}
    for path in paths:
        path.chmod(0o555 if path.is_dir() else 0o444)
    if me == 0:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(me)
        for path, mode in modes.items():
            path.chmod(mode)


@contextmanager
def full_disk() -> Iterator[None]:
    """No file can grow beyond a few bytes, as on a disk that is full."""
    import resource  # not on Windows

    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that anybody can reach; pytest's own are its user's alone."""
    with TemporaryDirectory() as place:
        Path(place).chmod(0o755)
        yield Path(place)


@on_unix
def test_a_folder_that_can_not_be_written_to_is_read(open_folder: Path) -> None:
    save(Store(open_folder), run_record("one"))
    with as_a_reader(open_folder):
        store = Store(open_folder)
        same(store, run_record("one"))
        assert [run.id for run in store.runs()] == ["one"]
        with pytest.raises((StoreUnusable, OSError)):
            save(store, run_record("one", 11))
        same(store, run_record("one"))
        with pytest.raises(StoreUnusable, match=r"Runs can't be saved in .*GANLAB_RUNS"):
            Store(open_folder / "new")
    save(store, run_record("one", 11))
    same(store, run_record("one", 11))


@on_unix
def test_a_full_disk_leaves_what_was_saved_and_no_half_files(tmp_path: Path) -> None:
    save(Store(tmp_path), run_record("one"))
    before = {path.name for path in tmp_path.iterdir()}
    with full_disk():
        store = Store(tmp_path)
        same(store, run_record("one"))
        with pytest.raises((StoreUnusable, OSError)):
            save(store, run_record("one", 2000))
        with pytest.raises(OSError, match="too large"):
            save(store, run_record("two", 2000), "b")
        same(store, run_record("one"))
        with pytest.raises(StoreUnusable, match="has room"):
            store.rename("one", "x" * 4000)
    assert {path.name for path in tmp_path.iterdir()} == before
    save(store, run_record("one", 2000))
    same(store, run_record("one", 2000))


def test_a_list_that_another_program_holds_is_said_in_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "READ_SECONDS", 0.01)
    store = Store(tmp_path)
    save(store, run_record("one"))
    with sqlite3.connect(tmp_path / "runs.sqlite") as db:
        db.execute("BEGIN EXCLUSIVE")
        with pytest.raises(ExperimentError, match=r"can't be used now .*locked"):
            store.runs()
    assert [run.id for run in store.runs()] == ["one"]


def test_a_folder_that_vanishes_is_made_again_by_the_next_save(tmp_path: Path) -> None:
    store = Store(tmp_path / "runs")
    save(store, RICH)
    for path in (tmp_path / "runs").iterdir():
        path.unlink()
    (tmp_path / "runs").rmdir()
    with pytest.raises(ExperimentError, match="Check that the folder exists"):
        store.runs()
    store.save(run_record("one", 30), SamplePreview(run_record("one").checkpoint.history[:, :2], 1.0), "a", "gone")
    same(store, run_record("one", 30))


def test_what_another_process_has_saved_meanwhile_is_not_saved_over(tmp_path: Path) -> None:
    first, second = Store(tmp_path), Store(tmp_path)
    save(first, run_record("one", 10))
    seen = first.run("one")
    assert seen is not None
    save(second, run_record("one", 20), "b")
    with pytest.raises(ConflictingSave):
        first.save(
            run_record("one", 15), SamplePreview(run_record("one").checkpoint.history[:, :2], 1.0), "a", seen.file
        )
    same(first, run_record("one", 20))

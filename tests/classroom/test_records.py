"""The zip at the end of a class: a folder a seat, with what its runs have come to, and nothing of others."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import pytest

from ganlab.classroom.classroom import Classroom
from ganlab.classroom.records import as_zip, safe_name
from ganlab.classroom.rules import RulesOfAClass
from ganlab.classroom.state import TEACHER
from ganlab.experiment import Experiment
from ganlab.runs import Lab
from ganlab.runs.keeping.keeper import Keeper
from ganlab.runs.keeping.store import Store
from tests.runs.test_lab import wait_until

SMALL = Experiment.of(g_width=8, d_width=8, batch_size=16, device="cpu")


@pytest.fixture(scope="module")
def lesson(tmp_path_factory: pytest.TempPathFactory) -> tuple[Classroom, Store]:
    """Two seats and the teacher with a run each, a third seat without one."""
    room, store = Classroom(None), Store(tmp_path_factory.mktemp("runs"))
    seats = [room.join(room.state.code)[0].number for _ in range(3)]
    who = TEACHER
    with Lab(keeper=Keeper(store), policy=RulesOfAClass(room, lambda: who)) as lab:
        for who, name in ((TEACHER, ""), (seats[0], "<b>Mine</b>"), (seats[1], "")):
            run = lab.create(SMALL)
            run.rename(name)
            run.change(lr_g=0.001 * (1 + who))
            run.step()
            run.step()
            wait_until(lambda run=run: run.iteration == 2)  # type: ignore[misc]
    return room, store


def unzipped(room: Classroom, store: Store) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(b"".join(as_zip(room.state, store))))


def test_each_seat_finds_its_runs_and_no_other(lesson: tuple[Classroom, Store]) -> None:
    room, _ = lesson
    archive = unzipped(*lesson)
    assert archive.testzip() is None
    names = [seat.name for seat in room.state.seats]
    per_run = ["run-01.png", "runs.html", "runs.json"]
    expected = [f"{name}/{file}" for name in names[:2] for file in per_run]
    assert sorted(archive.namelist()) == sorted([*expected, f"{names[2]}/runs.html", f"{names[2]}/runs.json"])
    for seat in room.state.seats[:2]:
        (run,) = json.loads(archive.read(f"{seat.name}/runs.json"))
        assert (run["iteration"], run["settings"]["g_width"]) == (2, 8)
        assert run["settings"]["lr_g"] == pytest.approx(0.001 * (1 + seat.number))
        assert run["verdict"].startswith("Warming up.")
        assert set(run["measures"]) >= {"loss_d", "loss_g"}
        assert archive.read(f"{seat.name}/run-01.png").startswith(b"\x89PNG")
    everything = b"".join(archive.read(name) for name in archive.namelist())
    for secret in (room.state.key, room.state.code, *room.state.owners, *(seat.digest for seat in room.state.seats)):
        assert secret.encode() not in everything


def test_the_page_of_a_seat_can_be_read_and_runs_nothing(lesson: tuple[Classroom, Store]) -> None:
    room, _ = lesson
    page = unzipped(*lesson).read(f"{room.state.seats[0].name}/runs.html").decode()
    assert "&lt;b&gt;Mine&lt;/b&gt;" in page and "<b>Mine</b>" not in page
    assert "Warming up." in page and "2 iterations" in page


def test_it_comes_in_pieces_a_run_each(lesson: tuple[Classroom, Store]) -> None:
    room, store = lesson
    pieces = list(as_zip(room.state, store))
    assert len(pieces) == 2 + 3 + 1  # runs, seats, the list of all
    assert all(pieces)


def test_a_run_that_can_t_be_read_is_told_and_the_others_are_there(
    lesson: tuple[Classroom, Store], monkeypatch: pytest.MonkeyPatch
) -> None:
    room, store = lesson
    first = next(run for run in store.runs() if room.state.owners[run.id] == room.state.seats[0].number)
    folder: Path = store.folder
    kept = (folder / first.file).read_bytes()
    try:
        (folder / first.file).write_bytes(b"damaged")
        archive = unzipped(room, store)
    finally:
        (folder / first.file).write_bytes(kept)
    (lost,) = json.loads(archive.read(f"{room.state.seats[0].name}/runs.json"))
    assert lost["verdict"].startswith("This can't be told:") and lost["iteration"] == 2
    (other,) = json.loads(archive.read(f"{room.state.seats[1].name}/runs.json"))
    assert other["verdict"].startswith("Warming up.")


@pytest.mark.parametrize(
    ("name", "folder"), [("Blue Heron", "Blue Heron"), ("../x", "x"), ("", "Seat"), ("a/b:c", "abc")]
)
def test_a_folder_has_a_name_that_any_computer_takes(name: str, folder: str) -> None:
    assert safe_name(name) == folder

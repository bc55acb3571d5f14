"""Seats and secrets: who gets in, whose a run is, and what outlives the server."""

from __future__ import annotations

from pathlib import Path

import pytest

from ganlab.classroom.classroom import EMPTY_SECONDS, MOST_RUNS, MOST_SEATS, SEAT_COOKIE, TEACHER_COOKIE, Classroom
from ganlab.classroom.lock import hold
from ganlab.classroom.names import ANIMALS, COLOURS, free_name
from ganlab.classroom.refusals import CannotJoin
from ganlab.classroom.state import ALPHABET, CODE_LENGTH, FILE, TEACHER, new_code
from ganlab.runs.keeping.store import Store
from ganlab.ui import classroom, stored


def joined(room: Classroom) -> tuple[int, dict[str, str]]:
    """A new seat's number, and the cookies of its student."""
    seat, secret = room.join(room.state.code)
    return seat.number, {SEAT_COOKIE: secret}


def teacher(room: Classroom) -> dict[str, str]:
    cookie = room.unlock(room.state.key)
    assert cookie is not None
    return {TEACHER_COOKIE: cookie}


def test_each_secret_says_who_somebody_is_and_no_other_does() -> None:
    room = Classroom(None)
    first, of_first = joined(room)
    second, of_second = joined(room)
    assert (room.who(of_first), room.who(of_second), room.who(teacher(room))) == (first, second, TEACHER)
    digest = room.state.seats[0].digest  # what a thief of the file has
    for wrong in ("", room.state.code, room.state.key, digest, of_first[SEAT_COOKIE], "é"):
        assert room.who({TEACHER_COOKIE: wrong}) is None
        assert room.unlock(wrong) is None or wrong == room.state.key
    for wrong in ("", room.state.code, room.state.key, digest, teacher(room)[TEACHER_COOKIE], "é"):
        assert room.who({SEAT_COOKIE: wrong}) is None


def test_a_code_is_typed_as_people_type_it_and_an_old_one_opens_nothing() -> None:
    room = Classroom(None)
    old = room.state.code
    room.join(f" {old[:3].lower()}-{old[3:].lower()} ")
    room.renew_code()
    with pytest.raises(CannotJoin, match="not the code") as refused:
        room.join(old)
    assert refused.value.status == 403
    assert len(new_code()) == CODE_LENGTH and set(new_code()) <= set(ALPHABET)
    assert not set("0O1IL5S8B2Z") & set(ALPHABET)


def test_a_full_class_takes_the_place_of_an_empty_seat_and_refuses_where_none_is() -> None:
    room = Classroom(None)
    seats = [joined(room)[0] for _ in range(MOST_SEATS)]
    assert len({seat.name for seat in room.state.seats}) == MOST_SEATS
    for number in (*seats[:3], *seats[5:]):
        room.claim(f"run of {number}", number)
    for _ in range(2):
        room.claim(f"run of {(late := joined(room)[0])}", late)
    assert {seat.number for seat in room.state.seats} == {*seats, late - 1, late} - set(seats[3:5])
    with pytest.raises(CannotJoin, match="full: all 100 seats are in use") as refused:
        joined(room)
    assert refused.value.status == 409
    assert len(COLOURS) * len(ANIMALS) > MOST_SEATS
    assert max(len(f"{colour} {animal}") for colour in COLOURS for animal in ANIMALS) <= 24
    assert free_name({f"{colour} {animal}" for colour in COLOURS for animal in ANIMALS} - {"Red Fox"}) == "Red Fox"


def test_the_teacher_takes_empty_seats_away_but_not_those_that_were_just_given() -> None:
    clock = [0.0]
    room = Classroom(None, lambda: clock[0])
    used, empty = joined(room)[0], joined(room)[0]
    room.claim("a", used)
    assert room.empty_seats() == set()
    clock[0] = EMPTY_SECONDS
    fresh = joined(room)[0]
    assert room.empty_seats() == {empty}
    room.remove_empty()
    assert [seat.number for seat in room.state.seats] == [used, fresh]


def test_nobody_joins_through_a_closed_door_with_any_code_and_seats_stay() -> None:
    room = Classroom(None)
    number, cookies = joined(room)
    room.close_door(True)
    for code in (room.state.code, "AAAAAA"):
        for ask in (lambda code=code: room.wait(code, "10.0.0.1"), lambda code=code: room.join(code)):
            with pytest.raises(CannotJoin, match="door of this class is closed"):
                ask()
    assert room.who(cookies) == number
    room.close_door(False)
    joined(room)


def test_a_run_is_its_seat_s_and_the_teacher_s_and_stays_so() -> None:
    room = Classroom(None)
    (first, _), (second, _) = joined(room), joined(room)
    room.claim("a", first)
    room.claim("a", second)  # comes too late
    assert [room.may_command(who, "a") for who in (first, second, TEACHER, None)] == [True, False, True, False]
    room.remove(first)
    third, _ = joined(room)
    assert third not in (first, second)
    assert not room.may_command(third, "a")
    for number in range(MOST_RUNS + 1):
        room.claim(f"b{number}", second)
    assert len(room.state.owned_by(second)) == MOST_RUNS
    assert not room.may_command(second, "a")


def test_only_the_teacher_s_runs_train_in_a_paused_class_also_those_that_come_later() -> None:
    room = Classroom(None)
    number, _ = joined(room)
    room.claim("student's", number)
    room.pause(True)
    room.claim("teacher's", TEACHER)
    assert [room.gate.lets(each) for each in ("student's", "teacher's", "nobody's")] == [False, True, False]
    room.pause(False)
    assert room.gate.lets("student's")


def test_a_restart_loses_nobody(tmp_path: Path) -> None:
    room = Classroom(tmp_path)
    number, cookies = joined(room)
    leading = teacher(room)
    room.claim("a", number)
    room.pause(True)
    again = Classroom(tmp_path)
    assert again.state == room.state
    assert (again.who(cookies), again.who(leading)) == (number, TEACHER)
    assert again.may_command(number, "a") and again.gate.closed
    assert cookies[SEAT_COOKIE] not in (tmp_path / FILE).read_text()
    assert (tmp_path / FILE).stat().st_mode & 0o077 == 0
    assert [file.name for file in tmp_path.iterdir()] == [FILE]  # nothing half-written is left


def test_the_end_of_a_class_takes_every_seat_and_the_code(tmp_path: Path) -> None:
    room = Classroom(tmp_path)
    number, cookies = joined(room)
    old, leading = room.state.code, teacher(room)
    room.claim("a", number)
    assert room.end() == {"a"}
    for each in (room, Classroom(tmp_path)):
        assert (each.who(cookies), each.who(leading), each.state.seats) == (None, TEACHER, ())
        assert each.state.code != old


def test_a_damaged_class_is_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text("{")
    with pytest.raises(ValueError, match="can't be read"):
        Classroom(tmp_path)
    assert (tmp_path / FILE).read_text() == "{"


def test_one_folder_holds_one_class_of_one_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GANLAB_CLASS", "1")
    monkeypatch.setattr(stored, "store", lambda: Store(tmp_path))
    other = hold(tmp_path)
    with pytest.raises(SystemExit, match=r"Another server holds the class.*GANLAB_RUNS"):
        classroom.room.__wrapped__()
    assert not (tmp_path / FILE).exists()
    other.release()
    held = classroom.room.__wrapped__()
    assert held is not None and (tmp_path / FILE).exists()
    classroom._held.pop().release()


def test_a_full_disk_is_said_and_the_class_goes_on(tmp_path: Path) -> None:
    folder = tmp_path / "gone"
    folder.mkdir()
    room = Classroom(folder)
    (folder / FILE).unlink()
    folder.rmdir()
    number, cookies = joined(room)
    assert room.who(cookies) == number
    assert room.trouble is not None and "can't be saved" in room.trouble

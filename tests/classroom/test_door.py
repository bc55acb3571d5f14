"""A flood of codes or of seats: it slows down itself, and keeps nobody out who has the code."""

from __future__ import annotations

import asyncio
import json
from functools import partial
from typing import Any

import pytest
from starlette.requests import Request

from ganlab.classroom.classroom import MOST_SEATS, Classroom
from ganlab.classroom.door import (
    MOST_ADDRESSES,
    SEAT_LONGEST,
    SEAT_SECONDS,
    SEATS_AT_ONCE,
    WRONG_AT_ONCE,
    WRONG_LONGEST,
    WRONG_SECONDS,
    Door,
)
from ganlab.classroom.front_desk import FrontDesk
from ganlab.classroom.refusals import CannotJoin
from ganlab.classroom.state import ALPHABET, CODE_LENGTH

LESSON = 90 * 60  # seconds
READ = 1000  # codes a second, more than a server reads
HERE = "10.0.0.1"  # everybody's address, behind one proxy
about = partial(pytest.approx, abs=1e-9)


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_the_right_code_never_waits_for_wrong_ones_from_the_same_address() -> None:
    room = Classroom(None, Clock())
    waits = [room.wait("AAAAAA", HERE) for _ in range(1000)]
    assert waits[:WRONG_AT_ONCE] == about([0] * WRONG_AT_ONCE)
    assert waits[WRONG_AT_ONCE] == about(WRONG_SECONDS)
    assert waits[-1] == WRONG_LONGEST
    assert room.wait(room.state.code, HERE) == 0


def test_a_flood_that_is_over_slows_down_nobody() -> None:
    clock = Clock()
    door = Door(clock)
    for _ in range(1000):
        door.wait_of_wrong_code()
    clock.now = WRONG_LONGEST + WRONG_AT_ONCE * WRONG_SECONDS + 1
    assert door.wait_of_wrong_code() == 0


def test_guesses_find_the_code_in_less_than_one_lesson_of_forty() -> None:
    assert READ * LESSON / len(ALPHABET) ** CODE_LENGTH < 1 / 40


def test_a_class_behind_one_proxy_comes_in_at_once_and_a_flood_of_seats_one_after_the_other() -> None:
    clock = Clock()
    door = Door(clock)
    waits = [door.wait_for_seat(HERE) for _ in range(SEATS_AT_ONCE + 10)]
    assert waits[:SEATS_AT_ONCE] == about([0] * SEATS_AT_ONCE)
    assert waits[-1] == about(10 * SEAT_SECONDS)
    assert door.wait_for_seat("10.0.0.2") == 0
    for _ in range(int(SEAT_LONGEST / SEAT_SECONDS) - 10):
        assert door.wait_for_seat(HERE) <= SEAT_LONGEST
    with pytest.raises(CannotJoin, match="Try again in half a minute") as refused:
        door.wait_for_seat(HERE)
    assert refused.value.status == 429
    clock.now = SEAT_LONGEST
    assert 0 < door.wait_for_seat(HERE) <= SEAT_LONGEST


def test_a_page_is_open_before_its_seat_would_make_room_for_a_flood() -> None:
    empty = MOST_SEATS - 30
    assert empty * SEAT_SECONDS > 10  # seconds


def test_a_flood_of_addresses_is_forgotten_not_stored() -> None:
    door = Door(Clock())
    for number in range(2 * MOST_ADDRESSES):
        door.wait_for_seat(str(number))
    assert len(door._seats) <= MOST_ADDRESSES


def test_who_waits_for_a_seat_gets_it_and_a_wrong_code_its_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    room, slept = Classroom(None, Clock()), list[float]()

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    monkeypatch.setattr("ganlab.classroom.front_desk.asyncio.sleep", sleep)

    def typed(code: str) -> int:
        return asyncio.run(FrontDesk(room, str).join(request(code=code))).status_code

    assert [typed(room.state.code) for _ in range(SEATS_AT_ONCE + 1)] == [200] * (SEATS_AT_ONCE + 1)
    assert slept[-2:] == about([0, SEAT_SECONDS])
    assert {typed("AAAAAA") for _ in range(WRONG_AT_ONCE + 1)} == {403}
    assert slept[-2:] == about([0, WRONG_SECONDS])


def request(**said: str) -> Any:
    """One that a browser sends from our page."""

    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": json.dumps(said).encode(), "more_body": False}

    headers = [(b"origin", b"http://here"), (b"host", b"here")]
    scope = {"type": "http", "method": "POST", "path": "/class/join", "headers": headers, "query_string": b""}
    return Request(scope | {"client": (HERE, 1), "scheme": "http", "server": ("here", 80)}, receive)

"""Pinned moments: how a run stood, kept small, in the order that the teacher chose."""

from __future__ import annotations

import asyncio
import base64
import json
from pathlib import Path
from typing import Any

import pytest

from ganlab.classroom.classroom import CannotDo, Classroom
from ganlab.classroom.moments import moment_of
from ganlab.classroom.pins import MOST_PINNED, Pin
from ganlab.live.broadcast import Broadcast
from ganlab.live.hub import Hub
from ganlab.runs import Lab
from tests.hosts.stage import DIGITS, SMALL
from tests.runs.test_lab import wait_until

MOMENT = {
    "title": "A ring", "iteration": 7, "headline": "Learning", "evidence": "8 of 8 modes.", "severity": "good",
    "picture": {"points": "AA=="},
}  # fmt: skip


@pytest.mark.parametrize(("experiment", "kind"), [(SMALL, "points"), (DIGITS, "image")], ids=["points", "images"])
def test_a_moment_is_one_frame_of_the_run_and_stays_as_it_was(experiment: Any, kind: str) -> None:
    hub = Hub()
    with Lab(Broadcast(hub)) as lab:
        hub.on_interest = lab.refresh
        run = lab.create(experiment)
        run.step()
        wait_until(lambda: run.iteration == 1)
        moment = asyncio.run(moment_of(run, hub))
        assert moment is not None
        assert (moment["iteration"], list(moment["picture"])) == (1, [kind])
        assert "Warming up" in json.dumps(moment["headline"]) and moment["severity"] == "info"
        pinned = Pin(number=1, seat=1, name="Blue Heron", **moment)
        run.step()
        wait_until(lambda: run.iteration == 2)
        assert pinned.iteration == 1
        assert run.id not in pinned.model_dump_json()
        assert len(pinned.model_dump_json()) < 15_000
        if kind == "points":
            assert len(base64.b64decode(pinned.picture["points"])) == 400


def test_pins_are_ordered_and_removed_and_outlive_the_server(tmp_path: Path) -> None:
    room = Classroom(tmp_path)
    seats = [room.join(room.state.code)[0] for _ in range(2)]
    for seat in (seats[0], seats[1], seats[0]):
        room.pin(seat.number, MOMENT)
    room.order_pins([3, 1, 99])
    assert [pin.number for pin in room.state.pins] == [3, 1, 2]
    room.unpin(1)
    room.pin(seats[1].number, MOMENT)
    again = Classroom(tmp_path)
    assert [(pin.number, pin.name) for pin in again.state.pins] == [
        (3, seats[0].name), (2, seats[1].name), (4, seats[1].name)
    ]  # fmt: skip
    room.remove(seats[1].number)
    assert [pin.number for pin in room.state.pins] == [3]
    room.end()
    assert not room.state.pins


def test_names_stay_out_where_the_board_hides_them() -> None:
    room = Classroom(None)
    seat, _ = room.join(room.state.code)
    room.pin(seat.number, MOMENT)
    (pin,) = room.state.pins
    assert pin.for_board(nameless=False)["name"] == seat.name
    assert seat.name not in json.dumps(pin.for_board(nameless=True))


def test_there_are_not_too_many_and_none_of_a_seat_that_is_gone() -> None:
    room = Classroom(None)
    seat, _ = room.join(room.state.code)
    for _ in range(MOST_PINNED):
        room.pin(seat.number, MOMENT)
    with pytest.raises(CannotDo, match="Remove one first"):
        room.pin(seat.number, MOMENT)
    room.remove(seat.number)
    with pytest.raises(CannotDo, match="was taken away"):
        room.pin(seat.number, MOMENT)

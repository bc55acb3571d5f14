"""What a lesson may meet: students who flood the server, and a server that is killed in the middle of it."""

from __future__ import annotations

import asyncio
import json
import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosedError
from websockets.typing import Origin

from benchmarks.board_socket import board
from benchmarks.seat import Person
from ganlab.classroom.state import ClassState, read
from ganlab.runs.keeping.store import Store
from tests.patience import PATIENCE
from tests.serving import Server, serving

SMALL = "x=g_width:8,d_width:8"
CLASS = ("--class", "--host", "127.0.0.1", "--workers", "1")
QUESTION = {"ask": "on_map", "x": 0.0, "y": 0.0, "columns": 40, "rows": 40}


def class_of(runs: Path) -> ClassState:
    state = read(runs)
    assert state is not None
    return state


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not condition():
            await asyncio.sleep(0.02)


async def joined(server: Server, runs: Path) -> Person:
    """A student with a small run that trains."""
    student = Person(server.address)
    await student.join(class_of(runs).code, SMALL)
    await student.live.want(["commentary"])
    await student.page.press("play")
    await until(lambda: student.live.iteration > 0)
    return student


async def flooded(student: Person, runs: Path) -> None:
    """One client sends without end what others send now and then."""
    stranger, state = Person(student.address), class_of(runs)

    async def outcome(coming: Callable[[], object]) -> str:
        try:
            return str(await coming())  # type: ignore[misc]
        except RuntimeError as refused:
            return str(refused)

    guesses = await asyncio.gather(*(outcome(lambda: stranger.hand_in("class/join", code="AAAAAA")) for _ in range(50)))
    assert all(" 403 " in each for each in guesses)
    acts = await asyncio.gather(*(outcome(lambda: student.hand_in("class/act", do="end")) for _ in range(20)))
    assert all(" 403 " in each for each in acts)
    await asyncio.gather(*(student.hand_in(f"live/{student.run_id}/ask", **QUESTION) for _ in range(20)))
    place = f"{student.address.replace('http', 'ws', 1)}/live/{student.run_id}"
    headers = {"Cookie": student.cookie}
    async with connect(place, origin=Origin(student.address), additional_headers=headers, proxy=None) as socket:
        for number in range(1000):
            await socket.send(json.dumps({"views": ["losses"] if number % 2 else ["scores"]}))
        await socket.send("x" * 2000)
        with pytest.raises(ConnectionClosedError, match="4400"):
            await asyncio.wait_for(_end_of(socket), PATIENCE)
    assert class_of(runs).seats == state.seats


async def _end_of(socket: ClientConnection) -> None:
    while True:
        await socket.recv()


async def before(server: Server, runs: Path) -> list[Person]:
    """A lesson until its server is killed. Returns its people, the teacher first."""
    teacher = Person(server.address)
    teacher.cookie = await teacher.hand_in("class/key", key=class_of(runs).key)
    await teacher.hand_in("class/act", do="names", shown=False)
    students = [await joined(server, runs) for _ in range(2)]
    flooding = asyncio.create_task(flooded(students[0], runs))
    while not flooding.done():
        at = students[1].live.iteration
        await until(lambda at=at: students[1].live.iteration > at)  # type: ignore[misc]
    await flooding
    await until(lambda: len(Store(runs).runs()) == len(students))
    os.kill(server.pid, signal.SIGKILL)
    for each in students:
        await each.leave()
    return [teacher, *students]


async def after(server: Server, runs: Path, people: list[Person]) -> None:
    """All are back, with the cookies and addresses that their browsers have, on a server that was started again."""
    stored = {each.id: each.iteration for each in Store(runs).runs()}
    teacher, *students = (Person(server.address, each.cookie) for each in people)
    async with board(teacher) as opened:
        shown = {tile["number"]: tile for tile in (await opened.next())["seats"]}
    assert [shown[number]["state"] for number in (1, 2)] == ["saved", "saved"]  # before any page is back
    assert [shown[number]["iteration"] for number in (1, 2)] == [stored[each.run_id] for each in people[1:]]
    assert all(tile["image"].startswith("data:image/png") for tile in shown.values())
    for student, old in zip(students, people[1:], strict=True):
        await student.load(f"run={old.run_id}")
        await student.live.want(["commentary"])
        await student.live.until("paused")
        assert student.run_id == old.run_id
        assert student.live.iteration == stored[old.run_id] > 0
        await student.page.press("play")
        await until(lambda live=student.live, at=stored[old.run_id]: live.iteration > at)  # type: ignore[misc]
    async with board(teacher) as opened:
        tiles = (await opened.next())["seats"]
    shown = sorted((tile["number"], tile["name"], tile["state"]) for tile in tiles)
    assert shown == [(1, "", "running"), (2, "", "running")]
    for student in students:
        await student.leave()


def test_a_class_outlives_a_flood_and_a_killed_server(tmp_path: Path) -> None:
    runs = tmp_path / "runs"
    with serving(tmp_path / "log.txt", *CLASS, GANLAB_RUNS=str(runs)) as server:
        people = asyncio.run(before(server, runs))
        assert not server.tracebacks()
    with serving(tmp_path / "again.txt", *CLASS, GANLAB_RUNS=str(runs)) as server:
        asyncio.run(after(server, runs, people))
        assert not server.tracebacks()

"""How soon a class is back after its server was killed in the middle of a lesson."""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from benchmarks.board_socket import board
from benchmarks.report import Figure, Measure, Pace
from benchmarks.seat import Person
from benchmarks.server import serving
from ganlab.classroom.state import read
from ganlab.runs.keeping.store import Store

SEATS, RESTARTS = 30, 3
ARGUMENTS = ("--class", "--host", "127.0.0.1", "--workers", "2")
PATIENCE = 300.0  # seconds


@dataclass(frozen=True)
class Pupil:
    """What a student's browser keeps: the cookie, and the run in the page's address."""

    cookie: str
    run_id: str


def restarted(pace: Pace) -> Iterator[Figure]:
    """A class whose server is killed and started again, a few times; from the start of the new one."""
    seats, boards, pages = pace.of(SEATS, 3), list[float](), list[float]()
    with tempfile.TemporaryDirectory(prefix="ganlab-bench-") as folder:
        runs = Path(folder)
        with serving(*ARGUMENTS, GANLAB_RUNS=folder) as server:
            key, code = _secrets(runs)
            pupils = asyncio.run(_until_saved(server.address, code, runs, seats))
            server.process.kill()
        for _ in range(pace.of(RESTARTS, 1)):
            started = time.perf_counter()
            with serving(*ARGUMENTS, GANLAB_RUNS=folder) as server:
                asyncio.run(_until_the_board_is_back(server.address, key, runs, pupils))
                boards.append(time.perf_counter() - started)
                asyncio.run(_until_the_pages_are_back(server.address, runs, pupils))
                pages.append(time.perf_counter() - started)
                server.process.kill()
    against = f"from the start of the new server until the board shows what all {seats} seats had saved"
    yield Figure("classroom.restart_s", median(boards), "s", against, boards)
    against = f"... and then all {seats} pages, which connect again at the same moment, show their runs"
    yield Figure("classroom.restart_pages_s", median(pages), "s", against, pages)


def _secrets(runs: Path) -> tuple[str, str]:
    state = read(runs)
    assert state is not None
    return state.key, state.code


async def _until_saved(address: str, code: str, runs: Path, seats: int) -> list[Pupil]:
    """A class comes in and trains, until every run is stored."""
    people = [Person(address) for _ in range(seats)]
    for each in people:
        await each.join(code)
        await each.live.want(["commentary"])
        await each.page.press("play")
    found = [Pupil(each.cookie, each.run_id) for each in people]
    store = Store(runs)
    async with asyncio.timeout(PATIENCE):
        while {pupil.run_id for pupil in found} - {run.id for run in store.runs() if run.iteration > 0}:
            await asyncio.sleep(0.5)
    with suppress(OSError):
        await asyncio.gather(*(each.leave() for each in people))
    return found


async def _until_the_board_is_back(address: str, key: str, runs: Path, pupils: Sequence[Pupil]) -> None:
    saved = sorted(run.iteration for run in Store(runs).runs())
    teacher = Person(address)
    teacher.cookie = await teacher.hand_in("class/key", key=key)
    async with asyncio.timeout(PATIENCE), board(teacher) as opened:
        while True:
            tiles = (await opened.next())["seats"]
            if len(tiles) == len(pupils) and sorted(tile.get("iteration", 0) for tile in tiles) == saved:
                return


async def _until_the_pages_are_back(address: str, runs: Path, pupils: Sequence[Pupil]) -> None:
    saved = {run.id: run.iteration for run in Store(runs).runs()}

    async def come_back(pupil: Pupil) -> None:
        person = Person(address, pupil.cookie)
        await person.connect(f"run={pupil.run_id}")
        await person.live.want(["commentary"])
        await person.live.until("paused")
        assert person.live.iteration == saved[pupil.run_id]
        await person.leave()

    async with asyncio.timeout(PATIENCE):
        await asyncio.gather(*map(come_back, pupils))


FIGURES: Mapping[str, Measure] = dict.fromkeys(("classroom.restart_s", "classroom.restart_pages_s"), restarted)

"""A lesson without browsers: a class joins, trains, watches, works, and is shown the teacher's run."""

from __future__ import annotations

import asyncio
import random
import sys
import time
from collections.abc import Awaitable, Iterable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Protocol

from benchmarks.board_socket import board
from benchmarks.live import PLANE_VIEWS
from benchmarks.seat import Person

ARRIVAL = 0.5  # seconds between two who type the code
SETTLING = 3.0  # seconds of a new phase that don't count
ACT_EVERY = 13.0  # seconds, on average, between two acts of a student
PAUSES = 3  # every how many acts are a pause and going on; the others change a rate
RATES = ("0.0005", "0.001")  # that students change between
PATIENCE = 60.0  # seconds to wait for what the teacher sends
JOINING = 120.0  # seconds to join and see a page; and, after that, until all runs do steps
LONG = 120.0  # seconds from which on a lesson goes through its phases three times
STARTED = time.perf_counter()
PHASES = {"unwatched": 1, "watched": 1, "at work": 2}  # each with how long it is, in parts


@dataclass(frozen=True)
class Phase:
    """So many seconds of a lesson.

    Attributes:
        steps: per second, of each seat's run.
        cpu: processor seconds a second of the server and of its workers together.
        frames: per second, at each viewer; still: the longest time without a step, of each run; where they are watched.
    """

    kind: str
    seconds: float
    steps: list[float]
    cpu: tuple[float, float]
    frames: list[float] = field(default_factory=list)
    still: list[float] = field(default_factory=list)


@dataclass
class Lesson:
    """What a class has met.

    Attributes:
        opened, clicks, presses: the seconds that it took to join and see a page, to change a rate, to pause or train.
        lecture: steps a second of the teacher's run with all watching, and with one, in turns.
        errors: what went wrong, in words.
    """

    opened: list[float] = field(default_factory=list)
    clicks: list[float] = field(default_factory=list)
    presses: list[float] = field(default_factory=list)
    phases: list[Phase] = field(default_factory=list)
    lecture: list[tuple[float, float]] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def of(self, *kinds: str) -> list[Phase]:
        """The phases of these kinds."""
        return [phase for phase in self.phases if phase.kind in kinds]

    def steps(self, kind: str) -> float:
        """Steps a second of all runs together, over all phases of a kind."""
        phases = self.of(kind)
        return sum(sum(phase.steps) * phase.seconds for phase in phases) / sum(phase.seconds for phase in phases)


class Witness(Protocol):
    """Who watches the server's processes."""

    def begin(self) -> None:
        """All have joined."""
        ...

    def spent(self) -> tuple[float, float]:
        """The processor seconds of the server and of its workers so far."""
        ...


async def teach(address: str, key: str, code: str, seats: int, seconds: float, witness: Witness) -> Lesson:
    """Hold a lesson of so many seconds from when all have joined."""
    lesson, teacher = Lesson(), Person(address)
    teacher.cookie = await teacher.hand_in("class/key", key=key)
    students = [Person(address) for _ in range(seats)]
    try:
        say(f"{seats} students join, one every {ARRIVAL} s")
        await _all(lesson, (_arrive(lesson, each, code, number) for number, each in enumerate(students)))
        present = [each for each in students if each.opened]
        say(f"{len(present)} of {seats} have joined; their runs begin")
        await _all(lesson, (_begin(each) for each in present))
        witness.begin()
        rounds = 3 if seconds >= LONG else 1
        part = 0.8 * seconds / rounds / sum(PHASES.values())
        for number in range(rounds):
            for kind, parts in PHASES.items():
                say(f"round {number + 1} of {rounds}: {kind}, {SETTLING + parts * part:.0f} s")
                lesson.phases.append(await _phase(lesson, teacher, present, kind, parts * part, number, witness))
        say(f"a lecture, {2 * rounds * SETTLING + 0.2 * seconds:.0f} s")
        await _lecture(lesson, teacher, present, 0.2 * seconds / rounds / 2, rounds)
    finally:
        people = [each for each in (*students, teacher) if each.opened]
        lesson.errors += [said for each in people for said in each.page.complaints]
        await asyncio.gather(*(each.leave() for each in people), return_exceptions=True)
    return lesson


def say(what: str) -> None:
    """Say how far it is, and when, beside the figures."""
    seconds = round(time.perf_counter() - STARTED)
    print(f"{seconds // 60}:{seconds % 60:02} {what}", file=sys.stderr, flush=True)


async def _all(lesson: Lesson, doings: Iterable[Awaitable[None]]) -> None:
    """Let everybody do their part; who fails is noted and holds up nobody."""
    for done in await asyncio.gather(*doings, return_exceptions=True):
        if isinstance(done, Exception):
            lesson.errors.append(f"{type(done).__name__}: {done}")


async def _arrive(lesson: Lesson, student: Person, code: str, number: int) -> None:
    await asyncio.sleep(number * ARRIVAL)
    async with asyncio.timeout(JOINING):
        lesson.opened.append(await student.join(code))
        await student.live.want(PLANE_VIEWS)
        await student.page.press("play")


async def _begin(student: Person) -> None:
    try:
        async with asyncio.timeout(JOINING):
            await student.live.stepped()
    except TimeoutError:
        raise RuntimeError(f"a run did no step in {JOINING:.0f} s; it is {student.live.state or 'not shown'}") from None


async def _phase(
    lesson: Lesson, teacher: Person, students: list[Person], kind: str, seconds: float, seed: int, witness: Witness
) -> Phase:
    """One phase. The board is open throughout those in which somebody watches; of the others it gets two glances."""
    watched = kind != "unwatched"
    for each in students:
        await each.live.want(PLANE_VIEWS if watched else ())
    await asyncio.sleep(SETTLING)
    async with AsyncExitStack() as open_now:
        if watched:
            await open_now.enter_async_context(board(teacher))
        began, first = await _glance(teacher)
        before = witness.spent()
        for each in students:
            each.live.begin_to_count()
        until = time.perf_counter() + seconds
        if kind == "at work":
            rng = random.Random(seed)
            await _all(lesson, (_work(lesson, each, n, until, rng) for n, each in enumerate(students)))
        await asyncio.sleep(until - time.perf_counter())
        seen, counted = [each.live.count() for each in students], time.perf_counter() - until + seconds
        ended, last = await _glance(teacher)
    length, after = ended - began, witness.spent()
    steps = [(last[seat] - first[seat]) / length for seat in first]
    cpu = ((after[0] - before[0]) / length, (after[1] - before[1]) / length)
    if not watched:
        return Phase(kind, length, steps, cpu)
    return Phase(kind, length, steps, cpu, [each.frames / counted for each in seen], [each.still for each in seen])


async def _glance(teacher: Person) -> tuple[float, dict[int, int]]:
    async with board(teacher) as opened:
        return await opened.iterations()


async def _work(lesson: Lesson, student: Person, number: int, until: float, rng: random.Random) -> None:
    """Change a rate, or pause and train again, now and then; not all students at once."""
    wait = rng.uniform(0, 0.9 * min(ACT_EVERY, until - time.perf_counter()))
    while wait < until - time.perf_counter():
        await asyncio.sleep(wait)
        number, wait = number + 1, rng.expovariate(1 / ACT_EVERY)
        if number % PAUSES == 0:
            for state in ("paused", "running"):
                started = time.perf_counter()
                await asyncio.gather(student.page.press("play"), student.live.until(state))
                lesson.presses.append(time.perf_counter() - started)
            continue
        other = next(rate for rate in RATES if rate != student.page.shown("setting_lr_g"))
        lesson.clicks.append(await student.page.choose("setting_lr_g", other))
        if student.page.shown("setting_lr_g") != other:
            lesson.errors.append(f"the page does not show the rate that was chosen, {other}")


async def _lecture(lesson: Lesson, teacher: Person, students: list[Person], seconds: float, rounds: int) -> None:
    """The teacher pauses the class, trains a run and sends it to all; all watch it, and one alone, in turns."""
    await teacher.hand_in("class/act", do="pause")
    await teacher.load()
    await teacher.page.press("play")
    async with board(teacher) as opened:
        own = (await opened.next())["own"]
    await teacher.hand_in("class/act", do="send", run=own[0]["id"])
    await _all(lesson, (_follow(each) for each in students))
    students = [each for each in students if each.opened]
    await students[0].live.want(PLANE_VIEWS)
    await students[0].live.stepped()
    for number in range(rounds):
        rates = {}
        for viewers in (len(students), 1) if number % 2 else (1, len(students)):
            for place, each in enumerate(students):
                await each.live.want(PLANE_VIEWS if place < viewers else ())
            await asyncio.sleep(SETTLING)
            live, began = students[0].live, time.perf_counter()
            first = live.iteration
            await asyncio.sleep(seconds)
            rates[viewers] = (live.iteration - first) / (time.perf_counter() - began)
        lesson.lecture.append((rates[len(students)], rates[1]))


async def _follow(student: Person) -> None:
    """Wait to be told of the run that the teacher sent, and go there."""
    async with asyncio.timeout(PATIENCE):
        while not isinstance(sent := student.told.get("sent"), dict):
            await asyncio.sleep(0.1)
    await student.leave()
    await student.load(f"watch={sent['watch']}")

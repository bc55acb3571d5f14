"""Viewers of a run without a browser: sockets that take frames as fast as they come, in a process of their own."""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import struct
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from websockets.asyncio.client import connect
from websockets.sync.client import connect as connect_here
from websockets.typing import Origin

SETTLING = 1.0  # seconds of watching that don't count
FEWEST = 4  # frames to wait for on a machine so slow that they take longer than was asked
PATIENCE = 120.0  # seconds to wait for one frame


@dataclass(frozen=True)
class Watching:
    """What some viewers saw."""

    steps_per_second: float
    frames_per_second: tuple[float, ...]  # of each viewer


@contextmanager
def another_process() -> Iterator[ProcessPoolExecutor]:
    """Somewhere to run the functions below, so that they share no interpreter lock with anything measured."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        pool.submit(abs, 0).result()
        yield pool


@contextmanager
def present(address: str, run_id: str) -> Iterator[None]:
    """Have a run open without looking at it, as a hidden tab does, so that it is not paused as abandoned."""
    origin = Origin(address)
    with connect_here(f"{address.replace('http', 'ws', 1)}/live/{run_id}", origin=origin, proxy=None, max_size=None):
        yield


def watch(address: str, run_id: str, views: Sequence[str], viewers: int, seconds: float) -> Watching:
    """Let so many viewers watch for so long."""

    async def all_of_them() -> list[list[tuple[float, int, int]]]:
        each = [_frames(address, run_id, views, seconds) for _ in range(viewers)]
        return await asyncio.gather(*each)

    seen = asyncio.run(all_of_them())
    (start, first, _), (end, last, _) = seen[0][0], seen[0][-1]
    return Watching((last - first) / (end - start), tuple(map(_per_second, seen)))


def largest_frame(address: str, run_id: str, views: Sequence[str], seconds: float) -> int:
    """The bytes of the largest frame of so many seconds, from the very first."""
    return max(size for _, _, size in asyncio.run(_frames(address, run_id, views, seconds, settling=0.0)))


def stay_away(address: str, run_id: str, seconds: float) -> float:
    """The steps a second of a run that nobody watches, from a glance at it before and after."""

    async def two_glances() -> float:
        start, first = await _glance(address, run_id)
        await asyncio.sleep(seconds)
        end, last = await _glance(address, run_id)
        return (last - first) / (end - start)

    return asyncio.run(two_glances())


def keep_watching(address: str, run_ids: Sequence[str], views: Sequence[str], seconds: float) -> list[float]:
    """One viewer for each run; the frames a second that each got."""

    async def all_of_them() -> list[float]:
        seen = await asyncio.gather(*(_frames(address, run_id, views, seconds) for run_id in run_ids))
        return [_per_second(frames) for frames in seen]

    return asyncio.run(all_of_them())


async def _frames(
    address: str, run_id: str, views: Sequence[str], seconds: float, settling: float = SETTLING
) -> list[tuple[float, int, int]]:
    """(when, iteration, bytes) of each frame."""
    frames: list[tuple[float, int, int]] = []
    async with _socket(address, run_id) as socket:
        await socket.send(json.dumps({"views": list(views)}))
        started = time.perf_counter() + settling
        while len(frames) < FEWEST or frames[-1][0] < started + seconds:
            frame = await asyncio.wait_for(socket.recv(), PATIENCE)
            if (now := time.perf_counter()) >= started:
                frames.append((now, _header(frame)["iteration"], len(frame)))
    return frames


def _per_second(frames: Sequence[tuple[float, int, int]]) -> float:
    return (len(frames) - 1) / (frames[-1][0] - frames[0][0])


async def _glance(address: str, run_id: str) -> tuple[float, int]:
    """The time and the iteration, from the first frame made since the socket was opened."""
    async with _socket(address, run_id) as socket:
        await socket.send('{"views": ["commentary"]}')
        await socket.recv()  # the run's last frame, which may be old
        frame = await socket.recv()
        return time.perf_counter(), _header(frame)["iteration"]


def _socket(address: str, run_id: str) -> connect:
    return connect(
        f"{address.replace('http', 'ws', 1)}/live/{run_id}", origin=Origin(address), proxy=None, max_size=None
    )


def _header(frame: Any) -> dict[str, Any]:
    (length,) = struct.unpack_from("<I", frame, 4)
    header: dict[str, Any] = json.loads(frame[8 : 8 + length])
    return header

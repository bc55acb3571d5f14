"""What the board shows of a seat with no run in memory: the run that it saved last. So it is after a restart, until the
pages are back."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any, Protocol

from starlette.concurrency import run_in_threadpool

from ganlab.classroom.pictures import preview
from ganlab.experiment import ExperimentError
from ganlab.runs.keeping.database import StoreUnusable
from ganlab.runs.keeping.stored_run import StoredRun
from ganlab.runs.naming import data_and_method

READ_SECONDS = 5.0  # between two readings while a seat is away


class ListOfRuns(Protocol):
    """What is needed of a store."""

    def runs(self) -> list[StoredRun]: ...


class SavedRuns:
    """Reads the list of runs now and then, not at each look, and draws each save once."""

    def __init__(self, store: ListOfRuns | None, now: Callable[[], float] = time.monotonic) -> None:
        """`now` is a clock, in seconds."""
        self._store, self._now = store, now
        self._asked: frozenset[int] = frozenset()
        self._read_at = -math.inf
        self._found: dict[int, StoredRun] = {}
        self._tiles: dict[str, dict[str, Any]] = {}  # by the file of the save

    async def of(self, seats: frozenset[int], owners: Mapping[str, int]) -> dict[int, dict[str, Any]]:
        """By seat, what its tile shows; a seat that has saved nothing is not in it."""
        if not seats or self._store is None:
            return {}
        if not seats <= self._asked or self._now() - self._read_at >= READ_SECONDS:
            with suppress(StoreUnusable):  # then it is asked again at the next look
                await run_in_threadpool(self._read, self._store, seats, owners)
        return {seat: self._tiles[run.file] for seat, run in self._found.items() if seat in seats}

    def _read(self, store: ListOfRuns, seats: frozenset[int], owners: Mapping[str, int]) -> None:
        newest = {owners.get(run.id): run for run in reversed(store.runs()) if run.iteration > 0}
        self._found = {seat: run for seat in seats if (run := newest.get(seat)) is not None}
        self._tiles = {run.file: self._tiles.get(run.file) or _tile(run) for run in self._found.values()}
        self._asked, self._read_at = seats, self._now()


def _tile(run: StoredRun) -> dict[str, Any]:
    title = "A run of another version"
    with suppress(ExperimentError):
        title = data_and_method(run.experiment)
    return {"state": "saved", "iteration": run.iteration, "title": title} | preview(run.picture)

"""What the board shows of seats whose pages are not back."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

from ganlab.classroom.saved_runs import READ_SECONDS, SavedRuns
from ganlab.runs.keeping.store import Store
from tests.runs.keeping.test_store import run_record, save

OWNERS = {"old": 1, "new": 1, "other": 2, "begun": 3}
SEATS = frozenset({1, 2, 3, 4})


def test_each_seat_shows_the_run_that_it_saved_last_in_less_than_a_kilobyte(tmp_path: Path) -> None:
    store = Store(tmp_path)
    for name, iteration in (("old", 50), ("new", 10), ("other", 20), ("begun", 0), ("nobody's", 30)):
        save(store, run_record(name, iteration))
    tiles = asyncio.run(SavedRuns(store).of(SEATS, OWNERS))
    assert {seat: (tile["state"], tile["iteration"]) for seat, tile in tiles.items()} == {
        1: ("saved", 10),
        2: ("saved", 20),
    }
    assert all(len(json.dumps(tile)) < 1024 for tile in tiles.values())


def test_the_list_is_read_again_for_another_seat_and_now_and_then(tmp_path: Path) -> None:
    store, clock = Store(tmp_path), [0.0]
    saved = SavedRuns(store, lambda: clock[0])

    def shown(*seats: int) -> dict[int, int]:
        tiles = asyncio.run(saved.of(frozenset(seats), OWNERS))
        return {seat: tile["iteration"] for seat, tile in tiles.items()}

    save(store, run_record("new", 10))
    assert shown(1) == {1: 10}
    save(store, run_record("new", 20))
    save(store, run_record("other", 30))
    assert shown(1) == {1: 10}
    assert shown(1, 2) == {1: 20, 2: 30}
    save(store, run_record("new", 40))
    clock[0] = READ_SECONDS
    assert shown(1) == {1: 40}


def test_without_a_store_nothing_is_shown() -> None:
    assert asyncio.run(SavedRuns(None).of(SEATS, OWNERS)) == {}

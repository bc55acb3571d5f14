"""For how long others wait while the largest tables of each kind are read: another thread's wait for Python's lock."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress

import numpy as np

from benchmarks.report import Figure, Measure, Pace
from ganlab.data.own_points import chosen
from ganlab.data.tables import MOST_BYTES, MOST_ROWS, read
from ganlab.experiment import ExperimentError

PULSE = 0.005  # seconds between two turns that another thread wants
DECIMALS = np.random.default_rng(0).normal(size=(MOST_ROWS, 2))
LARGEST: Mapping[str, str] = {
    "digits": "1" * 20_000,
    "one number": "1" * MOST_BYTES,
    "lines of one": "1\n" * (MOST_BYTES // 2),
    "columns of one": "1," * (MOST_BYTES // 2),
    "blank lines": "\n" * (MOST_BYTES - 1) + "1",
    "quotation marks": '"' * MOST_BYTES,
    "brackets": "[" * (MOST_BYTES - 1) + "]",
    "decimal commas": "\n".join(f"{x:.3f};{y:.3f}" for x, y in DECIMALS).replace(".", ","),
    "many cells": ("1," * 59 + "2\n") * 16_000,
}


def longest_wait(table: str) -> float:
    """The longest time between two turns of another thread, in seconds, while this table is read or refused."""
    gaps = [0.0]
    is_read = threading.Event()

    def others() -> None:
        before = time.perf_counter()
        while not is_read.wait(PULSE):
            now = time.perf_counter()
            gaps.append(now - before)
            before = now

    thread = threading.Thread(target=others)
    thread.start()
    with suppress(ExperimentError):
        chosen(read(table))
    is_read.set()
    thread.join()
    return max(gaps)


def waits(pace: Pace) -> Iterator[Figure]:
    """Each table some times; the worst counts."""
    runs = {name: max(longest_wait(table) for _ in range(pace.of(3, 1))) for name, table in LARGEST.items()}
    yield Figure("hostile.tables.wait_s", max(runs.values()), "s", "the longest wait of another thread", [runs])


FIGURES: Mapping[str, Measure] = {"hostile.tables.wait_s": waits}

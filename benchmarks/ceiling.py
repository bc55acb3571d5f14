"""How much more two processes do than one on this machine, each training by itself: no host can do better."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator, Mapping
from statistics import median
from typing import Any

from benchmarks.report import Figure, Measure, Pace, say
from benchmarks.train import our_block
from ganlab.presets import DEFAULT

PATIENCE = 120.0  # seconds
WARM = 2.0  # seconds of training before it counts


def compare(pace: Pace) -> Iterator[Figure]:
    """Steps a second in all of two loops in processes of their own, over those of one; in turns."""
    seconds, rounds, ratios, rates = pace.of(10, 1), pace.of(5, 1), [], []
    for number in range(1, rounds + 1):
        one, two = (sum(loops(count, seconds)) for count in (1, 2))
        ratios.append(two / one)
        rates.append([round(one, 1), round(two, 1)])
        say(f"pair {number} of {rounds}: {rates[-1]} steps/s in one process, in two")
    against = f"one process; the default ring, each training by itself; steps/s of both: {rates}"
    yield Figure("hosts.ceiling.two_loops.vs_one", median(ratios), "ratio", against, ratios)


def loops(count: int, seconds: float) -> list[float]:
    """Steps a second of so many loops that train at the same time, each in a process."""
    context = multiprocessing.get_context("spawn")
    together, rates = context.Barrier(count), context.Queue()
    processes = [context.Process(target=train, args=(together, rates, seconds), daemon=True) for _ in range(count)]
    for process in processes:
        process.start()
    found: list[float] = [rates.get(timeout=PATIENCE + seconds) for _ in processes]
    for process in processes:
        process.join()
    return found


def train(together: Any, rates: Any, seconds: float) -> None:
    """Train the default ring once all are ready, and tell the steps a second."""
    block = our_block(DEFAULT.experiment)
    block(min(WARM, seconds))
    together.wait(PATIENCE)
    rates.put(block(seconds))


FIGURES: Mapping[str, Measure] = {"hosts.ceiling.two_loops.vs_one": compare}

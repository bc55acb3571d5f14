"""The Model page's slow motion: what one step under the recorder costs, and what its answer weighs."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any, TypeVar

import torch

from benchmarks.report import Figure, Measure, Pace, median_of
from ganlab.experiment import Experiment
from ganlab.live.answers import answer_frame
from ganlab.presets import PRESETS
from ganlab.runs import Rest, Run, State

RING, DIGITS = Experiment.of(device="cpu"), PRESETS["mnist-dcgan"].experiment.changed(device="cpu")
TRAINED = 200  # iterations before
KILOBYTE = 1000
T = TypeVar("T")


def traced(name: str, experiment: Experiment, pace: Pace) -> Iterator[Figure]:
    """Steps under the recorder, each encoded as it travels, and plain steps, in turns on one thread."""
    run = Run(experiment)
    run.play(Rest(pace.of(TRAINED, 5), ""))
    while run.state is State.RUNNING:
        run.obey()
        run.turn(1.0)
    torch.set_num_threads(1)
    runs: list[dict[str, Any]] = []
    for _ in range(pace.of(30, 2)):
        frame, ms = _timed(lambda: _trace(run))
        _, plain = _timed(lambda: _step(run))
        runs.append({"ms": ms, "kb": len(frame) / KILOBYTE, "plain_ms": plain})
    yield Figure(f"{name}_ms", median_of(runs, "ms"), "ms", "CPU time of a step under the recorder and encoded", runs)
    yield Figure(f"{name}_kb", max(each["kb"] for each in runs), "kB", "the largest of these answers", [])


def _trace(run: Run) -> bytes:
    coming = run.trace()
    run.obey()
    return answer_frame(run, coming.result(timeout=0))


def _step(run: Run) -> None:
    run.step()
    run.obey()


def _timed(act: Callable[[], T]) -> tuple[T, float]:
    """What it gives, and its CPU time in milliseconds."""
    started = time.thread_time()
    found = act()
    return found, 1000 * (time.thread_time() - started)


_RING, _DIGITS = partial(traced, "trace.ring", RING), partial(traced, "trace.digits", DIGITS)
FIGURES: Mapping[str, Measure] = {
    "trace.ring_ms": _RING,
    "trace.ring_kb": _RING,
    "trace.digits_ms": _DIGITS,
    "trace.digits_kb": _DIGITS,
}

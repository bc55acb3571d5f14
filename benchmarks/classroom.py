"""What a class costs the server: `python -m benchmarks.classroom --seats 30 --minutes 5 --workers 2`.

A real `ganlab --class`, and for every seat the real messages of Streamlit and of the live channel, from one process
that states what it takes of the machine itself. The default ring, each seat's own.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import math
import os
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median, quantiles
from typing import Any

import psutil
import torch

from benchmarks.lesson import ACT_EVERY, PAUSES, Lesson, Phase, teach
from benchmarks.report import Figure, Measure, Pace, rounded
from benchmarks.server import serving
from ganlab.classroom.state import read

SEATS, MINUTES, WORKERS = 30, 5, 2
LATE = 10.0  # seconds without a step that no run should know
READ_EVERY = 2.0  # seconds between two readings of memory and processor time
RESULTS = Path(__file__).parent / "results"
TARGETS = {
    "classroom.watched.vs_unwatched": "at least 0.7",
    "classroom.at_work.vs_unwatched": "at least 0.7",
    "classroom.share.least_to_most": "at least 0.7",
    "classroom.frames_a_second": "at least 1",
    "classroom.frames_a_second.least": "at least 0.5",
    "classroom.click_s": "at most 0.5",
    "classroom.click_p95_s": "at most 2",
    "classroom.press_p95_s": "at most 0.5",
    "classroom.errors": "0",
    "classroom.still_runs": "0",
    "classroom.tracebacks": "0",
    "classroom.lecture.vs_one_viewer": "at least 0.9",
}


FIELDS = ("server_mb", "workers_mb", "server_cores", "workers_cores", "load_cores", "other_cores")


class Readings:
    """What a server takes of the machine, read every two seconds from `begin` to `end`.

    Attributes:
        rows: the seconds since the beginning; RSS of the server and of all its workers together, in MB; processor
            seconds a second of both, of the process that plays the class, and of all else on the machine.
    """

    def __init__(self, server: psutil.Process) -> None:
        self.rows: list[dict[str, float]] = []
        self._server, self._done = server, threading.Event()
        self._thread = threading.Thread(target=self._read, daemon=True)

    def begin(self) -> None:
        """Read on, on a thread."""
        self._thread.start()

    def spent(self) -> tuple[float, float]:
        """Processor seconds of the server and of its workers so far."""
        workers = sum(sum(each.cpu_times()[:2]) for each in workers_of(self._server))
        return sum(self._server.cpu_times()[:2]), workers

    def end(self) -> None:
        """Read no more."""
        self._done.set()
        if self._thread.is_alive():
            self._thread.join()

    def at(self, seconds: float) -> dict[str, float]:
        """The first reading after so many seconds, or else the last."""
        return next((row for row in self.rows if row["seconds"] >= seconds), self.rows[-1])

    def typical(self, name: str) -> float:
        """The median of one of the readings."""
        return median(row[name] for row in self.rows)

    def _read(self) -> None:
        started = at = time.perf_counter()
        before = self._taken()
        while not self._done.wait(READ_EVERY):
            now, passed = self._taken(), time.perf_counter() - at
            at += passed
            cores = [(new - old) / passed for new, old in zip(now, before, strict=True)]
            cores[3] = max(0.0, cores[3] - sum(cores[:3]))
            before = now
            memory = [self._server.memory_info().rss, sum(each.memory_info().rss for each in workers_of(self._server))]
            values = [*(each / 1e6 for each in memory), *cores]
            self.rows.append({"seconds": at - started} | dict(zip(FIELDS, values, strict=True)))

    def _taken(self) -> list[float]:
        """Processor seconds so far of the server, its workers, this process, and the whole machine."""
        machine = psutil.cpu_times()
        idle = machine.idle + getattr(machine, "iowait", 0.0)
        return [*self.spent(), time.process_time(), sum(machine[:8]) - idle]


def workers_of(server: psutil.Process) -> list[psutil.Process]:
    """The processes that train for a server."""
    return [each for each in server.children(recursive=True) if "ganlab.hosts" in each.cmdline()]


@dataclass(frozen=True)
class Observed:
    """A lesson, and what its server was seen to do."""

    lesson: Lesson
    readings: Readings
    tracebacks: list[str]


def observe(seats: int, minutes: float, workers: int) -> Observed:
    """Hold a lesson on a server of its own."""
    arguments = ("--class", "--host", "127.0.0.1", *(("--workers", str(workers)) if workers else ()))
    with tempfile.TemporaryDirectory(prefix="ganlab-bench-") as runs, serving(*arguments, GANLAB_RUNS=runs) as server:
        state, readings = read(Path(runs)), Readings(server.process)
        assert state is not None
        try:
            lesson = asyncio.run(teach(server.address, state.key, state.code, seats, 60 * minutes, readings))
        finally:
            readings.end()
        text = server.log.read_text(encoding="utf-8", errors="replace")
    return Observed(lesson, readings, [part[:1000] for part in text.split("Traceback")[1:]])


def figures(seen: Observed) -> Iterator[Figure]:
    """All figures of one lesson."""
    lesson, readings = seen.lesson, seen.readings
    unwatched = lesson.steps("unwatched")
    for kind in ("watched", "at work"):
        name, of_all = kind.replace(" ", "_"), lesson.steps(kind)
        against = f"{of_all:.0f} steps/s of all runs, over {unwatched:.0f} of the same runs while nobody looks"
        rows = [_in_short(phase) for phase in lesson.of(kind, "unwatched")]
        yield Figure(f"classroom.{name}.vs_unwatched", _ratio(of_all, unwatched), "ratio", against, rows)
    shares = [_ratio(min(phase.steps), max(phase.steps)) for phase in lesson.of("watched")]
    against = "the slowest run's steps over the fastest's, while all are watched and nobody presses anything"
    yield Figure("classroom.share.least_to_most", median(shares), "ratio", against, shares)
    watched = lesson.of("watched", "at work")
    frames = [rate for phase in watched for rate in phase.frames]
    yield Figure("classroom.frames_a_second", median(frames), "1/s", "the median viewer", frames)
    yield Figure("classroom.frames_a_second.least", min(frames), "1/s", "the viewer that got the fewest", frames)
    every = f"each seat acts every {ACT_EVERY:.0f} s on average, {PAUSES - 1} times of {PAUSES} on a rate"
    against = f"a rate is changed, the page has run again; {every}"
    yield Figure("classroom.click_s", median(lesson.clicks or [math.nan]), "s", against, lesson.clicks)
    yield Figure("classroom.click_p95_s", _95th(lesson.clicks), "s", against, lesson.clicks)
    against = "Pause or Train is pressed, button and view say so"
    yield Figure("classroom.press_p95_s", _95th(lesson.presses), "s", against, lesson.presses)
    against = "from the code that was typed to a page with a view, while the class comes in"
    yield Figure("classroom.open_s", median(lesson.opened), "s", against, lesson.opened)
    yield Figure("classroom.errors", len(lesson.errors), "", "what a page or a socket said", lesson.errors[:20])
    still = [longest for phase in watched for longest in phase.still]
    against = f"runs that did no step for {LATE:.0f} s, of {len(still)}; the longest waits in seconds"
    yield Figure("classroom.still_runs", sum(each > LATE for each in still), "", against, sorted(still)[-10:])
    yield Figure("classroom.tracebacks", len(seen.tracebacks), "", "in what the server printed", seen.tracebacks[:5])
    ratios = [_ratio(many, one) for many, one in lesson.lecture]
    against = f"one viewer's steps/s of the run that was sent to all; pairs: {_rounded(lesson.lecture)}"
    yield Figure("classroom.lecture.vs_one_viewer", median(ratios), "ratio", against, ratios)
    for name in ("server", "workers"):
        early, late = readings.at(60)[f"{name}_mb"], readings.rows[-1][f"{name}_mb"]
        yield Figure(f"classroom.{name}_mb", late, "MB", f"RSS at the end; {early:.0f} after a minute", [early, late])
    cores = {name: readings.typical(name) for name in FIELDS if name.endswith("cores")}
    against = "processor seconds a second of the process that plays the class; runs: of all"
    yield Figure("classroom.load_cores", cores["load_cores"], "cores", against, [cores])


def _in_short(phase: Phase) -> dict[str, Any]:
    steps, (server, workers) = sum(phase.steps), phase.cpu
    a_cpu_second = steps / (server + workers)
    return {"kind": phase.kind, "steps_a_second": steps, "steps_a_cpu_second": a_cpu_second, "cpu": [server, workers]}


def _ratio(one: float, other: float) -> float:
    return one / other if other else math.nan


def _95th(values: Sequence[float]) -> float:
    """NaN where nothing was measured: nobody acted in so short a lesson."""
    return quantiles(values, n=20, method="inclusive")[-1] if len(values) > 1 else (*values, math.nan)[0]


def _rounded(pairs: Iterable[Iterable[float]]) -> list[list[float]]:
    return [[round(value, 1) for value in pair] for pair in pairs]


def of_a_class(pace: Pace) -> Iterator[Figure]:
    """A class for five minutes."""
    yield from figures(observe(pace.of(SEATS, 3), pace.of(60 * MINUTES, 20) / 60, WORKERS))


FIGURES: Mapping[str, Measure] = dict.fromkeys(
    (
        *TARGETS,
        "classroom.open_s",
        "classroom.server_mb",
        "classroom.workers_mb",
        "classroom.load_cores",
    ),
    of_a_class,
)


def table(found: Sequence[Figure], about: Mapping[str, Any]) -> str:
    """The figures as a page of Markdown."""
    lines = [
        "# A class",
        "",
        f"{about['seats']} seats, each with a default ring of its own, {about['minutes']:g} minutes after all had "
        f"joined, {about['workers']} workers, {about['cores']} cores, torch {about['torch']}. Load average when "
        f"it began: {about['load']:.1f}. Made by `python -m benchmarks.classroom`; what each figure was made of is in "
        "[classroom.json](classroom.json).",
        "",
        "| figure | target | measured | |",
        "|---|---|---|---|",
    ]
    for each in found:
        value = f"{each.value:.3g} {each.unit}".replace(" ratio", "").strip()
        lines.append(f"| `{each.name}` | {TARGETS.get(each.name, '')} | {value} | {each.against} |")
    return "\n".join(lines) + "\n"


def main() -> None:
    """Hold one lesson, print its figures, and keep them."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.classroom", description=__doc__.partition(":")[0])
    parser.add_argument("--seats", type=int, default=SEATS)
    parser.add_argument("--minutes", type=float, default=MINUTES)
    parser.add_argument("--workers", type=int, default=WORKERS, help="0: the server itself trains")
    parser.add_argument("--results", type=Path, default=RESULTS, help="the folder for classroom.json and classroom.md")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that the server is closed, too
    about = {"seats": options.seats, "minutes": options.minutes, "workers": options.workers}
    about |= {"cores": os.cpu_count(), "torch": torch.__version__, "load": os.getloadavg()[0]}
    seen = observe(options.seats, options.minutes, options.workers)
    found = list(figures(seen))
    for figure in found:
        print(figure.line(), flush=True)
    kept = {"about": about, "figures": [json.loads(figure.line()) for figure in found]}
    kept["phases"] = [rounded(asdict(phase)) for phase in seen.lesson.phases]
    kept["readings"] = rounded(seen.readings.rows)
    (options.results / "classroom.json").write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
    (options.results / "classroom.md").write_text(table(found, about), encoding="utf-8")


if __name__ == "__main__":
    main()

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
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median, quantiles
from typing import Any

import torch

from benchmarks.lesson import ACT_EVERY, PAUSES, Lesson, Phase, say, teach
from benchmarks.ray_cluster import ray_cluster
from benchmarks.readings import FIELDS, Readings
from benchmarks.report import Figure, Measure, Pace, rounded
from benchmarks.server import serving
from ganlab.classroom.state import read

SEATS, MINUTES, WORKERS = 30, 5, 2
LATE = 10.0  # seconds without a step that no run should know
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


@dataclass(frozen=True)
class Observed:
    """A lesson, and what its server was seen to do."""

    lesson: Lesson
    readings: Readings
    tracebacks: list[str]


@dataclass(frozen=True)
class Setup:
    """A class to be measured.

    Attributes:
        seconds: after all have joined.
        workers: how many processes train; 0: the server itself does.
        cluster: whether the workers are in a Ray cluster of two nodes on this machine, one in each.
    """

    seats: int = SEATS
    seconds: float = 60.0 * MINUTES
    workers: int = WORKERS
    cluster: bool = False

    @property
    def name(self) -> str:
        """Of the files of its results: those of the usual class, or of another one."""
        return "classroom" + (f"_{self.seats}" if self.seats != SEATS else "") + ("_cluster" if self.cluster else "")

    def about(self) -> dict[str, Any]:
        """What is to be known of it, and of the machine."""
        machine = {"cores": os.cpu_count(), "torch": torch.__version__, "load": os.getloadavg()[0]}
        trains = f"{self.workers} workers"
        if self.cluster:
            trains = "a Ray cluster of two nodes on this machine, with a worker each"
        return {"seats": self.seats, "minutes": self.seconds / 60, "workers": trains} | machine


def observe(setup: Setup) -> Observed:
    """Hold a lesson on a server of its own."""
    with ExitStack() as ends:
        runs = ends.enter_context(tempfile.TemporaryDirectory(prefix="ganlab-bench-"))
        arguments = ["--class", "--host", "127.0.0.1", *(("--workers", str(setup.workers)) if setup.workers else ())]
        if setup.cluster:
            arguments += ["--cluster", ends.enter_context(ray_cluster()).address]
        say("the server starts")
        server = ends.enter_context(serving(*arguments, GANLAB_RUNS=runs))
        state, readings = read(Path(runs)), Readings(server.process)
        assert state is not None
        try:
            lesson = asyncio.run(teach(server.address, state.key, state.code, setup.seats, setup.seconds, readings))
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
    yield from figures(observe(Setup(pace.of(SEATS, 3), pace.of(60 * MINUTES, 20))))


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


def table(found: Sequence[Figure], about: Mapping[str, Any], name: str) -> str:
    """The figures as a page of Markdown; what they were made of is in the JSON of this name."""
    lines = [
        "# A class",
        "",
        f"{about['seats']} seats, each with a default ring of its own, {about['minutes']:g} minutes after all had "
        f"joined, {about['workers']}, {about['cores']} cores, torch {about['torch']}. Load average when "
        f"it began: {about['load']:.1f}. Made by `python -m benchmarks.classroom`; what each figure was made of is in "
        f"[{name}.json]({name}.json).",
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
    parser.add_argument("--cluster", action="store_true", help="train in a Ray cluster of two nodes on this machine")
    parser.add_argument("--results", type=Path, default=RESULTS, help="the folder for the results")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that the server is closed, too
    setup = Setup(options.seats, 60 * options.minutes, 2 if options.cluster else options.workers, options.cluster)
    about, seen = setup.about(), observe(setup)
    found = list(figures(seen))
    for figure in found:
        print(figure.line(), flush=True)
    kept = {"about": about, "figures": [json.loads(figure.line()) for figure in found]}
    kept["phases"] = [rounded(asdict(phase)) for phase in seen.lesson.phases]
    kept["readings"] = rounded(seen.readings.rows)
    options.results.mkdir(parents=True, exist_ok=True)
    (options.results / f"{setup.name}.json").write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
    (options.results / f"{setup.name}.md").write_text(table(found, about, setup.name), encoding="utf-8")
    say(f"the results are in {options.results / setup.name}.md")


if __name__ == "__main__":
    main()

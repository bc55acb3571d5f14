"""What it costs to be watched: training speed, bytes a frame, and memory over minutes."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from statistics import median
from typing import Any

from playwright.sync_api import CDPSession

from benchmarks import viewers
from benchmarks.browser import TrainPage, chromium
from benchmarks.report import Figure, Measure, Pace, median_of
from benchmarks.server import serving
from ganlab.experiment import Experiment
from ganlab.presets import DEFAULT, PRESETS

# What the train page asks for when all its cards are shown.
PLANE_VIEWS = (
    "plane", "losses", "scores", "histograms", "gradients", "modes", "interpolation", "commentary",
)  # fmt: skip
IMAGE_VIEWS = ("samples", "losses", "scores", "histograms", "gradients", "interpolation", "commentary")
MODEL_VIEWS = ("model", "plane", "plane.warp", "histograms", "moments", "commentary")  # what the Model page asks for
VIEWERS = 4
KILOBYTE = 1000
MINUTE = 60


def four_viewers(name: str, views: Sequence[str], pace: Pace) -> Iterator[Figure]:
    """One run in the real server, watched by four sockets that ask for these views and by nobody, in turns."""
    seconds, runs = pace.of(10, 2), []
    with serving() as server, chromium() as browser, viewers.another_process() as elsewhere:
        page = TrainPage(browser, server.address)
        run_id = _trained_unseen(page, DEFAULT.experiment)
        for _ in range(pace.of(5, 3)):
            alone = elsewhere.submit(viewers.stay_away, server.address, run_id, seconds).result()
            watching = elsewhere.submit(viewers.watch, server.address, run_id, views, VIEWERS, seconds).result()
            runs.append(
                {
                    "ratio": watching.steps_per_second / alone,
                    "watched": watching.steps_per_second,
                    "unwatched": alone,
                    "frames_per_second": list(watching.frames_per_second),
                }
            )
    against = "the same run with no viewer, steps a second, in turns"
    yield Figure(name, median_of(runs, "ratio"), "ratio", against, runs)


def frame_size(
    name: str, experiment: Experiment, views: Sequence[str], all_views: Sequence[str], seconds: int, pace: Pace
) -> Iterator[Figure]:
    """The largest frame of a run's first seconds, in which its curves grow to their full length; then of all views."""
    runs: list[dict[str, Any]] = []
    with serving() as server, chromium() as browser, viewers.another_process() as elsewhere:
        for _ in range(3):
            page = TrainPage(browser, server.address)
            run_id = _trained_unseen(page, experiment)
            largest = []
            for wanted in (views, all_views):
                length = pace.of(seconds, 2)
                size = elsewhere.submit(viewers.largest_frame, server.address, run_id, wanted, length).result()
                largest.append(size / KILOBYTE)
            runs.append({"kb": largest[0], "kb_of_all_views": largest[1]})
            page.return_to(run_id)
            page.pause()
            page.close()
    against = f"the largest of {pace.of(seconds, 2)} s of frames with {', '.join(views)}"
    yield Figure(name, median_of(runs, "kb"), "kB", against, runs)


def growth(pace: Pace) -> Iterator[Figure]:
    """The memory of the server and the heap of one page, while it watches the default run for five minutes."""
    warm_up, watched, interval = pace.of(MINUTE, 5), pace.of(5 * MINUTE, 10), pace.of(15, 1)
    memory, heap = [], []
    with serving() as server, chromium() as browser:
        page = TrainPage(browser, server.address)
        page.open()
        page.train()
        inspector = page.context.new_cdp_session(page.page)
        time.sleep(warm_up)
        started, shown = time.monotonic(), page.frames
        while (now := time.monotonic() - started) <= watched:
            memory.append({"seconds": now, "mb": server.memory_mb()})
            heap.append({"seconds": now, "mb": heap_mb(inspector)})
            time.sleep(interval)
        shown = page.frames - shown
    against = f"{watched} s of watching ({shown} frames shown), medians of the last and the first fifth"
    yield Figure("live.memory_growth_mb", _growth(memory), "MB", against, memory)
    yield Figure("live.heap_growth_mb", _growth(heap), "MB", f"{against}, each after a forced collection", heap)


def heap_mb(inspector: CDPSession) -> float:
    """What the page's JavaScript holds on to."""
    inspector.send("HeapProfiler.collectGarbage")
    return float(inspector.send("Runtime.getHeapUsage")["usedSize"] / 1e6)


def _growth(samples: list[dict[str, float]]) -> float:
    some = max(1, len(samples) // 5)
    values = [sample["mb"] for sample in samples]
    return median(values[-some:]) - median(values[:some])


def _trained_unseen(page: TrainPage, experiment: Experiment) -> str:
    """Start a run from its page and go away; returns its id."""
    page.open(f"?x={experiment.to_link()}")
    run_id = page.run_id
    page.train()
    page.leave()
    return run_id


FIGURES: Mapping[str, Measure] = {
    "live.four_viewers.vs_unwatched": partial(four_viewers, "live.four_viewers.vs_unwatched", PLANE_VIEWS),
    "live.model_page.vs_unwatched": partial(four_viewers, "live.model_page.vs_unwatched", MODEL_VIEWS),
    "live.frame_kb.plane": partial(
        frame_size, "live.frame_kb.plane", DEFAULT.experiment, ("losses", "plane", "scores"), PLANE_VIEWS, 8
    ),
    "live.frame_kb.images": partial(
        frame_size,
        "live.frame_kb.images",
        PRESETS["shapes-dcgan-r1"].experiment,
        ("losses", "samples", "scores"),
        IMAGE_VIEWS,
        15,
    ),
    "live.memory_growth_mb": growth,
    "live.heap_growth_mb": growth,
}

"""What worker processes and a Ray cluster give, against the same runs on the server's own thread."""

from __future__ import annotations

import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from importlib.util import find_spec
from pathlib import Path
from statistics import median, quantiles

import psutil

from benchmarks import viewers
from benchmarks.browser import TrainPage, chromium
from benchmarks.lab import CLICK_EVERY, clicks_answered
from benchmarks.live import PLANE_VIEWS
from benchmarks.report import Figure, Measure, Pace, say
from benchmarks.server import serving
from ganlab.hosts.choice import Choice
from ganlab.presets import DEFAULT
from ganlab.runs import Lab, Nobody, State
from ganlab.runs.keeping.keeper import Keeper
from ganlab.runs.keeping.store import Store

WORKERS = 2
MANY = 16  # runs
PATIENCE = 120.0  # seconds
OPTION = ("--workers", str(WORKERS))
THREAD, PROCESSES, RAY = Choice(), Choice(workers=WORKERS), Choice(workers=WORKERS, cluster="auto")


def throughput(pace: Pace) -> Iterator[Figure]:
    """Steps a second in all, of runs that nobody watches; the hosts take turns, so that both meet the same machine."""
    seconds, rounds = pace.of(20, 3), pace.of(5, 1)
    for runs, name in ((MANY, "sixteen_runs"), (1, "one_run")):
        ratios, rates = [], []
        for number in range(1, rounds + 1):
            on_a_thread, in_workers = steps_a_second(runs, seconds), steps_a_second(runs, seconds, PROCESSES)
            ratios.append(in_workers / on_a_thread)
            rates.append([round(on_a_thread, 1), round(in_workers, 1)])
            say(f"{name}, pair {number} of {rounds}: {rates[-1]} steps/s on the thread, in processes")
        against = f"the thread's; {runs} default rings, {WORKERS} workers; steps/s of both: {rates}"
        yield Figure(f"hosts.processes.{name}.vs_thread", median(ratios), "ratio", against, ratios)


def in_a_cluster(pace: Pace) -> Iterator[Figure]:
    """Steps a second in all of runs that nobody watches: in a Ray cluster on this machine, in turns with processes."""
    if find_spec("ray") is None:
        return
    seconds, rounds, ratios, rates = pace.of(20, 3), pace.of(5, 1), [], []
    for number in range(1, rounds + 1):
        in_processes, with_ray = (steps_a_second(MANY, seconds, each) for each in (PROCESSES, RAY))
        ratios.append(with_ray / in_processes)
        rates.append([round(in_processes, 1), round(with_ray, 1)])
        say(f"sixteen_runs, pair {number} of {rounds}: {rates[-1]} steps/s in processes, with Ray")
    against = f"the processes'; {MANY} default rings, {WORKERS} workers; steps/s of both: {rates}"
    yield Figure("hosts.ray.sixteen_runs.vs_processes", median(ratios), "ratio", against, ratios)


def steps_a_second(runs: int, seconds: float, where: Choice = THREAD) -> float:
    """How many iterations so many default rings do in a second, all together, once all are built; all are saved."""
    audience = Nobody()
    with tempfile.TemporaryDirectory(prefix="ganlab-bench-") as folder:
        keeper = Keeper(Store(Path(folder)))
        host = where.new_host(audience, lambda *_: None, keeper, lambda _: None)
        with Lab(audience, abandoned_seconds=PATIENCE + seconds, keeper=keeper, host=host) as lab:
            return _steps_a_second_in(lab, runs, seconds)


def _steps_a_second_in(lab: Lab, runs: int, seconds: float) -> float:
    made = [lab.create(DEFAULT.experiment.changed(seed=seed)) for seed in range(runs)]
    for run in made:
        run.step()
        run.record().result(PATIENCE)
    begun = sum(run.iteration for run in made)
    for run in made:
        run.play()
    started = time.perf_counter()
    threading.Event().wait(seconds)
    for run in made:
        run.pause()
    elapsed = time.perf_counter() - started
    done = sum(run.record().result(PATIENCE).iteration for run in made)
    assert all(run.state is State.PAUSED for run in made)
    return (done - begun) / elapsed


def clicks(pace: Pace) -> Iterator[Figure]:
    """How soon a page answers while sixteen runs train, all of them watched; and what memory the processes hold."""
    count = pace.of(40, 6)
    seconds = count * (sum(CLICK_EVERY) / 2 + 0.3)
    for name, option in (("processes", OPTION), ("thread", ())):
        with ExitStack() as open_now:
            server = open_now.enter_context(serving(*option))
            browser = open_now.enter_context(chromium())
            elsewhere = open_now.enter_context(viewers.another_process())
            page, run_ids = TrainPage(browser, server.address), []
            for _ in range(MANY):
                page.open()
                page.train()
                run_ids.append(page.run_id)
                open_now.enter_context(viewers.present(server.address, page.run_id))
            say(f"{name}: {MANY} runs train, and {count} clicks follow")
            audience = elsewhere.submit(viewers.keep_watching, server.address, run_ids[:-1], PLANE_VIEWS, seconds)
            time.sleep(2 * viewers.SETTLING)
            answers = clicks_answered(page, count)
            rates = audience.result()
            memory = server.memory_mb()
            of_workers = [each.memory_info().rss / 1e6 for each in _workers_of(server.process)]
        against = f"{MANY} runs training and watched, at {min(rates):.1f} to {max(rates):.1f} frames/s a socket"
        yield Figure(f"hosts.{name}.click_s", median(answers), "s", against, answers)
        yield Figure(f"hosts.{name}.click_p95_s", quantiles(answers, n=20)[-1], "s", against, answers)
        yield Figure(f"hosts.{name}.memory_mb", memory, "MB", f"of the server, with {MANY} runs", [memory])
        if of_workers:
            against = f"of a worker, with {MANY} runs in {WORKERS}"
            yield Figure("hosts.processes.worker_memory_mb", median(of_workers), "MB", against, of_workers)


def start(pace: Pace) -> Iterator[Figure]:
    """From the command to the first frame of an iteration, for whoever opens the page and presses Train at once."""
    for name, option in (("thread", ()), ("processes", OPTION)):
        taken = []
        for _ in range(pace.of(5, 1)):
            taken.append(_seconds_to_first_frame(option))
            say(f"{name}: {taken[-1]:.1f} s from the command to the first frame")
        yield Figure(f"hosts.{name}.start_s", median(taken), "s", "from the command to the first frame", taken)


def _seconds_to_first_frame(option: tuple[str, ...]) -> float:
    with chromium() as browser:
        started = time.perf_counter()
        with serving(*option) as server:
            page = TrainPage(browser, server.address)
            page.open()
            page.train()
            return time.perf_counter() - started


def _workers_of(server: psutil.Process) -> list[psutil.Process]:
    return [each for each in server.children(recursive=True) if "ganlab.hosts" in each.cmdline()]


FIGURES: Mapping[str, Measure] = {
    "hosts.processes.sixteen_runs.vs_thread": throughput,
    "hosts.processes.one_run.vs_thread": throughput,
    "hosts.ray.sixteen_runs.vs_processes": in_a_cluster,
    "hosts.processes.click_s": clicks,
    "hosts.processes.click_p95_s": clicks,
    "hosts.processes.memory_mb": clicks,
    "hosts.processes.worker_memory_mb": clicks,
    "hosts.thread.click_s": clicks,
    "hosts.thread.click_p95_s": clicks,
    "hosts.thread.memory_mb": clicks,
    "hosts.processes.start_s": start,
    "hosts.thread.start_s": start,
}

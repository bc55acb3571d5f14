"""What is lost when the app is killed, and what saving costs while it works and while it fails."""

from __future__ import annotations

import random
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.report import Figure, Measure, Pace, median_of
from ganlab.experiment import Experiment
from ganlab.runs import Audience, Lab, Nobody, Run
from ganlab.runs.keeping.keeper import Keeper
from ganlab.runs.keeping.store import Store

KILLS = 50
SHORTEST, LONGEST = 1.0, 25.0  # seconds for which a run trains before it is killed
RESTING = 10  # paused runs beside the one that trains
DEFAULT = Experiment.of(device="cpu")

# Trains as the app does, and says every few milliseconds how far it is.
VICTIM = """
import sys, time
from pathlib import Path
from benchmarks.keeping import Present, DEFAULT
from ganlab.runs import Lab
from ganlab.runs.keeping.keeper import Keeper
from ganlab.runs.keeping.store import Store

with Lab(Present(), keeper=Keeper(Store(Path(sys.argv[1])))) as lab:
    run = lab.create(DEFAULT)
    run.play()
    while True:
        print(run.iteration, flush=True)
        time.sleep(0.02)
"""


class Present(Nobody):
    """An audience that has every run open."""

    def present(self, run_id: str) -> bool:
        return True


def kills(pace: Pace, count: int = KILLS) -> Iterator[Figure]:
    """Trains and is killed at a moment drawn by chance; how many seconds of training the stored state lacks then."""
    chance = random.Random(0)
    lost = [_killed(chance.uniform(SHORTEST, pace.of(int(LONGEST), 2))) for _ in range(pace.of(count, 2))]
    yield Figure("keeping.lost_s.median", median(lost), "s", "the moment of the kill (SIGKILL)", lost)
    yield Figure("keeping.lost_s.most", max(lost), "s", "the moment of the kill (SIGKILL)", lost)


def _killed(after: float) -> float:
    """Seconds from when the stored iteration was done to the kill."""
    with tempfile.TemporaryDirectory() as folder:
        victim = subprocess.Popen([sys.executable, "-c", VICTIM, folder], stdout=subprocess.PIPE, text=True)
        assert victim.stdout is not None
        done_at: dict[int, float] = {}
        for line in victim.stdout:
            done_at.setdefault(int(line), time.monotonic())
            begun = next((at for iteration, at in done_at.items() if iteration > 0), None)
            if begun is not None and time.monotonic() - begun >= after:
                break
        victim.kill()
        killed_at = time.monotonic()
        victim.wait()
        victim.stdout.close()
        kept = max((run.iteration for run in Store(Path(folder)).runs()), default=0)
        return killed_at - max(at for iteration, at in done_at.items() if iteration <= kept or iteration <= 1)


def cost(pace: Pace) -> Iterator[Figure]:
    """One run trains beside ten paused ones: without a store, with one, and with one whose disk takes nothing."""
    rounds: list[dict[str, Any]] = []
    for number in range(pace.of(7, 1)):
        names = ["none", "working", "failing"]
        random.Random(number).shuffle(names)
        rates = {name: _rate(name, pace.of(12, 1)) for name in names}
        rounds.append({f"{name}_vs_none": rates[name] / rates["none"] for name in ("working", "failing")} | rates)
    against = f"without a store; steps/s of the default run beside {RESTING} paused ones"
    yield Figure("keeping.working.vs_none", median_of(rounds, "working_vs_none"), "ratio", against, rounds)
    yield Figure("keeping.failing.vs_none", median_of(rounds, "failing_vs_none"), "ratio", against, rounds)


def _rate(store: str, seconds: int) -> float:
    """Steps a second."""
    with tempfile.TemporaryDirectory() as folder, _lab(store, Path(folder)) as lab:
        for _ in range(RESTING):
            _stepped(lab.create(DEFAULT))
        run = lab.create(DEFAULT)
        _stepped(run)
        if lab.keeper is not None:
            lab.keeper.wait()  # the first save of each is none of those that training makes
        run.play()
        before, started = run.iteration, time.perf_counter()
        threading.Event().wait(seconds)
        return (run.iteration - before) / (time.perf_counter() - started)


@contextmanager
def _lab(store: str, folder: Path) -> Iterator[Lab]:
    audience: Audience = Present()
    keeper = None if store == "none" else Keeper(FullStore(folder) if store == "failing" else Store(folder))
    with Lab(audience, keeper=keeper) as lab:
        yield lab


class FullStore(Store):
    """One whose disk takes nothing."""

    def save(self, *_: Any) -> Any:
        raise OSError(28, "No space left on device")


def _stepped(run: Run) -> None:
    run.step()
    run.ask(lambda trainer: trainer.iteration).result()


FIGURES: Mapping[str, Measure] = {
    "keeping.lost_s.median": kills,
    "keeping.lost_s.most": kills,
    "keeping.working.vs_none": cost,
    "keeping.failing.vs_none": cost,
}

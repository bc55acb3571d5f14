"""`python -m benchmarks.walkthroughs`: what the walk-throughs say happens, held against runs of several seeds.

Each run is trained once a seed, on one thread of a process of its own, and described by what was seen of it. A claim
is a sentence of a page, and a question to these descriptions, seed by seed. What is done is kept after every run:
it can be broken off and taken up again. Claims that take less than a few seconds are in the tests instead.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import sys
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from benchmarks.presets import SAMPLES, as_json, rounded, samples_of
from benchmarks.walkthroughs_claims import CLAIMS, Claim
from ganlab.experiment import Experiment, is_images
from ganlab.game.terms import COSINES
from ganlab.metrics.yardstick import yardstick
from ganlab.networks import parameter_count
from ganlab.presets import PRESETS
from ganlab.training.build import build_trainer
from ganlab.training.history import SCALARS_OF, History
from ganlab.views import Probes

RESULTS = Path(__file__).parent / "results" / "walkthroughs"
SEEDS, LOOKS, QUARTERS = 3, 10, 4

PROTOCOL = f"""\
# What the walk-throughs say, and what happens

Written by `python -m benchmarks.walkthroughs`: each sentence of the pages that can be measured, and is not already a
test in tests/presets/test_walkthroughs.py. Every seed that has been run is shown, 0 first. Figures at {LOOKS} looks,
evenly spaced, or at the end; Fréchet distance and the like as in [presets.md](presets.md). What turned out false of
seeds 0 and 1 was put right on the pages, words and checks alike; seed 2 was run afterwards. A distance of "inf" is that
of samples that are no numbers any more.

| page | what it says | holds in | measured |
|---|---|---|---|"""


@dataclass(frozen=True)
class Watched:
    """A run: its settings, and for how many iterations."""

    experiment: Experiment
    iterations: int


def _watched(name: str, iterations: int, **changes: Any) -> Watched:
    return Watched(PRESETS[name].experiment.changed(**changes), iterations)


RUNS: Mapping[str, Watched] = {
    "walk-1-sign-right": _watched("walk-1-sign-right", 200),
    "walk-1-wgan-gp": _watched("walk-1-wgan-gp", 200),
    "walk-1-cross-entropy": _watched("walk-1-cross-entropy", 200),
    "walk-1-cosine-features": _watched("walk-1-cosine-features", 200),
    "walk-2-as-given": _watched("walk-2-as-given", 100),
    "walk-2-sign-right": _watched("walk-2-sign-right", 600),
    "walk-2-sgd": _watched("walk-2-sgd", 600),
    "walk-2-vae": _watched("walk-2-vae", 300),
    "walk-3-right": _watched("walk-3-right", 2_000),
    "walk-3-penalty": _watched("walk-3-penalty", 2_000),
    "walk-3-ring-descent": _watched("walk-3-ring-descent", 2_000),
    "walk-3-ring-momentum": _watched("walk-3-ring-momentum", 2_000),
    "walk-4-dense": _watched("walk-4-dense", 200),
    "walk-4-dcgan": _watched("walk-4-dcgan", 200),
    "walk-5-strided": _watched("walk-5-strided", 200),
    "walk-5-strided, dense D": _watched("walk-5-strided", 200, discriminator="dense"),
    "walk-5-max": _watched("walk-5-max", 200),
    "walk-5-average": _watched("walk-5-average", 200),
    "walk-5-no-dropout": _watched("walk-5-no-dropout", 200),
    "walk-5-100": _watched("walk-5-100", 20),
}


def watch(name: str, seed: int) -> dict[str, Any]:
    """Train a run with this seed, and say what was seen of it."""
    torch.set_num_threads(1)
    run = RUNS[name]
    trainer = build_trainer(run.experiment.changed(seed=seed, device="cpu"))
    by = yardstick(trainer.dataset, SAMPLES)
    history = History(SCALARS_OF[trainer.experiment.model])
    probes = Probes(trainer, history)
    watches_cosine = trainer.experiment.model == "gan" and is_images(trainer.experiment)
    looks: list[dict[str, float]] = []
    cpu_s = 0.0
    for look in range(LOOKS + 1):
        if look:
            started = time.process_time()
            for _ in range(run.iterations // LOOKS):
                trainer.step()
            cpu_s += time.process_time() - started
            for rows in trainer.drain():
                history.append(rows)
        seen = {} if watches_cosine else by.measure(samples_of(trainer, len(by.held_out)))
        if watches_cosine:
            cosine = probes.answer(["cosine"])["cosine"]
            seen = {of: float(cosine[of][-1]) for of in COSINES}
        looks.append(seen)
    quarters = np.array_split(history.rows(), QUARTERS)
    samples = samples_of(trainer, len(by.held_out))
    return {
        "seed": seed,
        "parameters": sum(parameter_count(network) for network in trainer.networks.values()),
        "ms": rounded(1000 * cpu_s / trainer.iteration),
        "quarters": {
            scalar: [rounded(float(np.nanmean(quarter[:, i]))) for quarter in quarters]
            for i, scalar in enumerate(history.scalars)
        },
        "looks": {key: [rounded(look.get(key)) for look in looks] for key in looks[0]},  # None once all is NaN
        "end": {key: rounded(value) for key, value in by.measure(samples).items()},
        "grain": rounded(grain(samples) / grain(by.held_out)) if is_images(trainer.experiment) else None,
        "grey": [rounded(grey(x)) for x in (samples, by.held_out)] if is_images(trainer.experiment) else None,
    }


def grain(images: Tensor) -> float:
    """How far a pixel differs from the mean of its four neighbours, on average."""
    around = images[..., :-2, 1:-1] + images[..., 2:, 1:-1] + images[..., 1:-1, :-2] + images[..., 1:-1, 2:]
    return float((images[..., 1:-1, 1:-1] - around / 4).abs().mean())


def grey(images: Tensor) -> float:
    """The share of pixels that are neither dark nor light."""
    return float((images.abs() < 0.5).float().mean())


def table(results: Mapping[str, Any]) -> str:
    """Each claim that all its runs are done for, as a line of Markdown."""
    return "\n".join([PROTOCOL, *(line for claim in CLAIMS for line in _lines(claim, results)), ""])


def _lines(claim: Claim, results: Mapping[str, Any]) -> Iterator[str]:
    by_seed = [{row["seed"]: row for row in results.get(name, {}).get("seeds", [])} for name in claim.runs]
    seeds = sorted(set.intersection(*map(set, by_seed)))
    verdicts = [claim.holds(*(rows[seed] for rows in by_seed)) for seed in seeds]
    if verdicts:
        figures = "<br>".join(figures for _, figures in verdicts)
        page = claim.runs[0].split(",")[0].split("-")[1]
        yield f"| {page} | {claim.text} | {sum(so for so, _ in verdicts)} of {len(seeds)} | {figures} |"


def main() -> int:
    """Run what has not been run yet, and write both files after each run."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.walkthroughs", description=__doc__)
    parser.add_argument("--seeds", type=int, default=SEEDS)
    parser.add_argument("--only", nargs="+", choices=RUNS, default=list(RUNS), metavar="RUN")
    options = parser.parse_args()
    path = RESULTS.with_suffix(".json")
    results: dict[str, Any] = json.loads(path.read_text()) if path.exists() else {}
    for name in options.only:
        wanted = {"settings": RUNS[name].experiment.differences(), "iterations": RUNS[name].iterations}
        if any(results.get(name, {}).get(key) != value for key, value in wanted.items()):
            results[name] = wanted | {"seeds": []}
    missing = [
        (name, seed)
        for seed in range(options.seeds)
        for name in options.only
        if all(row["seed"] != seed for row in results[name]["seeds"])
    ]
    with ProcessPoolExecutor(os.cpu_count(), multiprocessing.get_context("spawn")) as pool:
        jobs = {pool.submit(watch, name, seed): name for name, seed in missing}
        for job in as_completed(jobs):
            rows = results[jobs[job]]["seeds"]
            rows[:] = sorted([*rows, job.result()], key=lambda row: row["seed"])
            print(jobs[job], f"seed {job.result()['seed']}", file=sys.stderr, flush=True)
            write(results)
    write(results)
    return 0


def write(results: Mapping[str, Any]) -> None:
    """The results as JSON and as a table in Markdown."""
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.with_suffix(".json").write_text(as_json(results) + "\n")
    RESULTS.with_suffix(".md").write_text(table(results))


if __name__ == "__main__":
    sys.exit(main())

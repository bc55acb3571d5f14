"""`python -m benchmarks.presets`: what every preset comes to, seed by seed, in so many CPU seconds of training.

CPU seconds of one thread, so that a busy machine changes little but the time one waits. All presets with their first
seed, then all with the next. What is done is kept after every seed: the run can be broken off and taken up again.
A preset that fails gets a line that says so, and the others go on. `presets_table` writes the table.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from benchmarks.presets_table import data_name, table
from ganlab.data import load
from ganlab.experiment import Experiment
from ganlab.latent import draw_latents
from ganlab.metrics import mode_coverage
from ganlab.metrics.yardstick import Yardstick, yardstick
from ganlab.presets import PRESETS
from ganlab.presets.dirac import STEPS as STEPS_OF_THE_GAME
from ganlab.training.build import build_trainer
from ganlab.training.dirac import DiracTrainer
from ganlab.training.trainer import Trainer

RESULTS = Path(__file__).parent / "results" / "presets"
SAMPLES = 2500  # as in VEEGAN's and PacGAN's protocols; fewer where there are not that many real ones to compare with
SAMPLING_SEED = 20_171  # of the latents whose samples are measured; no run's own
SIGNIFICANT_DIGITS = 4
CHUNK = 500  # samples made together

SHOWN = ("frechet", "js", "precision", "coverage")

Scores = dict[str, float | None]


def scores(samples: Tensor, by: Yardstick) -> Scores:
    """How good samples (n, *shape) are, by what the table shows and these data allow."""
    spec = by.dataset.spec
    found: Scores = {"frechet": None}
    if samples.isfinite().all() and spec.centres is not None and spec.sigma is not None:
        coverage = mode_coverage(samples.numpy(), spec.centres, spec.sigma)
        found |= {"modes": coverage.touched, "high_quality": coverage.high_quality}
        found["reverse_kl"] = coverage.reverse_kl if coverage.touched else None
    found |= {name: value for name, value in by.measure(samples).items() if name in SHOWN}
    return {name: rounded(value) for name, value in found.items()}


def perfect(by: Yardstick) -> dict[str, Any]:
    """What real samples that are not the reference read, and what they are measured on."""
    told = {"n": len(by.held_out), "features": by.features.name, "accuracy": rounded(by.features.accuracy)}
    return told | scores(by.held_out, by)


def train_seed(e: Experiment, seed: int, cpu_seconds: float) -> dict[str, Any]:
    """Train one seed for so long, or as many iterations as the preset sets itself, and measure it."""
    trainer = build_trainer(e.changed(seed=seed, device="cpu"))
    torch.set_num_threads(1)
    seconds = train_for(trainer, cpu_seconds)
    row: dict[str, Any] = {"seed": seed, "iterations": trainer.iteration, "cpu_s": rounded(seconds)}
    if isinstance(trainer, DiracTrainer):
        return row | {"distance": rounded(math.hypot(*trainer.state))}
    by = yardstick(trainer.dataset, SAMPLES)
    return row | scores(samples_of(trainer, len(by.held_out)), by)


def train_for(trainer: Trainer, cpu_seconds: float, clock: Callable[[], float] = time.process_time) -> float:
    """Train for so many CPU seconds, or to the last iteration that the preset sets itself; how long it took."""
    e = trainer.experiment
    last = e.max_steps or (STEPS_OF_THE_GAME if e.data == "dirac" else math.inf)
    started = clock()
    while (elapsed := clock() - started) < cpu_seconds and trainer.iteration < last:
        trainer.step()
        trainer.drain()
    return elapsed


@torch.no_grad()
def samples_of(trainer: Trainer, n: int) -> Tensor:
    """Samples of the generator that the page shows, in eval mode; asked for all classes and codes alike."""
    latents = draw_latents(n, trainer.experiment, torch.Generator().manual_seed(SAMPLING_SEED))
    generator = trainer.shown.eval()
    return torch.cat([generator(some) for some in torch.split(latents, CHUNK)])


def rounded(value: float | None) -> float | None:
    """To four significant digits; None where it is not finite."""
    if value is None or not math.isfinite(value):
        return None
    return float(f"{value:.{SIGNIFICANT_DIGITS}g}")


def add_seed(results: dict[str, Any], name: str, seed: int, cpu_seconds: float) -> bool:
    """Train a preset's seed unless its result is known, and add it to the results; whether anything is new."""
    e = PRESETS[name].experiment
    wanted = {"settings": e.differences(), "cpu_seconds": cpu_seconds}
    known = results["presets"].get(name, {})
    if any(known.get(key) != value for key, value in wanted.items()):
        known = results["presets"][name] = wanted | {"seeds": []}
    if any(row["seed"] == seed and "failed" not in row for row in known["seeds"]):
        return False
    try:
        row = train_seed(e, seed, cpu_seconds)
        if e.data != "dirac" and data_name(e) not in results["data"]:
            results["data"][data_name(e)] = perfect(yardstick(load(e), SAMPLES))
    except Exception as error:  # one that fails must not keep the others from being measured
        row = {"seed": seed, "failed": f"{type(error).__name__}: {error}"}
    others = [other for other in known["seeds"] if other["seed"] != seed]
    known["seeds"] = sorted([*others, row], key=lambda row: row["seed"])
    print(name, json.dumps(row), file=sys.stderr, flush=True)
    return True


def write(results: Mapping[str, Any], stem: Path = RESULTS) -> None:
    """The results as JSON, a line a seed, and as a table in Markdown."""
    stem.parent.mkdir(exist_ok=True)
    stem.with_suffix(".json").write_text(as_json(results) + "\n")
    stem.with_suffix(".md").write_text(table(results))


def as_json(value: Any, depth: int = 0) -> str:
    """JSON whose innermost objects and lists stand on one line each."""
    nested = isinstance(value, Mapping) and any(isinstance(inner, Mapping | list) for inner in value.values())
    if nested or (isinstance(value, list) and value):
        indent = "\n" + " " * (depth + 1)
        if isinstance(value, list):
            inner = [as_json(item, depth + 1) for item in value]
            return f"[{indent}{(',' + indent).join(inner)}]"
        inner = [f"{json.dumps(key)}: {as_json(item, depth + 1)}" for key, item in value.items()]
        return f"{{{indent}{(',' + indent).join(inner)}}}"
    return json.dumps(value)


def main() -> int:
    """Measure what is not measured yet."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.presets", description=__doc__)
    parser.add_argument("--only", nargs="+", choices=PRESETS, default=list(PRESETS), metavar="NAME")
    parser.add_argument("--cpu-seconds", type=float, default=20.0, help="of training, for each seed (20)")
    parser.add_argument("--seeds", type=int, default=3, help="how many (3)")
    options = parser.parse_args()
    path = RESULTS.with_suffix(".json")
    results = json.loads(path.read_text()) if path.exists() else {"data": {}, "presets": {}}
    for seed in range(options.seeds):
        for name in options.only:
            if add_seed(results, name, seed, options.cpu_seconds):
                write(results)
    write(results)
    return 0


if __name__ == "__main__":
    sys.exit(main())

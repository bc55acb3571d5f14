"""`python -m benchmarks.verdicts`: how often the line above the picture is right about runs that it was not tuned on.

Random short runs on points and lines (data, loss, rates, widths, regularisers and seed are drawn) are looked at three
times each. An independent judge measures the samples by a quantity that no rule reads: the sliced Wasserstein distance
to the data, in standard deviations of the data. A green verdict over samples that are far from the data is wrong.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import torch

from ganlab.data import Sampler
from ganlab.experiment import Experiment
from ganlab.experiment.choices import POINTS_1D, POINTS_2D
from ganlab.latent import draw_latents
from ganlab.metrics.distances import sliced_wasserstein
from ganlab.training.build import build_trainer
from ganlab.training.history import History
from ganlab.training.trainer import Trainer
from ganlab.views import Probes

RESULTS = Path(__file__).with_name("results")
LOOKS = (200, 600, 1500)  # iterations
LOSSES = ("non_saturating", "minimax", "least_squares", "hinge", "wasserstein", "relativistic")
SAMPLES = 2500
WRONG = {"Balanced": 0.2, "any green verdict": 0.5}  # standard deviations, beyond which the verdict is wrong
BINS = (0.1, 0.2, 0.5, 1.0)  # of the table


def drawn(rng: np.random.Generator) -> Experiment:
    """A random experiment with points."""
    return Experiment.of(
        data=str(rng.choice(POINTS_1D + POINTS_2D)),
        loss=str(rng.choice(LOSSES)),
        seed=int(rng.integers(1_000_000)),
        batch_size=int(rng.choice([32, 64, 128])),
        latent_dim=int(rng.choice([1, 2, 8])),
        lr_g=float(10 ** rng.uniform(-4, -2)),
        lr_d=float(10 ** rng.uniform(-4, -2)),
        beta1_g=float(rng.choice([0.0, 0.5, 0.9])),
        beta1_d=float(rng.choice([0.0, 0.5, 0.9])),
        g_width=int(rng.choice([16, 64, 128])),
        d_width=int(rng.choice([16, 64, 128])),
        r1_weight=float(rng.choice([0.0, 0.0, 0.1, 1.0])),
        ema_decay=float(rng.choice([0.0, 0.0, 0.99])),
        device="cpu",
    )


@torch.no_grad()
def distance(trainer: Trainer) -> float:
    """Sliced Wasserstein distance of the samples to the data, in the data's standard deviations; inf if not finite."""
    rng = torch.Generator().manual_seed(trainer.experiment.seed + 1)
    real = Sampler(trainer.dataset, trainer.experiment.seed + 1).next(SAMPLES).numpy()
    trainer.shown.eval()
    fake = trainer.shown(draw_latents(SAMPLES, trainer.experiment, rng)).numpy()
    trainer.shown.train()
    if not np.isfinite(fake).all():
        return float("inf")
    return sliced_wasserstein(real, fake) / float(real.std(axis=0).mean())


def looked_at(e: Experiment) -> list[dict[str, Any]]:
    """The verdict and the distance at each look; a run whose numbers stop being finite is looked at no more."""
    trainer, history = build_trainer(e), History()
    probes = Probes(trainer, history)
    found = []
    for look in LOOKS:
        while trainer.iteration < look:
            trainer.step()
        for rows in trainer.drain():
            history.append(rows)
        said = probes.answer(["modes", "commentary"])["commentary"]
        found.append(
            {
                "iteration": look,
                "verdict": str(said["headline"]),
                "severity": said["severity"],
                "distance": round(distance(trainer), 3),
            }
        )
        if not np.isfinite(found[-1]["distance"]):
            break
    return found


def table(runs: list[dict[str, Any]], seed: int) -> str:
    """The verdicts against the distances, and how often a green one was wrong."""
    looks = [look for run in runs for look in run["looks"]]
    edges = (0.0, *BINS, float("inf"))
    heads = [f"{low:g} to {high:g}" for low, high in pairwise(edges)]
    column_of = lambda look: int(np.searchsorted(BINS, look["distance"], side="right"))
    counts = Counter((look["severity"], look["verdict"], column_of(look)) for look in looks)
    lines = [
        "# Verdicts against an independent judge",
        "",
        f"{len(runs)} random runs (seed {seed}) on points and lines were looked at {len(looks)} times, at iterations",
        f"{', '.join(map(str, LOOKS))}. Columns: sliced Wasserstein distance of {SAMPLES:,} samples to the data, in",
        "standard deviations of the data; other samples of the data themselves are at 0.03 to 0.1.",
        "`python -m benchmarks.verdicts` makes the table.",
        "",
        "| colour | verdict | " + " | ".join(heads) + " |",
        "|---|---|" + "---|" * len(heads),
    ]
    for severity, verdict in sorted({key[:2] for key in counts}):
        row = [str(counts[severity, verdict, column] or "") for column in range(len(heads))]
        lines.append(f"| {severity} | {verdict} | " + " | ".join(row) + " |")
    green = [look for look in looks if look["severity"] == "good"]
    for what, among in (("Balanced", [g for g in green if g["verdict"] == "Balanced"]), ("any green verdict", green)):
        wrong = [look for look in among if look["distance"] > WRONG[what]]
        lines += ["", f"{what}: {len(wrong)} of {len(among)} over samples further than {WRONG[what]} from the data."]
    return "\n".join(lines) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=80)
    parser.add_argument("--seed", type=int, default=2026, help="of the draw of the runs")
    options = parser.parse_args()
    torch.set_num_threads(1)
    rng, runs = np.random.default_rng(options.seed), []
    for number in range(options.runs):
        e = drawn(rng)
        runs.append({"experiment": e.differences(), "looks": looked_at(e)})
        print(f"{number + 1} of {options.runs}: {e.data}, {e.loss}", flush=True)
    RESULTS.joinpath("verdicts.json").write_text(json.dumps({"seed": options.seed, "runs": runs}, indent=1) + "\n")
    RESULTS.joinpath("verdicts.md").write_text(table(runs, options.seed))
    print(table(runs, options.seed))


if __name__ == "__main__":
    main()

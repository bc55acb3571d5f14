"""`python -m benchmarks.mode_collapse`: the mode-collapse experiments of VEEGAN and PacGAN, with our methods.

Ring of 8 and grid of 25 Gaussians: 2,500 samples; good ones lie within 3 standard deviations of the nearest centre;
a mode counts if it is the nearest of one good sample, as in the papers (Srivastava et al. 2017; Lin et al.
2018). Stacked digits: 26,000 samples, each digit named by a classifier. All seeds of a method are trained together.
What is done is kept, so that the run can be broken off and taken up again, a method at a time.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from ganlab.data import load
from ganlab.experiment import Experiment
from ganlab.latent import draw_latents
from ganlab.metrics.modes import kl_to_uniform, mode_coverage
from ganlab.metrics.stacked import SAMPLES as STACKED_SAMPLES
from ganlab.metrics.stacked import digit_classifier, mode_counts, named_modes
from ganlab.training.batched import together

RESULTS = Path(__file__).parent / "results"
DATA = {"ring": "Ring of 8", "grid": "Grid of 25", "stacked_digits": "Stacked digits (1000 modes)"}
SAMPLES = 2500
SAMPLING_SEED = 20_171  # of the latents whose samples are counted; no run's own
STEPS, STACKED_STEPS, PAPERS_STEPS = 4_000, 2_000, 400_000
LONGER = {"settled-longer": 5, "settled-longest": 15}  # times the iterations, in the rows that say so
SEEDS, STACKED_SEEDS = 10, 3
ENOUGH = 0.95  # share of good samples

# What all methods share; 60 divides into packs of 2, 3 and 4.
COMMON: Mapping[str, Any] = {
    "batch_size": 60, "latent_dim": 2, "g_width": 128, "d_width": 128, "lr_g": 1e-3, "lr_d": 1e-3, "device": "cpu",
}  # fmt: skip
# PacGAN's synthetic data experiments; its D has maxout layers, for which LeakyReLU stands here.
PAPERS_SIZES: Mapping[str, Any] = {
    "g_depth": 4, "g_width": 400, "g_norm": "batch", "d_depth": 3, "d_width": 200, "lr_g": 1e-4, "lr_d": 1e-4,
    "beta1_g": 0.8, "beta1_d": 0.8,
}  # fmt: skip
STACKED: Mapping[str, Any] = {"latent_dim": 64, "g_width": 256, "d_width": 256}
R1_R2: Mapping[str, Any] = {"loss": "relativistic", "r1_weight": 0.05, "r2_weight": 0.05}
# Between modes far apart G must be steep, on them flat: tanh is both.
TANH: Mapping[str, Any] = {"g_activation": "tanh", "g_depth": 3, "d_depth": 3, "g_width": 64, "d_width": 64}

METHODS: Mapping[str, tuple[str, Mapping[str, Any]]] = {
    "ns": ("NS-GAN", {"loss": "non_saturating"}),
    "minimax": ("Minimax GAN", {"loss": "minimax"}),
    "wgan": (
        "WGAN",
        {
            "loss": "wasserstein", "weight_clip": 0.01, "n_critic": 5, "optimizer_g": "rmsprop",
            "optimizer_d": "rmsprop", "lr_g": 5e-5, "lr_d": 5e-5, "beta2_g": 0.99, "beta2_d": 0.99,
        },
    ),
    "wgan-gp": (
        "WGAN-GP",
        {
            "loss": "wasserstein", "gp_weight": 0.1, "n_critic": 5, "lr_g": 1e-4, "lr_d": 1e-4, "beta2_g": 0.9,
            "beta2_d": 0.9,
        },
    ),
    "r1": ("NS-GAN + R1", {"loss": "non_saturating", "r1_weight": 0.1}),
    "r1-r2": ("RpGAN + R1 + R2", R1_R2),
    "pac2": ("PacGAN2", {"packing": 2}),
    "pac3": ("PacGAN3", {"packing": 3}),
    "pac4": ("PacGAN4", {"packing": 4}),
    "unrolled": ("Unrolled GAN, 5 steps", {"unroll_steps": 5}),
    "stddev": ("Minibatch stddev", {"d_minibatch": "stddev"}),
    "settled": ("RpGAN + R1 + R2, settled", R1_R2),
    "settled-tanh": ("RpGAN + R1 + R2, settled, tanh in G, both 3x64", R1_R2 | TANH),
    "settled-longer": ("RpGAN + R1 + R2, settled, 5 times the iterations", R1_R2),
    "settled-longest": ("RpGAN + R1 + R2, settled, 15 times the iterations", R1_R2),
}  # fmt: skip


def settled(steps: int) -> dict[str, Any]:
    """Our recipe for samples that come to rest: no momentum, large rates that fall to 0, an average of the weights."""
    return {
        "lr_g": 3e-3, "lr_d": 3e-3, "beta1_g": 0.0, "beta1_d": 0.0, "beta2_g": 0.9, "beta2_d": 0.9,
        "schedule_g": "cosine", "schedule_d": "cosine", "schedule_steps_g": steps, "schedule_steps_d": steps,
        "ema_decay": 0.99,
    }  # fmt: skip


def usual_steps(data: str) -> int:
    """The iterations of a method that says nothing else, with networks that train here in minutes."""
    return STACKED_STEPS if data == "stacked_digits" else STEPS


def iterations(method: str, steps: int) -> int:
    """How many a method is given where all others have `steps`."""
    return LONGER.get(method, 1) * steps


def experiment(data: str, method: str, steps: int, *, papers_sizes: bool) -> Experiment:
    """One method on one kind of data, with seed 0."""
    sizes = PAPERS_SIZES if papers_sizes else STACKED if data == "stacked_digits" else {}
    recipe = settled(iterations(method, steps)) if method.startswith("settled") else {}
    return Experiment.of(data=data, **COMMON | sizes | recipe | METHODS[method][1])


def measure(base: Experiment, steps: int, seeds: int) -> list[dict[str, Any]]:
    """Train all seeds for so many steps, then count modes and good samples."""
    members = [base.changed(seed=seed) for seed in range(seeds)]
    count = coverage_of(base)
    n = STACKED_SAMPLES if base.data == "stacked_digits" else SAMPLES
    latents = draw_latents(n, base, torch.Generator().manual_seed(SAMPLING_SEED))
    found: list[dict[str, Any]] = [{} for _ in members]
    for family, trained in together(members):
        torch.set_num_threads(trained.threads)
        for _ in range(steps):
            trained.step()
        for number, whole in zip(family, trained.finite(), strict=True):
            found[number] = {"seed": number, "finite": whole}
        for number, samples in zip(family, trained.samples(latents), strict=True):
            found[number] |= count(samples)
    return found


def coverage_of(base: Experiment) -> Callable[[Tensor], dict[str, Any]]:
    """What counts the modes that samples (n, *shape) of this experiment cover."""
    if base.data == "stacked_digits":
        classifier = digit_classifier(base.data)

        def stacked(samples: Tensor) -> dict[str, Any]:
            counts = mode_counts(named_modes(samples, classifier))
            found = int(np.count_nonzero(counts))
            return {"modes": found, "high_quality": None, "reverse_kl": round(kl_to_uniform(counts), 4)}

        return stacked
    spec = load(base).spec
    assert spec.centres is not None
    assert spec.sigma is not None
    centres, sigma = spec.centres, spec.sigma

    def points(samples: Tensor) -> dict[str, Any]:
        seen = mode_coverage(samples.numpy(), centres, sigma)
        kl = round(seen.reverse_kl, 4) if seen.touched else None
        return {"modes": seen.touched, "high_quality": round(seen.high_quality, 4), "reverse_kl": kl}

    return points


def table(results: Mapping[str, Any]) -> str:
    """The results as Markdown: mean and standard error over the seeds."""
    lines = ["# Mode collapse, measured here", ""]
    for data, title in DATA.items():
        rows = {name.partition("/")[2]: row for name, row in results.items() if name.startswith(f"{data}/")}
        if not rows:
            continue
        steps = min(row["steps"] for row in rows.values())
        lines += [f"## {title}", "", protocol(data, steps, next(iter(rows.values()))), "", *header(data)]
        lines += [line(data, METHODS[name][0], rows[name]["seeds"]) for name in METHODS if name in rows]
        lines.append("")
    return "\n".join(lines)


def protocol(data: str, steps: int, row: Mapping[str, Any]) -> str:
    """How the rows came about, in a sentence."""
    e = Experiment.of(**row["settings"])
    counted = (
        f"{STACKED_SAMPLES:,} samples, digits named by a classifier; recipes with more iterations left out"
        if data == "stacked_digits"
        else f"{SAMPLES:,} samples, good ones within 3 standard deviations of the nearest centre"
    )
    return (
        f"{steps:,} iterations unless a row says otherwise, {len(row['seeds'])} seeds, batch {e.batch_size}, "
        f"G {e.g_depth}x{e.g_width}, D {e.d_depth}x{e.d_width}, "
        f"latent N(0, I) in {e.latent_dim} dimensions; {counted}; "
        "mean ± standard error."
    )


def header(data: str) -> list[str]:
    """The table's first two lines."""
    modes = {"ring": 8, "grid": 25, "stacked_digits": 1000}[data]
    if data == "stacked_digits":
        return [f"| method | modes / {modes} | reverse KL |", "|---|---|---|"]
    enough = f"seeds with all modes and {ENOUGH:.0%}"
    return [f"| method | modes / {modes} | good samples % | reverse KL | {enough} |", "|---|---|---|---|---|"]


def line(data: str, label: str, seeds: list[dict[str, Any]]) -> str:
    """One method's row."""
    modes, kl = spread([s["modes"] for s in seeds], 1), spread([s["reverse_kl"] for s in seeds], 3)
    if data == "stacked_digits":
        return f"| {label} | {modes} | {kl} |"
    quality = spread([100 * s["high_quality"] for s in seeds], 1)
    full = {"ring": 8, "grid": 25}[data]
    good = sum(s["modes"] == full and s["high_quality"] >= ENOUGH for s in seeds)
    return f"| {label} | {modes} | {quality} | {kl} | {good} of {len(seeds)} |"


def spread(values: Iterable[float | None], digits: int) -> str:
    """Mean and standard error of those that could be measured."""
    known = [value for value in values if value is not None]
    if not known:
        return "none"
    error = statistics.stdev(known) / len(known) ** 0.5 if len(known) > 1 else 0.0
    return f"{statistics.fmean(known):.{digits}f} ± {error:.{digits}f}"


def main() -> int:
    """Measure what is not measured yet, and write both files after each method."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.mode_collapse", description=__doc__)
    parser.add_argument("--data", nargs="+", choices=DATA, default=["ring", "grid"])
    parser.add_argument("--methods", nargs="+", choices=METHODS, default=list(METHODS))
    parser.add_argument("--papers-sizes", action="store_true", help="the papers' own networks and iterations: days")
    parser.add_argument(
        "--steps",
        type=int,
        help=f"iterations: {STEPS:,}, {STACKED_STEPS:,} of stacked digits, or {PAPERS_STEPS:,} in the papers' sizes",
    )
    parser.add_argument("--seeds", type=int, help=f"{SEEDS}, or {STACKED_SEEDS} of stacked digits")
    options = parser.parse_args()
    stem = RESULTS / ("mode_collapse_papers_sizes" if options.papers_sizes else "mode_collapse")
    results = json.loads(stem.with_suffix(".json").read_text()) if stem.with_suffix(".json").exists() else {}
    for method in options.methods:
        for data in options.data:
            if data == "stacked_digits" and method in LONGER:
                continue
            steps = options.steps or (PAPERS_STEPS if options.papers_sizes else usual_steps(data))
            base = experiment(data, method, steps, papers_sizes=options.papers_sizes)
            seeds = options.seeds or (STACKED_SEEDS if data == "stacked_digits" else SEEDS)
            count = iterations(method, steps)
            wanted = {"settings": base.differences(), "steps": count}
            known = results.get(f"{data}/{method}", {})
            if all(known.get(key) == value for key, value in wanted.items()) and len(known["seeds"]) >= seeds:
                continue
            started = time.process_time()
            found = measure(base, count, seeds)
            results[f"{data}/{method}"] = wanted | {"seeds": found}
            stem.parent.mkdir(exist_ok=True)
            stem.with_suffix(".json").write_text(as_json(results))
            stem.with_suffix(".md").write_text(table(results))
            print(f"{data}/{method}: {time.process_time() - started:.0f} s of one core", file=sys.stderr, flush=True)
            print(line(data, METHODS[method][0], found), flush=True)
    return 0


def as_json(results: Mapping[str, Any]) -> str:
    """A row a method, a line a seed."""
    return json.dumps(results, indent=1) + "\n"


if __name__ == "__main__":
    sys.exit(main())

"""`python -m benchmarks.mnist_preset`: the sweep that the preset for the shipped MNIST digits was chosen by.

The aim: after 60 s of training on one thread, all ten digits, and at least 60 % of the samples readable. A sample is
readable as on the pages (`ganlab.metrics.legibility`). A digit is there if at least 1 % of the samples can be
read as it. Seconds are those of the thread's own CPU time, looks not included, so that other work on the machine
changes them little; it can only make them do less. What is done is kept, and the sweep goes on from there.

Each round trains every candidate on one seed, so that differences of fewer than 5 points may be chance: between equals
the plainest was kept. The seeds that are reported are used for nothing else.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Mapping
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import torch

from benchmarks.preset import shown_samples
from ganlab.data import Collection, load
from ganlab.experiment import Experiment
from ganlab.metrics.background import classifier_for
from ganlab.presets import PRESETS
from ganlab.training.trainer import Trainer

RESULTS = Path(__file__).with_name("results")
LOOK_EVERY = 5.0  # seconds
SAMPLES = 1000
PRESENT = 0.01  # share of the samples from which on a digit is there
READABLE = 0.6  # share of the samples that is aimed at
SECONDS = 60.0
REPORTED = range(5)  # seeds

# The first round tries one change at a time; the next ones begin with what was best in the one before.
BASE: dict[str, Any] = {
    "data": "mnist_10k", "generator": "dcgan", "discriminator": "dcgan", "g_channels": 16, "d_channels": 16,
    "g_norm": "batch", "init": "dcgan", "latent_dim": 64, "batch_size": 32, "lr_g": 1e-3, "lr_d": 1e-3,
    "ema_decay": 0.99, "device": "cpu", "threads": 1,
}  # fmt: skip
SMALL: dict[str, Any] = {"d_norm": "batch", "g_channels": 8, "latent_dim": 16}
TINY_BATCH: dict[str, Any] = SMALL | {"batch_size": 16, "ema_decay": 0.995}
DENSE: dict[str, Any] = {
    "generator": "mlp", "discriminator": "mlp", "init": "default", "g_width": 256, "d_width": 256, "latent_dim": 16,
    "batch_size": 64, "ema_decay": 0.995,
}  # fmt: skip
ROUNDS: tuple[tuple[int, float, tuple[dict[str, Any], ...]], ...] = (
    (
        100,
        20.0,
        (
            {},
            {"batch_size": 64, "ema_decay": 0.0},
            {"batch_size": 16, "ema_decay": 0.995},
            {"d_norm": "batch"},
            SMALL,
        ),
    ),
    (
        101,
        20.0,
        (
            SMALL,
            SMALL | {"d_channels": 12},
            SMALL | {"lr_g": 2e-3, "lr_d": 2e-3},
            TINY_BATCH,
            SMALL | {"ema_decay": 0.995},
            SMALL | {"loss": "least_squares"},
            SMALL | {"loss": "hinge", "spectral_norm": True, "d_norm": "none"},
            SMALL | {"r1_weight": 0.5},
            DENSE,
        ),
    ),
    (
        102,
        30.0,
        (
            DENSE,
            DENSE | {"batch_size": 32},
            DENSE | {"g_width": 128, "d_width": 128},
            DENSE | {"loss": "least_squares"},
        ),
    ),
)  # fmt: skip


def trained(e: Experiment, seed: int, seconds: float) -> dict[str, Any]:
    """One seed: at each look the seconds, the iterations, the share of readable samples, and the digits there."""
    trainer = Trainer(e.changed(seed=seed))
    dataset = load(e)
    assert isinstance(dataset, Collection)
    classifier = classifier_for(dataset)
    looks: list[tuple[float, int, float, int]] = []
    spent = 0.0
    while spent < seconds:
        started = time.thread_time()
        while (elapsed := time.thread_time() - started) < min(LOOK_EVERY, seconds - spent):
            trainer.step()
        spent += elapsed
        trainer.drain()
        read = classifier.read(torch.from_numpy(shown_samples(trainer, SAMPLES))).numpy()
        shares = np.bincount(read[read >= 0], minlength=10) / SAMPLES
        looks.append(
            (round(spent, 1), trainer.iteration, round(float(shares.sum()), 3), int((shares >= PRESENT).sum()))
        )
    return {"seed": seed, "looks": looks, "shares": shares.tolist()}


def read_of_others() -> dict[str, float]:
    """What share of other pictures the same measure reads: of real digits, of two classes' mean, and of noise."""
    dataset = load(Experiment.of(data="mnist_10k"))
    assert isinstance(dataset, Collection)
    assert dataset.classes is not None
    rng = torch.Generator().manual_seed(0)
    one, other = torch.randperm(len(dataset.values), generator=rng)[: 2 * SAMPLES].chunk(2)
    real, differ = dataset.take(one), dataset.classes[one] != dataset.classes[other]
    pictures = {
        "real digits": real,
        "means of two digits of different classes": ((real + dataset.take(other)) / 2)[differ],
        "noise": torch.rand(real.shape, generator=rng) * 2 - 1,
    }
    classifier = classifier_for(dataset)
    return {name: float((classifier.read(some) >= 0).double().mean()) for name, some in pictures.items()}


def reached(run: Mapping[str, Any]) -> bool:
    """Whether the last look is what was aimed at."""
    _, _, readable, digits = run["looks"][-1]
    return bool(digits == 10 and readable >= READABLE)


def _rank(row: Mapping[str, Any]) -> float:
    _, _, readable, digits = row["run"]["looks"][-1]
    return float(readable * digits / 10)


def _line(changes: Mapping[str, Any], run: Mapping[str, Any]) -> str:
    seconds, iterations, readable, digits = run["looks"][-1]
    named = ", ".join(f"{name} {value}" for name, value in changes.items()) or "the base"
    return f"| {100 * readable:.0f} | {digits} | {iterations:,} | {iterations / seconds:.0f} | {named} |"


def table(done: Mapping[str, Any]) -> str:
    """All that is done, as Markdown."""
    base = ", ".join(f"{name} {value}" for name, value in BASE.items())
    lines = ["# A preset for the shipped MNIST digits", "", (__doc__ or "").partition("\n\n")[2], f"The base: {base}."]
    if others := done.get("others"):
        shares = ", ".join(f"{100 * share:.0f} % of {name}" for name, share in others.items())
        lines += ["", f"The measure is lenient with mixtures: it reads {shares}."]
    heads = ["| readable % | digits | iterations | iterations/CPU s | settings |", "|---|---|---|---|---|"]
    for number, rows in enumerate(done["rounds"]):
        seed, seconds, _ = ROUNDS[number]
        lines += ["", f"## Round {number + 1}: {seconds:.0f} s, seed {seed}", "", *heads]
        lines += [_line(row["changes"], row["run"]) for row in sorted(rows, key=_rank, reverse=True)]
    for chosen in done["reported"]:
        title = PRESETS[chosen["preset"]].title
        lines += ["", f"## Reported: {title}, {SECONDS:.0f} s, seeds {REPORTED[0]} to {REPORTED[-1]}", "", *heads]
        lines += [_line({"seed": run["seed"]}, run) for run in chosen["runs"]]
        count = sum(map(reached, chosen["runs"]))
        middle = median(run["looks"][-1][2] for run in chosen["runs"])
        lines += ["", f"Aim reached in {count} of {len(chosen['runs'])} seeds; median {100 * middle:.0f} % readable."]
    return "\n".join([*lines, ""])


def _kept(done: Mapping[str, Any]) -> None:
    (RESULTS / "mnist_preset.json").write_text(json.dumps(done) + "\n")
    (RESULTS / "mnist_preset.md").write_text(table(done))


def _rounds(done: dict[str, Any]) -> None:
    """Train what the rounds lack."""
    for number, (seed, seconds, candidates) in enumerate(ROUNDS):
        if len(done["rounds"]) == number:
            done["rounds"].append([])
        rows = done["rounds"][number]
        for changes in candidates[len(rows) :]:
            rows.append({"changes": changes, "run": trained(Experiment.of(**{**BASE, **changes}), seed, seconds)})
            print(number + 1, _line(changes, rows[-1]["run"]), flush=True)
            _kept(done)


def _report(done: dict[str, Any], preset: str) -> None:
    """Train a preset on the seeds that are reported; anew, if it has changed since."""
    e = PRESETS[preset].experiment
    row = next((row for row in done["reported"] if row["preset"] == preset), None)
    if row is None or row["changes"] != e.differences():
        row = {"preset": preset, "changes": e.differences(), "runs": []}
        done["reported"] = [other for other in done["reported"] if other["preset"] != preset] + [row]
    for seed in REPORTED[len(row["runs"]) :]:
        row["runs"].append(trained(e.changed(device="cpu", threads=1), seed, SECONDS))
        print(_line({"seed": seed}, row["runs"][-1]), flush=True)
        _kept(done)


def main() -> None:
    """Go on with the sweep, and write both files after each of its trainings."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--report", help="a preset to train on the seeds that are reported")
    options = parser.parse_args()
    torch.set_num_threads(1)
    path = RESULTS / "mnist_preset.json"
    done: dict[str, Any] = json.loads(path.read_text()) if path.exists() else {"rounds": [], "reported": []}
    done.setdefault("others", read_of_others())
    if options.report:
        _report(done, options.report)
    else:
        _rounds(done)


if __name__ == "__main__":
    main()

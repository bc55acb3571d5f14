"""`python -m benchmarks.verdicts`: how often the line above the picture is right about runs that it was not tuned on.

Random short runs on points and lines (data, loss, rates, widths, regularisers and seed are drawn) are looked at three
times each. What a careful person would say is built from quantities that no rule reads: how far samples are from the
data (sliced Wasserstein), how far from each other, over how many modes they spread, and whether D scores held-out real
samples above generated ones. 300 runs take a quarter of an hour on one idle core; what is done is kept after every
run, so that it can be broken off and taken up again.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import torch

from benchmarks.claims.observed import seen_by_an_onlooker
from benchmarks.presets import SAMPLES
from ganlab.experiment import Experiment
from ganlab.experiment.choices import POINTS_1D, POINTS_2D
from ganlab.metrics.yardstick import yardstick
from ganlab.training.build import build_trainer
from ganlab.training.history import History
from ganlab.views import Probes

RESULTS = Path(__file__).parent / "results" / "verdicts"
RUNS, SEED = 300, 2029  # of the draw: other runs than those that the rules were tuned on
LOOKS = (200, 600, 1500)  # iterations
LOSSES = ("non_saturating", "minimax", "least_squares", "hinge", "wasserstein", "relativistic")
WRONG = {"Balanced": 0.2, "any green verdict": 0.5}  # standard deviations, beyond which the verdict is wrong
BINS = (0.1, 0.2, 0.5, 1.0)  # of the table
ALIKE, FEW, GONE = 0.4, 0.67, 2.0  # of the data's own spread; of the modes; standard deviations from the data
TELLS, FOOLED = 0.95, 0.5  # how often D scores a real sample above a generated one

LABELS = ("gone", "alike or on few modes", "far", "roughly there", "like the data")
SCORES = ("D tells them apart", "between", "D is fooled")

# By the verdict: what a careful person may call the samples, and what D, where the verdict speaks of it.
ADMITTED: Mapping[str, tuple[Sequence[str], Sequence[str]]] = {
    "diverging": (("gone", "alike or on few modes", "far"), SCORES),
    "collapsing": (("gone", "alike or on few modes"), SCORES),
    "alike": (("gone", "alike or on few modes"), SCORES),
    "d_winning": (LABELS, SCORES[:1]),
    "g_winning": (LABELS, SCORES[2:]),
    "not_there_yet": (LABELS[:4], SCORES),
    "circling": (LABELS[:4], SCORES),
    "off_the_modes": (LABELS[:4], SCORES[1:]),
    "not_sharp": (LABELS[:4], SCORES[1:]),
    "undecided": (LABELS[:4], SCORES[1:]),
    "balanced": (("roughly there", "like the data"), SCORES[1:]),
    "learning": (LABELS[1:], SCORES),
}


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


def looked_at(e: Experiment) -> list[dict[str, Any]]:
    """The verdict and what an onlooker sees at each look; none once the run's numbers are no longer finite."""
    trainer, history = build_trainer(e), History()
    probes, by = Probes(trainer, history), yardstick(trainer.dataset, SAMPLES)
    found: list[dict[str, Any]] = []
    for look in LOOKS:
        while trainer.iteration < look:
            trainer.step()
        for rows in trainer.drain():
            history.append(rows)
        found.append({"iteration": look, **seen_by_an_onlooker(trainer, probes, by)})
        trainer.shown.train()
        if found[-1]["distance"] is None:
            break
    return found


def careful(look: Mapping[str, Any]) -> tuple[str, str]:
    """What a careful person would call the samples of a look, and D."""
    distance, told = look["distance"], look["told"]
    score = "between" if told is None or FOOLED <= told <= TELLS else SCORES[0] if told > TELLS else SCORES[2]
    if distance is None or distance > GONE:
        return "gone", score
    if look["pairwise"] < ALIKE or (look["occupied"] or 1) < FEW:
        return "alike or on few modes", score
    if distance > WRONG["any green verdict"]:
        return "far", score
    return ("roughly there" if distance > BINS[0] else "like the data"), score


def is_right(look: Mapping[str, Any]) -> bool:
    """Whether a careful person would let the verdict pass. A verdict that is not known here is wrong."""
    samples, scores = ADMITTED.get(look["verdict"], ((), ()))
    label, score = careful(look)
    return label in samples and score in scores and not (look["severity"] == "good" and label not in LABELS[3:])


def table(runs: Sequence[Mapping[str, Any]], seed: int) -> str:
    """The verdicts against what a careful person would say, and how often a green one was wrong."""
    looks = [look for run in runs for look in run["looks"]]
    right = sum(map(is_right, looks))
    lines = [
        "# Verdicts against an independent judge",
        "",
        f"{len(runs)} random runs (seed {seed}) on points and lines were looked at {len(looks)} times, at iterations",
        f"{', '.join(map(str, LOOKS))}. `python -m benchmarks.verdicts` makes the table. What a careful person would",
        "say is built from quantities that no rule reads; distances are sliced Wasserstein distances of the samples to",
        "the data, in standard deviations of the data.",
        "",
        "- gone: no numbers, or further than 2 from the data",
        "- alike or on few modes: less than 0.4 as far from each other as the data, or spread over less than 2/3",
        "  of the modes (the exponential of the entropy of the nearest one)",
        "- far: further than 0.5; roughly there: 0.1 to 0.5; like the data: below 0.1, where other data are at 0.03 to",
        "  0.1 themselves",
        "- D tells them apart: it scores a held-out real sample above a generated one in more than 95 of 100 pairs",
        "- D is fooled: in fewer than 50",
        "",
        f"A careful person would let {right} of {len(looks)} verdicts pass.",
        "",
        *_matrix("what the samples are", LABELS, looks, lambda look: careful(look)[0]),
        *_matrix("what D makes of them", SCORES, looks, lambda look: careful(look)[1]),
        *_matrix("distance", _heads(), looks, _bin),
    ]
    green = [look for look in looks if look["severity"] == "good"]
    for what, among in (("Balanced", [g for g in green if g["verdict"] == "balanced"]), ("any green verdict", green)):
        wrong = [look for look in among if look["distance"] is None or look["distance"] > WRONG[what]]
        lines += [f"{what}: {len(wrong)} of {len(among)} over samples further than {WRONG[what]} from the data.", ""]
    return "\n".join(lines[:-1]) + "\n"


def _matrix(title: str, heads: Sequence[str], looks: Sequence[Mapping[str, Any]], label: Any) -> list[str]:
    counts = Counter((look["severity"], look["verdict"], label(look)) for look in looks)
    passed = Counter((look["severity"], look["verdict"]) for look in looks if is_right(look))
    lines = [f"## {title[0].upper()}{title[1:]}", "", f"| colour | verdict | {' | '.join(heads)} | passes |"]
    lines.append("|---|---|" + "---|" * (len(heads) + 1))
    for key in sorted({key[:2] for key in counts}):
        row = [counts[(*key, head)] for head in heads]
        lines.append(f"| {' | '.join(key)} | {' | '.join(str(n or '') for n in row)} | {passed[key]} of {sum(row)} |")
    return [*lines, ""]


def _heads() -> tuple[str, ...]:
    return tuple(f"{low:g} to {high:g}" for low, high in pairwise((0.0, *BINS, float("inf"))))


def _bin(look: Mapping[str, Any]) -> str:
    distance = float("inf") if look["distance"] is None else look["distance"]
    return _heads()[int(np.searchsorted(BINS, distance, side="right"))]


def main() -> None:
    """Look at the runs that have not been looked at yet, and write both files after each."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=RUNS)
    parser.add_argument("--seed", type=int, default=SEED, help="of the draw of the runs; another one begins anew")
    options = parser.parse_args()
    torch.set_num_threads(1)
    path = RESULTS.with_suffix(".json")
    known = json.loads(path.read_text()) if path.exists() else {}
    runs: list[dict[str, Any]] = known["runs"] if known.get("seed") == options.seed else []
    for number in range(len(runs), options.runs):
        e = drawn(np.random.default_rng([options.seed, number]))
        runs.append({"experiment": e.differences(), "looks": looked_at(e)})
        print(f"{number + 1} of {options.runs}: {e.data}, {e.loss}", flush=True)
        path.write_text(json.dumps({"seed": options.seed, "runs": runs}, indent=1) + "\n")
        RESULTS.with_suffix(".md").write_text(table(runs, options.seed))
    print(table(runs, options.seed))


if __name__ == "__main__":
    main()

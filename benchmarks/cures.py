"""`python -m benchmarks.cures`: what each remedy does to the collapsed blobs, by the Collapse page's own experiment.

Each run is trained until it has collapsed and is held there. From that moment each remedy goes on in five pairs with
the untreated twins, and is judged at the page's planned iteration, in the page's words (`ganlab.metrics.effect`). What
is done is kept, so that it can be broken off and taken up again, a remedy at a time.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import fmean
from typing import Any

import numpy as np
import torch

from ganlab.experiment import Experiment
from ganlab.metrics.effect import Effect, TrialCounts, effect_of
from ganlab.presets.collapse import BLOBS, COLLAPSED_AFTER
from ganlab.presets.remedies import BY_NAME, REMEDIES
from ganlab.runs import Rest, Run, State
from ganlab.runs.checkpoint import Checkpoint
from ganlab.runs.trials.counting import counter_of
from ganlab.runs.trials.trial_run import PAIRS, PLANNED
from ganlab.training.batched import going_on

RESULTS = Path(__file__).parent / "results"
LATEST, SEEDS = COLLAPSED_AFTER["collapse-blobs"], 5
UNTREATED = "none"
TITLES = {remedy.name: remedy.title for remedy in REMEDIES} | {UNTREATED: "No remedy (the twins)"}
Row = dict[str, Any]


def collapsed(seed: int) -> Checkpoint:
    """The run of this seed as the page holds it: at the first look that finds it collapsed."""
    run = Run(BLOBS.changed(seed=seed, device="cpu"))
    run.play(Rest(LATEST, "", once_collapsed=True))
    while run.state is State.RUNNING:
        run.obey()
        run.turn(1.0)
    held = run.checkpoint()
    run.obey()
    return held.result(timeout=0)


def gone_on(held: Checkpoint, changes: Mapping[str, Any], steps: int) -> Row:
    """What all pairs have come to, so many iterations later, with these settings."""
    e = Experiment.of(**held.plain["experiment"]).changed(**changes)
    members = going_on([e.changed(seed=e.seed + i) for i in range(PAIRS)], held.tensors, held.plain)
    torch.set_num_threads(members.threads)
    for _ in range(steps):
        members.step()
    return _counted(e, members.samples(_counter(e).latents))


def _counter(e: Experiment) -> Any:
    counter = counter_of(e)
    assert counter is not None
    return counter


def _counted(e: Experiment, samples: torch.Tensor) -> Row:
    modes, good = zip(*(_counter(e).count(each) for each in samples), strict=True)
    return {"modes": list(modes), "good": [round(share, 3) for share in good]}


def judged(row: Row, twins: Row, steps: int) -> Row:
    """The row, and the word for it."""
    sides = [TrialCounts(np.array(side["modes"], float), np.array(side["good"], float)) for side in (row, twins)]
    return row | {"effect": str(effect_of(*sides, all_modes=_counter(BLOBS).all_modes, iterations=steps))}


def words(runs: Sequence[Row]) -> str:
    """How often each word was the verdict, such as `cures 4, helps 1`."""
    found = Counter(run["effect"] for run in runs)
    return ", ".join(f"{effect} {found[effect]}" for effect in map(str, Effect) if found[effect])


def table(results: Mapping[str, Any]) -> str:
    """The results as Markdown, the best first."""
    rows = dict(results["remedies"])
    twins = rows.pop(UNTREATED)
    order = sorted(rows.items(), key=lambda item: -_mean(item[1]["runs"], "modes"))
    held = ", ".join(f"{at:,}" for at in results["held_at"])
    lines = [
        "# Remedies for the collapsed blobs",
        "",
        f"The preset collapse-blobs, seeds 0 to {len(results['held_at']) - 1}, each held at the first look that finds "
        f"it collapsed (iterations {held}): at least 80 % good samples, on one of three modes. From there each remedy "
        f"goes on for {results['steps']:,} iterations in {PAIRS} pairs with untreated twins. There is one verdict for "
        "each collapsed run, in the words of the Collapse page; where there are fewer verdicts, the first seeds alone "
        "were tried, and the twins' figures are of the same seeds. Modes and good samples are means over all pairs, of "
        "2,500 samples each.",
        "",
        "| remedy | verdicts | modes of 3 | of the twins | good samples % | of the twins |",
        "|---|---|---|---|---|---|",
    ]
    for name, row in order:
        both = [row["runs"], twins["runs"][: len(row["runs"])]]
        modes, good = ([_mean(runs, what) for runs in both] for what in ("modes", "good"))
        lines.append(
            f"| {TITLES[name]} | {words(row['runs'])} | {modes[0]:.1f} | {modes[1]:.1f} "
            f"| {100 * good[0]:.0f} | {100 * good[1]:.0f} |"
        )
    return "\n".join([*lines, ""])


def _mean(runs: Sequence[Row], what: str) -> float:
    return fmean(fmean(run[what]) for run in runs)


def main() -> int:
    """Measure what is not measured yet, and write both files after each remedy."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.cures", description=__doc__)
    parser.add_argument("--steps", type=int, default=PLANNED, help="iterations with a remedy")
    parser.add_argument("--seeds", type=int, default=SEEDS, help="collapsed runs")
    parser.add_argument("--remedies", nargs="+", choices=list(BY_NAME), default=list(BY_NAME))
    options = parser.parse_args()
    os.nice(10)
    torch.set_num_threads(1)
    stem = RESULTS / "cures"
    known = json.loads(stem.with_suffix(".json").read_text()) if stem.with_suffix(".json").exists() else {}
    fixed = {"settings": BLOBS.differences(), "steps": options.steps, "pairs": PAIRS}
    same = all(known.get(name) == value for name, value in fixed.items())
    results: dict[str, Any] = known if same else fixed | {"remedies": {}}
    held = [collapsed(seed) for seed in range(options.seeds)]
    results["held_at"] = max(results.get("held_at", []), [each.iteration for each in held], key=len)
    for name in [UNTREATED, *options.remedies]:
        changes = dict(BY_NAME[name].changes(BLOBS)) if name in BY_NAME else {}
        before = results["remedies"].get(name)
        if before is not None and before["changes"] == changes and len(before["runs"]) >= options.seeds:
            continue
        started = time.process_time()
        runs = [gone_on(each, changes, options.steps) for each in held]
        if name != UNTREATED:
            twins = results["remedies"][UNTREATED]["runs"]
            runs = [judged(run, twin, options.steps) for run, twin in zip(runs, twins, strict=False)]
        results["remedies"][name] = {"changes": changes, "runs": runs}
        stem.parent.mkdir(exist_ok=True)
        stem.with_suffix(".json").write_text(json.dumps(results, indent=1) + "\n")
        stem.with_suffix(".md").write_text(table(results))
        seconds = time.process_time() - started
        print(f"{name}: {words(runs) if name != UNTREATED else 'twins'}, {seconds:.0f} s of one core", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())

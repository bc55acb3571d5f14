"""`python -m benchmarks.cures`: which remedies cure the collapsed ring, by forking it as the Collapse page does.

Each seed is trained until it has collapsed; then each remedy goes on from there, as does the run without any. A remedy
has cured a seed if the median of its last five looks is all modes. What is done is kept, so that the run can be broken
off and taken up again, a remedy at a time.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch

from ganlab.experiment import Experiment
from ganlab.presets.collapse import COLLAPSED_AFTER, RING
from ganlab.presets.remedies import BY_NAME, REMEDIES
from ganlab.runs.checkpoint import Checkpoint
from ganlab.runs.engine import Engine

RESULTS = Path(__file__).parent / "results"
ILL_STEPS, STEPS, SEEDS = COLLAPSED_AFTER["collapse-ring"], 2_000, 5
EVERY, LOOKS = 100, 5  # iterations from look to look; those at the end that count
UNTREATED = "none"


def collapsed(seed: int) -> tuple[Experiment, Checkpoint, int]:
    """The ring after so many iterations, as data to go on from; and the modes that it has."""
    engine = Engine(RING.changed(seed=seed, device="cpu"))
    engine.claim_threads()
    for _ in range(ILL_STEPS):
        engine.trainer.step()
    checkpoint = engine.checkpoint()
    return engine.trainer.experiment, checkpoint, _look(engine)["modes"]


def treated(ill: Experiment, checkpoint: Checkpoint, changes: Mapping[str, Any], steps: int) -> dict[str, Any]:
    """How it goes on with these settings: the median of the last looks, and whether that is a cure."""
    engine = Engine(ill.changed(**changes))
    engine.claim_threads()
    engine.go_on_from(checkpoint)
    looks = []
    for iteration in range(1, steps + 1):
        engine.trainer.step()
        if iteration % EVERY == 0 and iteration > steps - LOOKS * EVERY:
            looks.append(_look(engine))
    medians = {name: statistics.median(look[name] for look in looks) for name in looks[0]}
    return medians | {"cured": medians["modes"] == looks[0]["of"]}


def _look(engine: Engine) -> dict[str, Any]:
    seen = engine.probes.coverage()
    assert seen is not None
    return {"modes": seen.captured, "of": seen.total, "high_quality": round(seen.high_quality, 3)}


def table(results: Mapping[str, Any]) -> str:
    """The results as Markdown, the best first."""
    rows = sorted(results["remedies"].items(), key=lambda item: -sum(seed["cured"] for seed in item[1]["seeds"]))
    titles = {remedy.name: remedy.title for remedy in REMEDIES} | {UNTREATED: "No remedy"}
    lines = [
        "# Remedies for the collapsed ring",
        "",
        f"The preset collapse-ring after {ILL_STEPS:,} iterations ({results['ill']} of 8 modes), forked with each "
        f"remedy, which goes on for as many iterations as its row says. Modes and good samples: the mean over seeds of "
        f"the median of the last {LOOKS} looks, {EVERY} iterations apart, at 2,500 samples. Cured: that median is 8.",
        "",
        "| remedy | iterations | seeds cured | modes of 8 | good samples % |",
        "|---|---|---|---|---|",
    ]
    for name, row in rows:
        seeds = row["seeds"]
        modes, good = (statistics.fmean(seed[key] for seed in seeds) for key in ("modes", "high_quality"))
        cured = f"{sum(seed['cured'] for seed in seeds)} of {len(seeds)}"
        lines.append(f"| {titles[name]} | {row['steps']:,} | {cured} | {modes:.1f} | {100 * good:.0f} |")
    return "\n".join([*lines, ""])


def main() -> int:
    """Measure what is not measured yet, and write both files after each remedy."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.cures", description=__doc__)
    parser.add_argument("--steps", type=int, default=STEPS, help="iterations with a remedy")
    parser.add_argument("--seeds", type=int, default=SEEDS)
    parser.add_argument("--remedies", nargs="+", choices=[UNTREATED, *BY_NAME], default=[UNTREATED, *BY_NAME])
    options = parser.parse_args()
    os.nice(10)
    torch.set_num_threads(1)
    stem = RESULTS / "cures"
    remedies = {name: dict(BY_NAME[name].changes(RING)) if name in BY_NAME else {} for name in options.remedies}
    settings = RING.differences()
    known = json.loads(stem.with_suffix(".json").read_text()) if stem.with_suffix(".json").exists() else {}
    results: dict[str, Any] = known if known.get("settings") == settings else {"settings": settings, "remedies": {}}
    wanted = {name: {"changes": changes, "steps": options.steps} for name, changes in remedies.items()}
    missing = [
        name for name, what in wanted.items() if not _is_done(results["remedies"].get(name), what, options.seeds)
    ]
    ill = [collapsed(seed) for seed in range(options.seeds)] if missing else []
    for name in missing:
        started = time.process_time()
        results["ill"] = " ".join(str(modes) for *_, modes in ill)
        rows = [treated(e, checkpoint, remedies[name], options.steps) for e, checkpoint, _ in ill]
        results["remedies"][name] = wanted[name] | {"seeds": rows}
        stem.parent.mkdir(exist_ok=True)
        stem.with_suffix(".json").write_text(json.dumps(results, indent=1) + "\n")
        stem.with_suffix(".md").write_text(table(results))
        cured = sum(row["cured"] for row in rows)
        print(f"{name}: {cured} of {len(rows)}, {time.process_time() - started:.0f} s of one core", flush=True)
    return 0


def _is_done(row: Mapping[str, Any] | None, wanted: Mapping[str, Any], seeds: int) -> bool:
    return row is not None and all(row[key] == value for key, value in wanted.items()) and len(row["seeds"]) >= seeds


if __name__ == "__main__":
    sys.exit(main())

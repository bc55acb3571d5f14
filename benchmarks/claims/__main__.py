"""`python -m benchmarks.claims`: hold every sentence about a run against ten seeds of it.

All runs with seed 0, then with seed 1 and so on, the cheap ones first. Each is trained on one thread of a process of
its own, and what is done is kept after every run: it can be broken off and taken up again. Ten seeds of all runs take
about 55 minutes on two cores. `--seeds`, `--only` and `--minutes` make it shorter.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import sys
import time
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path
from typing import Any

from benchmarks.claims.runs import RUNS, watch_until
from benchmarks.claims.table import table
from benchmarks.presets import as_json

RESULTS = Path(__file__).parents[1] / "results" / "claims"
SEEDS = 10


def main() -> int:
    """Run what has not been run yet, and write both files after each run."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.claims", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seeds", type=int, default=SEEDS)
    parser.add_argument("--only", nargs="+", choices=RUNS, default=list(RUNS), metavar="RUN", help="runs by name")
    parser.add_argument("--minutes", type=float, default=float("inf"), help="begin no run after so long")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="runs at once")
    options = parser.parse_args()
    results = known()
    ends = time.monotonic() + 60 * options.minutes
    missing = [
        (name, seed)
        for seed in range(options.seeds)
        for name in options.only
        if all(row["seed"] != seed for row in results[name]["seeds"])
    ]
    with ProcessPoolExecutor(options.jobs, multiprocessing.get_context("spawn")) as pool:
        jobs = {pool.submit(watch_until, ends, name, seed): name for name, seed in missing}
        for job in as_completed(jobs):
            row, rows = job.result(), results[jobs[job]]["seeds"]
            if row is not None:
                rows[:] = sorted([*rows, row], key=lambda row: row["seed"])
                print(jobs[job], f"seed {row['seed']}", file=sys.stderr, flush=True)
                write(results)
    write(results)
    return 0


def known() -> dict[str, Any]:
    """What was measured before of today's runs; a run whose settings have changed begins anew."""
    path = RESULTS.with_suffix(".json")
    found: dict[str, Any] = json.loads(path.read_text()) if path.exists() else {}
    results = {}
    for name, run in RUNS.items():
        wanted = {"settings": run.experiment.differences(), "iterations": run.iterations}
        same = all(found.get(name, {}).get(key) == value for key, value in wanted.items())
        results[name] = found[name] if same else wanted | {"seeds": []}
    return results


def write(results: Mapping[str, Any]) -> None:
    """The results as JSON and as a table in Markdown."""
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.with_suffix(".json").write_text(as_json(results) + "\n")
    RESULTS.with_suffix(".md").write_text(table(results))


if __name__ == "__main__":
    sys.exit(main())

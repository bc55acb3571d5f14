"""The claims and the seeds that bear them out, as Markdown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from benchmarks.claims.claims import CLAIMS
from benchmarks.claims.observed import LOOKS, Claim, Verdict

ENOUGH = 0.9  # of the seeds: a sentence that holds in fewer says more than is so

HEAD = f"""\
# What the app says of runs, and what happens

Written by `python -m benchmarks.claims`. Each row is a sentence of the app, word for word where it stands in quotes on
a page, and the runs that it is about; a rule of the commentary is right in a seed if what an onlooker measures agrees
at four of five looks at which it spoke, and a seed in which it never spoke is not counted. Every seed that has been run
is shown; "right" names how many of them bear the sentence out, and the figures are those of each seed, 0 first.
Distances are sliced Wasserstein distances to the data over the data's spread, at {LOOKS} looks; other measures as in
[presets.md](presets.md). Sentences that closed forms or tests prove are not here; `benchmarks/claims/elsewhere.py`
names those, and what says nothing of a run.

| kind | where | what it says | right | measured |
|---|---|---|---|---|"""

Rows = Mapping[int, Mapping[str, Any]]


def judged(claim: Claim, results: Mapping[str, Any]) -> dict[int, Verdict]:
    """By seed, whether the claim held and the figures: for the seeds that all of its runs are done for."""
    by_seed = [_rows(results, name, claim.needs) for name in claim.runs]
    seeds = sorted(set.intersection(*map(set, by_seed)))
    return {seed: claim.holds(*(rows[seed] for rows in by_seed)) for seed in seeds}


def table(results: Mapping[str, Any]) -> str:
    """Each claim that some seed was measured for, as a line of Markdown; then those that need another look."""
    lines, doubtful, missing = [HEAD], [], []
    for claim in CLAIMS:
        verdicts = judged(claim, results)
        said = [so for so, _ in verdicts.values() if so is not None]
        if not said:
            missing.append(f"- {claim.kind}, {claim.where}: {claim.text}")
            continue
        right = sum(said)
        figures = "<br>".join(figures for _, figures in verdicts.values())
        lines.append(f"| {claim.kind} | {claim.where} | {claim.text} | {right} of {len(said)} | {figures} |")
        if right < ENOUGH * len(said):
            doubtful.append(f"- {claim.where}: {claim.text} ({right} of {len(said)})")
    lines += ["", f"Held in fewer than {ENOUGH:.0%} of the seeds: {'' if doubtful else 'none.'}", *doubtful]
    lines += ["", f"Not measured yet: {'' if missing else 'none.'}", *missing]
    return "\n".join(lines) + "\n"


def _rows(results: Mapping[str, Any], name: str, needs: tuple[str, ...]) -> Rows:
    """A run's seeds; those that an older version of this benchmark measured lack some of what it sees now."""
    rows = results.get(name, {}).get("seeds", [])
    return {row["seed"]: row for row in rows if all(key in row for key in needs)}

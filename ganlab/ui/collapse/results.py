"""What `python -m benchmarks.cures` measured of each remedy."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from statistics import fmean
from typing import Any

from ganlab.metrics.effect import Effect
from ganlab.ui.site import site_file

FILE = "benchmarks/results/cures.json"


UNTREATED = "none"


@dataclass(frozen=True)
class RemedyResult:
    """What a remedy did to the collapsed blobs, in the page's own experiment.

    Attributes:
        effects: the verdict on each collapsed run.
        steps: iterations after the fork.
        modes: how many there were in the end, the mean over all pairs; without: the same of their untreated twins.
    """

    effects: tuple[Effect, ...]
    steps: int
    modes: float
    without: float

    @property
    def sentence(self) -> str:
        """Returns the result in a sentence."""
        found, runs = Counter(self.effects), len(self.effects)
        words = "; ".join(f"{effect}: {found[effect]} of {runs}" for effect in Effect if found[effect])
        return (
            f"Measured on {runs} collapsed runs, {self.steps:,} iterations later. {words[0].upper()}{words[1:]}. "
            f"Modes on average: {self.modes:.1f} of 3, untreated {self.without:.1f}."
        )

    @property
    def rank(self) -> tuple[float, float]:
        """The best first: by the share of runs that it cured, then by modes."""
        return -self.effects.count(Effect.CURES) / len(self.effects), -self.modes


@lru_cache(maxsize=1)
def measured() -> Mapping[str, RemedyResult]:
    """Returns the results on the blobs by the remedy's name; none if the file is missing."""
    path = site_file(FILE)
    if path is None:
        return {}
    found = json.loads(path.read_text())
    rows = found["remedies"]
    twins = rows.pop(UNTREATED)["runs"]
    return {
        name: RemedyResult(
            tuple(Effect(run["effect"]) for run in row["runs"]),
            found["steps"],
            _modes(row["runs"]),
            _modes(twins[: len(row["runs"])]),
        )
        for name, row in rows.items()
    }


def _modes(runs: Sequence[Mapping[str, Any]]) -> float:
    return fmean(fmean(run["modes"]) for run in runs)

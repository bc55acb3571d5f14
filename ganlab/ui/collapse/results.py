"""What `python -m benchmarks.cures` measured of each remedy."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from statistics import fmean
from typing import Any

FILE = Path("benchmarks") / "results" / "cures.json"
PACKAGE = Path(__file__).parents[2]


UNTREATED = "none"


@dataclass(frozen=True)
class RemedyResult:
    """The result of a remedy on the collapsed ring.

    Attributes:
        cured: on how many of the seeds all modes came back within so many steps.
        modes: how many there were in the end, the mean over seeds; without: the same where nothing was changed.
    """

    cured: int
    seeds: int
    steps: int
    modes: float
    without: float | None

    @property
    def sentence(self) -> str:
        """Returns the result in a sentence."""
        otherwise = "" if self.without is None else f", {self.without:.1f} without it"
        return (
            f"Cured {self.cured} of {self.seeds} seeds in {self.steps:,} iterations: "
            f"{self.modes:.1f} of 8 modes on average{otherwise}."
        )

    @property
    def rank(self) -> tuple[float, float]:
        """The best first: by the share of seeds that it cured, then by modes."""
        return -self.cured / self.seeds, -self.modes


@lru_cache(maxsize=1)
def measured() -> Mapping[str, RemedyResult]:
    """Returns the results on the ring by the remedy's name; none if the file is missing."""
    path = next((path for root in (PACKAGE / "_site", PACKAGE.parent) if (path := root / FILE).exists()), None)
    if path is None:
        return {}
    rows = json.loads(path.read_text())["remedies"]
    untreated = rows.pop(UNTREATED, None)
    without = None if untreated is None else _modes(untreated)
    return {
        name: RemedyResult(
            sum(seed["cured"] for seed in row["seeds"]), len(row["seeds"]), row["steps"], _modes(row), without
        )
        for name, row in rows.items()
    }


def _modes(row: Mapping[str, Any]) -> float:
    return fmean(seed["modes"] for seed in row["seeds"])

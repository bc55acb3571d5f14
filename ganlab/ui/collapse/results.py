"""What `python -m benchmarks.cures` measured of each remedy."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

FILE = Path("benchmarks") / "results" / "cures.json"
PACKAGE = Path(__file__).parents[2]


@dataclass(frozen=True)
class Measured:
    """Of how many seeds a remedy cured, within how many iterations."""

    cured: int
    seeds: int
    steps: int

    @property
    def sentence(self) -> str:
        """What was measured, in a few words."""
        return f"Cured {self.cured} of {self.seeds} seeds in {self.steps:,} iterations."


@lru_cache(maxsize=1)
def measured() -> Mapping[str, Measured]:
    """By the remedy's name, on the ring; empty where the file is not."""
    path = next((path for root in (PACKAGE / "_site", PACKAGE.parent) if (path := root / FILE).exists()), None)
    if path is None:
        return {}
    found = json.loads(path.read_text())
    return {
        name: Measured(sum(seed["cured"] for seed in row["seeds"]), len(row["seeds"]), row["steps"])
        for name, row in found["remedies"].items()
    }

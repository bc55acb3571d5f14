"""What every benchmark gives back, and how long it takes over it."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any

SIGNIFICANT_DIGITS = 4


@dataclass(frozen=True)
class Figure:
    """One measured number: its value is the median of `runs` unless `unit` or `against` says otherwise."""

    name: str
    value: float
    unit: str
    against: str
    runs: Sequence[Any]

    def line(self) -> str:
        """The figure as one line of JSON."""
        return json.dumps(rounded(asdict(self)))


@dataclass(frozen=True)
class Pace:
    """How much time to take: all that a figure needs, or just enough to see that its benchmark works."""

    quick: bool = False

    def of(self, full: int, quick: int) -> int:
        """How often, or for how many seconds."""
        return quick if self.quick else full


def say(sentence: str) -> None:
    """Tell whoever waits how far it is."""
    sys.stderr.write(f"{time.strftime('%H:%M:%S')} {sentence}\n")
    sys.stderr.flush()


Measure = Callable[[Pace], Iterable[Figure]]


def median_of(runs: Sequence[dict[str, Any]], key: str) -> float:
    """The median of one of the numbers in each run."""
    return float(median(run[key] for run in runs))


def rounded(value: Any) -> Any:
    """Plain data with each of its numbers to four digits."""
    if isinstance(value, float):
        return float(f"{value:.{SIGNIFICANT_DIGITS}g}")
    if isinstance(value, dict):
        return {key: rounded(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [rounded(inner) for inner in value]
    return value

"""What the rules look at, and what they say.

Each threshold is a named constant, and each rule is tested on a run that shows what it names.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np

from ganlab.experiment.sentence import Sentence, Value
from ganlab.game.losses import Loss
from ganlab.metrics.modes import Coverage
from ganlab.training.history import History

Severity = Literal["good", "info", "warning", "error"]

WINDOW = 50  # iterations that count as "now"
WARM_UP = 150  # iterations before a verdict other than "learning" means anything
GROWTH = 100.0  # ... and so does one that has grown this much since the start
SHARP = 0.5  # share of high-quality samples: more, and it is settled on the modes that it has
NARROW = 0.35  # spread of the samples over that of the data: less, and they are nearly alike

NEARLY_ALIKE = "Samples are nearly alike: they spread {spread:.0%} as far as the data."


@dataclass(frozen=True)
class Evidence:
    """What the rules look at.

    Attributes:
        coverage: of the data's known modes, None where none are known.
        spread: standard deviation of samples over that of real data, averaged over coordinates.
    """

    history: History
    loss: Loss
    iteration: int
    coverage: Coverage | None
    spread: float

    @cached_property
    def probabilistic(self) -> bool:
        """Whether D's score is read against 1/2."""
        return self.loss.boundary == 0.5

    def now(self, name: str) -> float:
        """The scalar's mean over the last few iterations; NaN before it was measured."""
        recent = self.history.column(name, WINDOW)
        recent = recent[~np.isnan(recent)]
        return float(recent.mean()) if len(recent) else float("nan")

    def typical(self, name: str) -> float:
        """The size that the scalar had at first: its median over the warm-up."""
        early = np.abs(self.history.column(name)[:WARM_UP])
        early = early[~np.isnan(early)]
        return float(np.median(early)) if len(early) else float("nan")


@dataclass(frozen=True)
class Comment:
    """A verdict (a stable name for it), what a page says, why, and how much it should worry."""

    verdict: str
    headline: Sentence
    evidence: Sentence
    severity: Severity


def says(verdict: str, headline: str, severity: Severity, evidence: str, /, **values: Value) -> Comment:
    """The comment whose evidence is this template with these values."""
    return Comment(verdict, Sentence(headline), Sentence(evidence, **values), severity)


Rule = Callable[[Evidence], Comment | None]


def comment(e: Evidence, rules: Sequence[Rule]) -> dict[str, Any]:
    """What the first rule that holds says, as plain data."""
    return vars(next(said for rule in rules if (said := rule(e)) is not None)).copy()


def modes(coverage: Coverage) -> Sentence:
    return Sentence("{captured} of {total} modes", captured=coverage.captured, total=coverage.total)


def covered(coverage: Coverage) -> Sentence:
    """How many modes are captured, and how good the samples are."""
    return Sentence("{modes}, {share:.0%} high quality", modes=modes(coverage), share=coverage.high_quality)


def is_learning(measured: Sentence, coverage: Coverage | None) -> Comment:
    """What is said when no other rule speaks: what is measured, and how many of the modes are captured, if known."""
    if coverage is None:
        return says("learning", "Learning", "good", "{measured}.", measured=measured)
    return says("learning", "Learning", "good", "{measured}. {covered}.", measured=measured, covered=covered(coverage))

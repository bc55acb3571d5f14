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
CLOSE = 0.9  # ... and from here on they lie as closely around the modes as anybody could see; real ones reach 0.99
MOST_MODES = 0.95  # share of the modes, from which on none is missing; of a thousand, even real samples miss some
NARROW = 0.35  # spread of the samples over that of the data: less, and they are nearly alike
OF_ONE_CODE = 0.2  # the same of images that share a code: digits of one class spread four times as far

# How unlike samples and data are (`energy_difference`). On the points that ship, a shift by 0.2 of the data's standard
# deviation gives 0.013 and more, one by 0.5 gives 0.06; uneven shares of the modes give less for the same distance.
# Samples of the data themselves stay below 0.003.
NEAR = 0.003  # below this no eye tells them apart
FAR = 0.02  # above this the samples are plainly wrong

NEARLY_ALIKE = "Samples are nearly alike: they spread {spread:.0%} as far as the data."


@dataclass(frozen=True)
class Evidence:
    """What the rules look at.

    Attributes:
        coverage: of the data's known modes, None where none are known.
        spread: standard deviation of samples over that of real data, averaged over coordinates.
        difference: of the samples from real data, whatever D thinks of them: 0 if alike, see `energy_difference`.
        offset: of the samples' mean from that of the data, in standard deviations of the data.
        best_quality: the largest share of high-quality samples at any look so far.
        widest: the largest spread at any look so far.
        preference: how often D scores a real sample above a generated one; 1/2 if it can't tell them apart at all.
        spread_of_a_code: of images with one code, as `spread`; NaN where there are no codes.
    """

    history: History
    loss: Loss
    iteration: int
    coverage: Coverage | None
    spread: float
    difference: float
    offset: float = 0.0
    best_quality: float = 0.0
    widest: float = 0.0
    preference: float = 0.5
    spread_of_a_code: float = float("nan")

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
    """How many modes are captured, and the share of good samples."""
    return Sentence("{modes}, {share:.0%} good samples", modes=modes(coverage), share=coverage.high_quality)


def is_close(coverage: Coverage) -> bool:
    """Whether samples lie around all modes, and as closely as real ones."""
    return has_all_modes(coverage) and coverage.high_quality >= CLOSE


def has_all_modes(coverage: Coverage) -> bool:
    return coverage.captured >= MOST_MODES * coverage.total


def is_learning(measured: Sentence, e: Evidence) -> Comment:
    """What is said when no other rule speaks: what is measured, the modes if known, and how unlike the samples are."""
    parts = {"measured": measured}
    template = "{measured}."
    if e.coverage is not None:
        parts["covered"], template = covered(e.coverage), template + " {covered}."
    parts["unlike"], template = unlike(e), template + " {unlike}."
    return says("learning", "Learning", "good" if e.difference <= FAR else "info", template, **parts)


def unlike(e: Evidence) -> Sentence:
    """In words, how far the samples are from the data. The energy statistic does not see how sharp they are."""
    if e.difference <= NEAR and (e.coverage is None or is_close(e.coverage)):
        return Sentence("By the energy statistic, the samples are as near to the data as other real samples are")
    if e.difference <= NEAR:
        return Sentence("The samples lie about where the data lie, but not as closely as other real samples do")
    how_far = "still differ much" if e.difference > FAR else "differ a little"
    return Sentence(
        "Samples and data " + how_far + " (energy statistic {difference:.2g}; 0 is alike)", difference=e.difference
    )

"""What a remedy did to a collapsed run, in one of five words that are defined here, and nowhere else.

The evidence is pairs: in each, one training goes on with the remedy and one, its twin, goes on untreated. Both begin
at the same moment, with the same chance, and are measured at the same iteration.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

FEWEST_PAIRS = 3  # with fewer, the spread between pairs is not known
FEWEST_ITERATIONS = 200  # since the fork; before, little can have changed
MOSTLY_GOOD = 0.5  # share of good samples that a cure needs
ERRORS = 2.0  # standard errors that a mean difference must exceed
ONE_MODE, SHARE_OF_MODES = 1.0, 0.02  # a difference that counts: one mode, or this share of very many
QUALITY_LOST = 0.1  # a fall in the share of good samples that counts

DEFINITIONS = (
    "Each pair has a run with the remedy and an untreated twin, which began at the same moment with the same random "
    "numbers. Both are measured at the same iteration. "
    f"**Cures**: in most pairs the run with the remedy captures all modes, with at least {MOSTLY_GOOD:.0%} good "
    "samples, and its twin does not. "
    f"**Helps**: it captures more modes than its twin, on average by at least {ONE_MODE:.0f} "
    f"({SHARE_OF_MODES:.0%} of the modes, if that is more) and by more than {ERRORS:.0f} standard errors. "
    "**Makes it worse**: the same with fewer modes; or it gains fewer than that, and the share of good samples is "
    f"lower by at least {100 * QUALITY_LOST:.0f} percentage points and by more than {ERRORS:.0f} standard errors. "
    f"**Does nothing**: the mean difference, give or take {ERRORS:.0f} standard errors, is smaller than that. "
    f"**Not yet decided**: anything else, fewer than {FEWEST_PAIRS} pairs, or fewer than {FEWEST_ITERATIONS} "
    "iterations."
)


class Effect(StrEnum):
    """The five words."""

    CURES = "cures"
    HELPS = "helps"
    DOES_NOTHING = "does nothing"
    MAKES_IT_WORSE = "makes it worse"
    NOT_YET_DECIDED = "not yet decided"


@dataclass(frozen=True)
class TrialCounts:
    """What several trainings have come to at one iteration.

    Attributes:
        modes: captured by each, (pairs,).
        good: the share of each one's samples that are of high quality, or can be read as a class; (pairs,).
    """

    modes: NDArray[np.floating]
    good: NDArray[np.floating]


def effect_of(remedied: TrialCounts, twins: TrialCounts, all_modes: int, iterations: int) -> Effect:
    """Judge a remedy by its pairs: see `DEFINITIONS`.

    Args:
        all_modes: how many modes a perfect generator would show in as many samples.
        iterations: since the moment at which all of them began.

    Raises:
        ValueError: there are not as many twins as runs with the remedy, or a number is not finite.
    """
    pairs = np.stack([remedied.modes, twins.modes, remedied.good, twins.good]).astype(np.float64)
    if not np.isfinite(pairs).all():
        raise ValueError("A training without numbers can't be judged: count its modes as 0.")
    if pairs.shape[1] < FEWEST_PAIRS or iterations < FEWEST_ITERATIONS:
        return Effect.NOT_YET_DECIDED
    modes, good = _difference(pairs[0] - pairs[1]), _difference(pairs[2] - pairs[3])
    enough = max(ONE_MODE, SHARE_OF_MODES * all_modes)
    cured = _is_cured(remedied, all_modes) & ~_is_cured(twins, all_modes)
    if 2 * np.count_nonzero(cured) > pairs.shape[1]:
        return Effect.CURES
    if modes.exceeds(enough):
        return Effect.HELPS
    if modes.falls_by(enough) or (modes.mean < enough and good.falls_by(QUALITY_LOST)):
        return Effect.MAKES_IT_WORSE
    return Effect.DOES_NOTHING if modes.is_within(enough) else Effect.NOT_YET_DECIDED


def modes_expected(total: int, samples: int) -> int:
    """How many of `total` equally likely modes so many samples of the data show, at the least but for chance.

    The mean number of occupied cells less three standard deviations (Feller 1968, An Introduction to Probability
    Theory, volume 1, IV.2): 8 of 8 with 2,500 samples, 904 of 1000 with 2,600.
    """
    missed = (1 - 1 / total) ** samples
    both_missed = (1 - 2 / total) ** samples if total > 1 else 0.0
    variance = total * missed * (1 - missed) + total * (total - 1) * (both_missed - missed**2)
    return round(total * (1 - missed) - 3 * math.sqrt(max(variance, 0.0)))


@dataclass(frozen=True)
class _Difference:
    """The mean of paired differences, and its standard error."""

    mean: float
    error: float

    def exceeds(self, least: float) -> bool:
        return self.mean >= least and self.mean > ERRORS * self.error

    def falls_by(self, least: float) -> bool:
        return _Difference(-self.mean, self.error).exceeds(least)

    def is_within(self, least: float) -> bool:
        return abs(self.mean) + ERRORS * self.error < least


def _difference(of_pairs: NDArray[np.float64]) -> _Difference:
    return _Difference(float(of_pairs.mean()), float(of_pairs.std(ddof=1)) / math.sqrt(len(of_pairs)))


def _is_cured(measured: TrialCounts, all_modes: int) -> NDArray[np.bool_]:
    return (measured.modes >= all_modes) & (measured.good >= MOSTLY_GOOD)

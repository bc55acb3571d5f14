"""What is said of a remedy beside its untreated twins: from looks at the same iteration only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ganlab.experiment.sentence import Sentence
from ganlab.metrics.effect import Effect, TrialCounts, effect_of
from ganlab.runs.trials.counting import ModeCounter

Looks = Mapping[int, TrialCounts]  # by the iterations since the moment at which all began

HEADLINES = {
    Effect.CURES: "It cures the collapse.",
    Effect.HELPS: "It helps.",
    Effect.DOES_NOTHING: "It does nothing that the untreated twin does not do by itself.",
    Effect.MAKES_IT_WORSE: "It makes it worse.",
    Effect.NOT_YET_DECIDED: "Not yet decided.",
}


@dataclass(frozen=True)
class Comparison:
    """A remedy and its twins at the last iteration at which both were looked at.

    Attributes:
        at: iterations since the moment at which all began.
        effect: in one of five words; headline: the same in a sentence; evidence: the numbers behind it.
    """

    at: int
    effect: Effect
    headline: Sentence
    evidence: Sentence


def compared(remedied: Looks, twins: Looks, counter: ModeCounter, *, name: str, planned: int) -> Comparison:
    """Judge the remedy of this name.

    Args:
        counter: what the looks counted.
        planned: the iterations after which the verdict is final.

    Raises:
        ValueError: there is no iteration at which both were looked at.
    """
    at = max(remedied.keys() & twins.keys())
    began, now, alone = twins[min(twins)], remedied[at], twins[at]
    effect = effect_of(now, alone, counter.all_modes, at)
    told = HEADLINES[effect]
    if at < planned and effect is not Effect.NOT_YET_DECIDED:
        told = f"So far {told[0].lower()}{told[1:]}"
    evidence = Sentence(
        "After {at:,} more iterations, {pairs}: {modes} {began:.1f} → {now:.1f} with {name}; {twins} "
        "{began:.1f} → {alone:.1f}. {good} {good_began:.0%} → {good_now:.0%}; {twins} {good_began:.0%} → "
        "{good_alone:.0%}.",
        at=at,
        pairs=Sentence("{count} pairs", count=len(now.modes)) if len(now.modes) > 1 else Sentence("one pair"),
        modes=Sentence(counter.modes_name),
        good=Sentence(counter.good_name.capitalize()),
        twins=Sentence("the untreated twins" if len(now.modes) > 1 else "the untreated twin"),
        name=name,
        began=_mean(began.modes),
        now=_mean(now.modes),
        alone=_mean(alone.modes),
        good_began=_mean(began.good),
        good_now=_mean(now.good),
        good_alone=_mean(alone.good),
    )
    return Comparison(at, effect, Sentence(told), evidence)


def _mean(values: NDArray[np.floating]) -> float:
    return float(values.mean())

"""What a remedy is said to do follows from its pairs, and can be denied by them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from ganlab.metrics.effect import FEWEST_ITERATIONS, Effect, TrialCounts, effect_of, modes_expected

ALL = 8
LATE = FEWEST_ITERATIONS
SEVERAL = st.integers(3, 8)


def measured(modes: list[float], good: list[float] | float = 0.9) -> TrialCounts:
    return TrialCounts(np.array(modes, float), np.broadcast_to(np.array(good, float), len(modes)))


@st.composite
def pairs(draw: st.DrawFn) -> tuple[TrialCounts, TrialCounts]:
    n = draw(SEVERAL)
    modes = arrays.arrays(np.float64, n, elements=st.integers(0, ALL).map(float))
    good = arrays.arrays(np.float64, n, elements=st.floats(0, 1))
    return TrialCounts(draw(modes), draw(good)), TrialCounts(draw(modes), draw(good))


def judged(remedied: TrialCounts, twins: TrialCounts, iterations: int = LATE) -> Effect:
    return effect_of(remedied, twins, ALL, iterations)


@pytest.mark.parametrize(
    ("remedied", "twins", "effect"),
    [
        (measured([8, 8, 8, 8, 8]), measured([1, 1, 2, 1, 1]), Effect.CURES),
        (measured([8, 8, 8, 7, 7]), measured([1, 1, 2, 1, 1]), Effect.CURES),  # in most pairs
        (measured([8, 8, 8, 8, 8]), measured([8, 8, 8, 8, 8]), Effect.DOES_NOTHING),  # the twins recover alone
        (measured([8, 8, 8, 8, 8], 0.3), measured([1, 1, 2, 1, 1]), Effect.HELPS),  # over a scatter: no cure
        (measured([4, 5, 4, 3, 4]), measured([1, 1, 2, 1, 1]), Effect.HELPS),
        (measured([2, 2, 2, 2, 2]), measured([2, 2, 2, 2, 2]), Effect.DOES_NOTHING),
        (measured([2, 2, 2, 2, 2], 0.2), measured([2, 2, 2, 2, 2], 0.9), Effect.MAKES_IT_WORSE),
        (measured([1, 1, 0, 1, 1]), measured([4, 4, 4, 4, 5]), Effect.MAKES_IT_WORSE),
        (measured([8, 0, 8, 0, 1]), measured([0, 3, 0, 3, 0]), Effect.NOT_YET_DECIDED),  # the spread is too wide
        (measured([8, 8]), measured([1, 1]), Effect.NOT_YET_DECIDED),  # too few pairs
    ],
)
def test_the_five_words(remedied: TrialCounts, twins: TrialCounts, effect: Effect) -> None:
    assert judged(remedied, twins) is effect


@given(pairs())
def test_no_remedy_is_judged_early(pair: tuple[TrialCounts, TrialCounts]) -> None:
    assert judged(*pair, FEWEST_ITERATIONS - 1) is Effect.NOT_YET_DECIDED


@given(pairs())
def test_nobody_cures_and_harms_at_once(pair: tuple[TrialCounts, TrialCounts]) -> None:
    there, back = judged(*pair), judged(*pair[::-1])
    improved = {Effect.CURES, Effect.HELPS}
    assert not ({there, back} <= improved)
    assert there is not Effect.HELPS or back in {Effect.MAKES_IT_WORSE}


@given(pairs(), st.randoms())
def test_the_order_of_pairs_does_not_matter(pair: tuple[TrialCounts, TrialCounts], random: st.DataObject) -> None:
    order = list(range(len(pair[0].modes)))
    random.shuffle(order)  # type: ignore[attr-defined]
    assert judged(*pair) is judged(*(TrialCounts(side.modes[order], side.good[order]) for side in pair))


@given(pairs())
def test_a_remedy_that_does_what_its_twin_does_is_never_said_to_do_anything(
    pair: tuple[TrialCounts, TrialCounts],
) -> None:
    assert judged(pair[0], pair[0]) is Effect.DOES_NOTHING


@given(pairs(), st.floats(0, 0.49))
def test_nothing_is_cured_where_most_samples_are_bad(pair: tuple[TrialCounts, TrialCounts], good: float) -> None:
    remedied = TrialCounts(np.full_like(pair[0].modes, ALL), np.full_like(pair[0].good, good))
    assert judged(remedied, pair[1]) is not Effect.CURES


def test_a_training_without_numbers_is_refused() -> None:
    with pytest.raises(ValueError, match="count its modes as 0"):
        judged(measured([np.nan, 1, 1]), measured([1, 1, 1]))


@pytest.mark.parametrize(("total", "samples"), [(8, 2_500), (25, 2_500), (10, 128)])
def test_enough_samples_of_the_data_show_all_modes(total: int, samples: int) -> None:
    assert modes_expected(total, samples) == total


def test_fewer_samples_than_show_all_modes_are_not_asked_to() -> None:
    rng = np.random.default_rng(0)
    found = [len(np.unique(rng.integers(1_000, size=2_600))) for _ in range(200)]
    assert np.mean(np.array(found) >= modes_expected(1_000, 2_600)) > 0.99
    assert modes_expected(1_000, 2_600) > 0.97 * np.mean(found)

"""How often a run is shown."""

from itertools import pairwise

import pytest

from ganlab.runs.pace import LONGEST_SECONDS, SHARE, SHARE_OF_ALL, Pace, ShowingBudget


def test_cheap_frames_come_as_often_as_they_may() -> None:
    pace = Pace(0.2)
    assert pace.due(0.0)
    for now in (0.0, 0.2, 0.4):
        pace.shown(now, 0.001)
        assert not pace.due(now + 0.19)
        assert pace.due(now + 0.201)


def test_dear_frames_take_their_share_of_the_time_and_no_more() -> None:
    pace = Pace(0.2)
    pace.shown(0.0, 0.8)
    pace.shown(0.2, 0.8)
    assert not pace.due(0.2 + 0.8 / SHARE - 0.01)
    assert pace.due(0.2 + 0.8 / SHARE + 0.01)


@pytest.mark.parametrize("before", [0, 5])
def test_what_happens_once_holds_up_nothing(before: int) -> None:
    pace = Pace(0.2)
    for frame in range(before):
        pace.shown(frame, 0.001)
    pace.shown(before, 0.8)  # the data were loaded
    assert pace.due(before + 0.8)
    pace.shown(before + 0.8, 0.001)
    assert pace.due(before + 1.01)


TURN = 0.01  # seconds


class Watched:
    """A run that trains and is watched all the time."""

    def __init__(self) -> None:
        self.pace, self.shown_at, self.frames = Pace(0.2), 0.0, list[float]()


@pytest.mark.parametrize(("watched", "cost"), [(1, 0.01), (4, 0.01), (10, 0.006), (30, 0.013), (60, 0.013), (5, 0.3)])
def test_showing_takes_its_share_however_many_are_watched_and_each_is_shown_in_turn(watched: int, cost: float) -> None:
    budget, runs = ShowingBudget(), [Watched() for _ in range(watched)]
    now = trained = 0.0
    while now < 60:
        for run in budget.in_order(runs):
            if budget.allows(now, run.pace):
                run.pace.shown(now, cost)
                budget.spend(now, cost)
                run.shown_at = now
                run.frames.append(now)
                now += cost
        now, trained = now + TURN, trained + TURN
    gaps = [after - before for run in runs for before, after in pairwise(run.frames)]
    counts = [len(run.frames) for run in runs]
    assert min(counts) >= 0.9 * max(counts), "all are shown equally often"
    if watched * cost <= LONGEST_SECONDS * SHARE_OF_ALL:
        assert trained / now >= 1 - SHARE_OF_ALL - 0.01
        assert max(gaps) <= max(LONGEST_SECONDS, cost / SHARE) + cost + TURN
    else:
        assert trained / now >= TURN / (TURN + cost) - 0.01, "a run that trains always gets steps"
        assert max(gaps) <= max(LONGEST_SECONDS, cost / SHARE) + watched * (cost + TURN)

"""How often a run is shown."""

import pytest

from ganlab.runs.pace import SHARE, Pace


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

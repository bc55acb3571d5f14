"""How often runs are shown: rarely enough that showing them takes little of the training thread's time."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol, TypeVar

SHARE = 0.08  # of the training thread's time at most goes into showing one run
SHARE_OF_ALL = 0.2  # ... and into showing all of them, however many are watched
LONGEST_SECONDS = 2.0  # for which a watched run that trains goes without a frame, if one frame a turn allows it


class Shown(Protocol):
    """What is shown: `shown_at` says when it last was, in seconds."""

    shown_at: float


T = TypeVar("T", bound=Shown)


class Pace:
    """When the next frame is due: at most one every `seconds`, and further apart where frames are dear.

    A frame is charged what the cheaper of the last two took. What happens only once (networks to build, data to load,
    a module to import) would otherwise keep the next frame away for ten times as long.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._cost = 0.0
        self._after = 0.0
        self._last = 0.0

    def due(self, now: float) -> bool:
        """Whether a frame may be made now, in seconds of any one clock."""
        return now >= self._after

    def overdue(self, now: float) -> bool:
        """Whether the last frame is too long ago."""
        return now >= self._last + LONGEST_SECONDS

    def shown(self, now: float, cost: float) -> None:
        """A frame that was begun `now` took `cost` seconds."""
        self._last = now
        self._after = now + max(self._seconds, min(cost, self._cost) / SHARE)
        self._cost = cost


class ShowingBudget:
    """What one thread may spend on the frames of all the runs that it trains.

    After a frame that took c seconds no other is made for c / SHARE_OF_ALL. The more runs are watched, the rarer are
    the frames of each, not the slower the training. Only a run that is overdue is shown before, so that very many runs
    take more than that share; but between two turns of training there is one such frame at most.
    """

    def __init__(self) -> None:
        self._after = 0.0
        self._spent_this_round = False

    def in_order(self, runs: Iterable[T]) -> list[T]:
        """Begin the next round, between two turns. Returns the runs, the one that has waited longest first."""
        self._spent_this_round = False
        return sorted(runs, key=lambda run: run.shown_at)

    def allows(self, now: float, pace: Pace) -> bool:
        """Whether the run with this pace may be shown now."""
        if not pace.due(now):
            return False
        return now >= self._after or (pace.overdue(now) and not self._spent_this_round)

    def spend(self, now: float, cost: float) -> None:
        """A frame that was begun `now` took `cost` seconds."""
        self._after = now + cost / SHARE_OF_ALL
        self._spent_this_round = True

"""How often somebody may do something in a minute: another answer to a question, by a seat."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable

MOST = 10  # tries
SECONDS = 60.0  # in which so many are allowed
MOST_REMEMBERED = 4096  # who tried, at once


class Attempts:
    """The tries of the last minute, by who made them."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        """`now` is a clock, in seconds."""
        self._now = now
        self._tries: dict[str, deque[float]] = {}

    def exhausted(self, who: str) -> bool:
        """Whether they have to wait."""
        tries = self._tries.get(who, deque())
        while tries and tries[0] <= self._now() - SECONDS:
            tries.popleft()
        return len(tries) >= MOST

    def note(self, who: str) -> None:
        """Note a try. With too many people, the one who began first is forgotten."""
        if who not in self._tries and len(self._tries) >= MOST_REMEMBERED:
            del self._tries[next(iter(self._tries))]
        self._tries.setdefault(who, deque(maxlen=MOST)).append(self._now())

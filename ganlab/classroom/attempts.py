"""How often an address may try a wrong join code."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable

MOST = 10  # wrong tries
SECONDS = 60.0  # in which so many are allowed
MOST_ADDRESSES = 4096  # remembered at once


class Attempts:
    """The wrong tries of the last minute, by the address that they came from."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        """`now` is a clock, in seconds."""
        self._now = now
        self._tries: dict[str, deque[float]] = {}

    def exhausted(self, address: str) -> bool:
        """Whether this address has to wait."""
        tries = self._tries.get(address, deque())
        while tries and tries[0] <= self._now() - SECONDS:
            tries.popleft()
        return len(tries) >= MOST

    def failed(self, address: str) -> None:
        """Note a wrong try. With too many addresses, the one that began first is forgotten."""
        if address not in self._tries and len(self._tries) >= MOST_ADDRESSES:
            del self._tries[next(iter(self._tries))]
        self._tries.setdefault(address, deque(maxlen=MOST)).append(self._now())

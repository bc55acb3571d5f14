"""How fast people come in, so that a flood of codes or of seats neither opens the class nor keeps it out.

To the server, a school is often one address. So the right code is taken at once, whatever wrong ones come beside it,
and a wrong one is refused only for being wrong. What keeps strangers out is the number of codes, 25^6 or 244 million,
against the guesses of all together. A script that waits for its answers is slowed down to a few tens a second. One
that does not wait is limited by what a server reads: with 1,000 codes a second, all through a lesson of 90 minutes, it
finds the code in one lesson of 45. What it has then is a seat, and no more.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable

from ganlab.classroom.refusals import CannotJoin

WRONG_AT_ONCE, WRONG_SECONDS, WRONG_LONGEST = 30, 0.05, 10.0  # wrong codes of all: a class that types before it reads
# New seats of one address: a class behind one proxy at once, then so few that each page is open before its seat, still
# empty, has to make room for those that come later (see `Classroom.join`).
SEATS_AT_ONCE, SEAT_SECONDS, SEAT_LONGEST = 40, 0.2, 30.0
MOST_ADDRESSES = 4096  # remembered at a time
LONGEST_CODE = 64  # characters that are looked at
CROWD = "Very many seats are being taken from your network now. Try again in half a minute, or tell your teacher."


class Turnstile:
    """Lets some through at once, and of those who come faster one every so many seconds, in the order in which they
    came."""

    def __init__(self, at_once: int, seconds: float, longest: float) -> None:
        """Who would have to wait for more than `longest` seconds is not let through."""
        self._spared, self._seconds, self._longest = (at_once - 1) * seconds, seconds, longest
        self._busy_until = -math.inf

    def wait(self, now: float) -> float | None:
        """For how many seconds whoever comes now has to wait; None for who is not let through."""
        busy = max(self._busy_until - now, 0.0)
        if (wait := max(busy - self._spared, 0.0)) > self._longest:
            return None
        self._busy_until = now + busy + self._seconds
        return wait

    def idle(self, now: float) -> bool:
        """Whether nothing is left of those who came."""
        return self._busy_until <= now


class Door:
    """Says how long the answer to a code has to wait."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        """`now` is a clock, in seconds."""
        self._now = now
        self._wrong = Turnstile(WRONG_AT_ONCE, WRONG_SECONDS, WRONG_LONGEST)
        self._seats: dict[str, Turnstile] = {}

    def wait_of_wrong_code(self) -> float:
        """For how many seconds the answer to a wrong code waits."""
        wait = self._wrong.wait(self._now())
        return WRONG_LONGEST if wait is None else wait

    def wait_for_seat(self, address: str) -> float:
        """For how many seconds somebody at this address waits for a seat.

        Raises:
            CannotJoin: too many wait there already.
        """
        now = self._now()
        if address not in self._seats and len(self._seats) >= MOST_ADDRESSES:
            self._forget(now)
        here = self._seats.setdefault(address, Turnstile(SEATS_AT_ONCE, SEAT_SECONDS, SEAT_LONGEST))
        if (wait := here.wait(now)) is None:
            raise CannotJoin(429, CROWD)
        return wait

    def _forget(self, now: float) -> None:
        """Forget the addresses that nobody waits at; where somebody waits at all of them, the first one."""
        self._seats = {address: each for address, each in self._seats.items() if not each.idle(now)}
        if len(self._seats) >= MOST_ADDRESSES:
            del self._seats[next(iter(self._seats))]


def tidied(code: str) -> str:
    """A code as it is, however somebody typed it."""
    return "".join(code[:LONGEST_CODE].split()).replace("-", "").upper()

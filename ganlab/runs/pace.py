"""How often a run is shown: rarely enough that showing it takes little of the time."""

from __future__ import annotations

SHARE = 0.08  # of the training thread's time at most goes into showing


class Pace:
    """When the next frame is due: at most one every `seconds`, and further apart where frames are dear.

    A frame is charged what the cheaper of the last two took. What happens only once (networks to build, data to load,
    a module to import) would otherwise keep the next frame away for ten times as long.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._cost = 0.0
        self._after = 0.0

    def due(self, now: float) -> bool:
        """Whether a frame may be made now, in seconds of any one clock."""
        return now >= self._after

    def shown(self, now: float, cost: float) -> None:
        """A frame that was begun `now` took `cost` seconds."""
        self._after = now + max(self._seconds, min(cost, self._cost) / SHARE)
        self._cost = cost

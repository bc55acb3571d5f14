"""Views that cost much and change slowly are asked once a second while a run trains, all of them together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ganlab.views.view import Answer, View

SECONDS = 1.0  # for which an answer may be repeated


class Seldom:
    """What the views that are asked seldom said last.

    They are asked together, so that two of them that show the same quantity show the same number.
    """

    def __init__(self) -> None:
        self._said: dict[str, Answer] = {}
        self._until = 0.0

    def repeated(self, asked: Sequence[View], now: float) -> Mapping[str, Answer]:
        """Returns what may be said again at `now`, in seconds: all of it or, if one is new, nothing."""
        seldom = {view.name for view in asked if view.seldom}
        return self._said if now < self._until and seldom <= self._said.keys() else {}

    def keep(self, found: Mapping[str, Answer], asked: Sequence[View], now: float) -> None:
        """Keep what was said anew at `now`."""
        fresh = {view.name: found[view.name] for view in asked if view.seldom}
        if any(self._said.get(name) is not answer for name, answer in fresh.items()):
            self._said, self._until = fresh, now + SECONDS

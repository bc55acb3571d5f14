"""Who looks at the runs of a worker, at the other end of a pipe."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any


class Viewers:
    """An audience at the other end of a pipe. Of each run only one frame is on its way at a time."""

    def __init__(self, show: Callable[[str, Mapping[str, Any]], None]) -> None:
        self._show = show
        self._views: dict[str, frozenset[str]] = {}
        self._on_its_way: set[str] = set()

    def watch(self, run_id: str, views: frozenset[str]) -> None:
        """These views of the run are looked at from now on."""
        self._views[run_id] = views

    def arrived(self, run_id: str) -> None:
        """The frame on its way has been passed on."""
        self._on_its_way.discard(run_id)

    def watched(self, run_id: str) -> frozenset[str]:
        """See `Audience`; so for all others."""
        return frozenset() if run_id in self._on_its_way else self._views.get(run_id, frozenset())

    def present(self, run_id: str) -> bool:
        return True  # the server pauses the runs that nobody has open

    def publish(self, run_id: str, snapshot: Mapping[str, Any]) -> None:
        self._on_its_way.add(run_id)
        self._show(run_id, snapshot)

    def forget(self, run_id: str) -> None:
        self._views.pop(run_id, None)
        self._on_its_way.discard(run_id)

"""A Hub as a Lab's audience: each snapshot becomes a frame once, whoever watches."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ganlab.live.frames import encode
from ganlab.live.hub import Hub
from ganlab.live.wire import lighten


class Broadcast:
    """Passes a Lab's snapshots on to a Hub's viewers, as `ganlab.runs.Audience` asks."""

    def __init__(self, hub: Hub, is_open: Callable[[str], bool] = lambda run_id: False) -> None:
        """`is_open` tells whether a page has a run before it that shows no live view of it; from any thread."""
        self._hub, self._is_open = hub, is_open

    def watched(self, run_id: str) -> frozenset[str]:
        """The views that somebody looks at."""
        return self._hub.watched(run_id)

    def present(self, run_id: str) -> bool:
        """Whether a page has the run open, in a hidden tab perhaps."""
        return self._hub.viewers(run_id) > 0 or self._is_open(run_id)

    def publish(self, run_id: str, snapshot: Mapping[str, Any]) -> None:
        """Send the snapshot to whoever looks."""
        self._hub.publish(run_id, encode(lighten(snapshot)))

    def forget(self, run_id: str) -> None:
        """Send away the viewers of a run that is gone."""
        self._hub.forget(run_id)

"""A Hub as a Lab's audience: each snapshot becomes a frame once, whoever watches."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ganlab.live.frames import encode
from ganlab.live.hub import Hub
from ganlab.live.wire import lighten


class Broadcast:
    """Passes a Lab's snapshots on to a Hub's viewers, as `ganlab.runs.Audience` asks."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub

    def watched(self, run_id: str) -> frozenset[str]:
        """The views that somebody looks at."""
        return self._hub.watched(run_id)

    def present(self, run_id: str) -> bool:
        """Whether a socket is open on the run."""
        return self._hub.viewers(run_id) > 0

    def publish(self, run_id: str, snapshot: Mapping[str, Any]) -> None:
        """Send the snapshot to whoever looks."""
        self._hub.publish(run_id, encode(lighten(snapshot)))

    def forget(self, run_id: str) -> None:
        """The run is gone: its viewers are sent away."""
        self._hub.forget(run_id)

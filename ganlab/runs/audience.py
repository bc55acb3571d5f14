"""Who looks at a run: all that the training thread needs to know about pages and sockets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol


class Audience(Protocol):
    """Where Snapshots go. Called on the training thread, so each method must return at once."""

    def watched(self, run_id: str) -> frozenset[str]:
        """The views of this run that somebody looks at now."""
        ...

    def present(self, run_id: str) -> bool:
        """Whether anybody has this run open, in a hidden tab perhaps."""
        ...

    def publish(self, run_id: str, snapshot: Mapping[str, Any]) -> None:
        """Show a snapshot to whoever looks."""
        ...

    def forget(self, run_id: str) -> None:
        """The run is gone."""
        ...


class Nobody:
    """An audience for training that no one watches."""

    def watched(self, run_id: str) -> frozenset[str]:
        return frozenset()

    def present(self, run_id: str) -> bool:
        return False

    def publish(self, run_id: str, snapshot: Mapping[str, Any]) -> None:
        pass

    def forget(self, run_id: str) -> None:
        pass

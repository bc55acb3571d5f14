"""A gate before the turns: closed, it lets no run train, and no run is paused by it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Gate:
    """Which runs get turns. Those that get none keep their state: they go on by themselves once the gate is open.

    Attributes:
        closed: whether runs are held.
        open_to: the ids of runs that get turns in any case.
    """

    closed: bool = False
    open_to: frozenset[str] = frozenset()

    def lets(self, run_id: str) -> bool:
        """Whether this run gets turns."""
        return not self.closed or run_id in self.open_to


OPEN = Gate()
HELD = "Your teacher has paused the class: no run of a student takes a step until your teacher lets the class go on."

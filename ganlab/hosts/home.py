"""What trains in a worker asks this of its host."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from ganlab.hosts import messages as m
from ganlab.runs.keeping.draft import Draft
from ganlab.runs.record import RunRecord


class Workplace(Protocol):
    """A worker that a run can be in."""

    def put(self, message: m.Message) -> None:
        """Send it a message."""
        ...


class Home(Protocol):
    """What a run in a worker asks of its host. Any thread may call it, and its methods return at once."""

    def place(self, seat: int | None) -> Workplace:
        """The worker for the next run of this seat of a class, or of nobody's.

        It may take its time, until it is known whether there is one.

        Raises:
            Trouble: there is none.
        """
        ...

    def place_parts(self, seat: int | None, most: int) -> Sequence[Workplace]:
        """At most so many workers, one at least, for the parts of one job: see `place`."""
        ...

    def in_background(self, work: Callable[[], None]) -> None:
        """Do this on another thread."""
        ...

    def pass_on(self, run_id: str, frame: bytes) -> None:
        """Show a frame to whoever looks."""
        ...

    def store(self, draft: Draft) -> None:
        """Keep a copy of a run."""
        ...

    def latest(self, run_id: str) -> RunRecord:
        """The run as it was copied last. It reads files, so it may take its time. Raises ExperimentError."""
        ...

    def drop(self, run_id: str) -> None:
        """The run is gone."""
        ...

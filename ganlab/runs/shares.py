"""Fair shares of one thread's time: first among the seats of a class, then among the runs of each seat."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Protocol, TypeVar


class Sharer(Protocol):
    """What shares the time: see `TrainingJob`."""

    id: str
    seat: int | None
    used_seconds: float


class Begun(Sharer, Protocol):
    """A sharer that trains, and since when."""

    played_at: float


S = TypeVar("S", bound=Sharer)
B = TypeVar("B", bound=Begun)


class Shares:
    """Who has had how much time. Whoever rested starts level with the others: there is no debt to collect.

    Without a class all runs have the seat None, and share as the runs of one seat do.
    """

    def __init__(self) -> None:
        self._charged: dict[str, float] = {}  # by run, how much of its time its seat was charged
        self._used: dict[int | None, float] = {}  # by seat, seconds
        self._runs_clock: dict[int | None, float] = {}  # by seat, the least time that a run of it that trains has had
        self._clock = 0.0  # the least time that a seat that trains has had

    def charge(self, jobs: Collection[Sharer]) -> None:
        """Charge each seat what its runs, these, have used since the last call: for turns, and for being shown."""
        seats = {job.seat for job in jobs}
        self._used = {seat: self._used.get(seat, 0.0) for seat in seats}
        self._runs_clock = {seat: self._runs_clock.get(seat, 0.0) for seat in seats}
        for job in jobs:
            self._used[job.seat] += job.used_seconds - self._charged.get(job.id, 0.0)
        self._charged = {job.id: job.used_seconds for job in jobs}

    def next(self, running: Sequence[S], watched: Callable[[str], object]) -> S:
        """Of the seat that has had the least time the run that has had the least; of equals, one that is watched.

        Args:
            running: at least one, all of which were charged for.
            watched: whether somebody looks at the run with this id.
        """
        firsts = [self._first_of(seat, running, watched) for seat in {run.seat: None for run in running}]
        for run in firsts:
            self._used[run.seat] = max(self._used[run.seat], self._clock)
        chosen = min(firsts, key=lambda run: (self._used[run.seat], not watched(run.id)))
        self._clock, self._runs_clock[chosen.seat] = self._used[chosen.seat], chosen.used_seconds
        return chosen

    def _first_of(self, seat: int | None, running: Sequence[S], watched: Callable[[str], object]) -> S:
        own = [run for run in running if run.seat == seat]
        for run in own:
            run.used_seconds = self._charged[run.id] = max(run.used_seconds, self._runs_clock[seat])
        return min(own, key=lambda run: (run.used_seconds, not watched(run.id)))


def in_order_of_claim(running: Iterable[B]) -> list[B]:
    """The runs in the order of their claim to train: the first of each seat, then the second of each, and so on."""
    ranks: dict[int | None, int] = {}
    ranked: list[tuple[int, B]] = []
    for run in sorted(running, key=lambda run: run.played_at):
        ranked.append((ranks.get(run.seat, 0), run))
        ranks[run.seat] = ranked[-1][0] + 1
    return [run for _, run in sorted(ranked, key=lambda each: each[0])]

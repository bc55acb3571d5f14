"""Who shares a Lab, and what each of them may do there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from ganlab.experiment import Experiment

if TYPE_CHECKING:
    from ganlab.runs.run import Run

# Training at once on one thread or in one worker. The budget for showing (see `pace`) shows so many every two seconds
# at 12 ms a frame; one of the default ring takes 6.
MOST_RUNNING = 32
MOST_RUNS = 64  # kept in memory, and `MOST_RUNNING` more for each worker after the first


class Policy(Protocol):
    """What a Lab asks before it makes something new. Any thread may call it: the one that asks the Lab for something.

    A seat is the number of somebody in a class; None is nobody's, and all that there is without a class.
    """

    def permit(self, experiment: Experiment, runs: Sequence[Run], *, sweep: bool = False) -> None:
        """Whoever asks wants a new run of this experiment, or a sweep with it, where there are these runs.

        Raises:
            ExperimentError: they may not have it; the message says what to do.
        """
        ...

    def claim(self, run_id: str) -> int | None:
        """A run or a sweep with this id has come into memory for whoever asked. Returns the seat whose it is."""
        ...

    def seat_of(self, run_id: str) -> int | None:
        """The seat whose this run is."""
        ...

    def owned_by(self, seat: int | None) -> frozenset[str]:
        """The ids of a seat's runs, in memory or not."""
        ...

    def most_training(self, seat: int | None) -> int | None:
        """How many runs of a seat may train at once; None for as many as can."""
        ...

    def most_kept(self, seat: int | None) -> int | None:
        """How many runs of a seat are kept; None for as many as fit."""
        ...


class NoPolicy:
    """Everybody may do everything, and nobody owns anything."""

    def permit(self, experiment: Experiment, runs: Sequence[Run], *, sweep: bool = False) -> None:
        """See `Policy`; so for all others."""

    def claim(self, run_id: str) -> int | None:
        return None

    def seat_of(self, run_id: str) -> int | None:
        return None

    def owned_by(self, seat: int | None) -> frozenset[str]:
        return frozenset()

    def most_training(self, seat: int | None) -> int | None:
        return None

    def most_kept(self, seat: int | None) -> int | None:
        return None

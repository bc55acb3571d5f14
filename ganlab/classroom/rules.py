"""The rules of a class, as a Lab asks for them: see `ganlab.runs.policy.Policy`."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ganlab.classroom.classroom import Classroom
from ganlab.classroom.locked_settings import check_new
from ganlab.classroom.state import TEACHER
from ganlab.experiment import Experiment
from ganlab.runs.run import Run


class RulesOfAClass:
    """Each seat has its own runs and its limits. The teacher, and what is nobody's, have no limits."""

    def __init__(self, room: Classroom, who: Callable[[], int | None]) -> None:
        """`who` says for whom the thread that calls works: a seat's number, TEACHER, or None."""
        self._room, self._who = room, who

    def permit(self, experiment: Experiment, runs: Sequence[Run], *, sweep: bool = False) -> None:
        """See `Policy`; so for all others."""
        seat, state = self._who(), self._room.state
        if seat in (None, TEACHER):
            return
        state.limits.check(experiment, sweep=sweep)
        if state.locks:
            near = [run for run in runs if run.seat == seat or run.id == state.sent]
            check_new(state.locks, experiment, (e for run in near for e in (run.experiment, run.initial_experiment)))

    def claim(self, run_id: str) -> int | None:
        return self._room.claim(run_id, self._who())

    def seat_of(self, run_id: str) -> int | None:
        return self._room.state.owners.get(run_id)

    def owned_by(self, seat: int | None) -> frozenset[str]:
        return frozenset() if seat is None else self._room.state.owned_by(seat)

    def most_training(self, seat: int | None) -> int | None:
        return None if seat in (None, TEACHER) else self._room.state.limits.training

    def most_kept(self, seat: int | None) -> int | None:
        return None if seat in (None, TEACHER) else self._room.state.limits.kept

"""What the buttons of the board do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from starlette.concurrency import run_in_threadpool

from ganlab.classroom.classroom import Classroom
from ganlab.classroom.limits import Limits
from ganlab.classroom.locked_settings import LOCKS
from ganlab.classroom.moments import moment_of
from ganlab.classroom.refusals import CannotDo
from ganlab.classroom.spotlight import Spotlight
from ganlab.classroom.state import TEACHER
from ganlab.classroom.wall import RunsOfALab
from ganlab.live.hub import Hub
from ganlab.runs.naming import data_and_method
from ganlab.runs.run import Run


class LabOfAClass(RunsOfALab, Protocol):
    """What a class needs of a Lab."""

    def get(self, run_id: str) -> Run | None: ...


class Acts:
    """Does what the teacher's board asks for. Runs are named there by the ids that only watch them."""

    def __init__(self, room: Classroom, lab: LabOfAClass, hub: Hub, watch_id: Callable[[str], str]) -> None:
        self._room, self._lab, self._hub, self._watch_id = room, lab, hub, watch_id

    def do(self, said: dict[str, Any]) -> bool:
        """Returns whether there is such an action.

        Raises:
            ValidationError: a value is not allowed.
        """
        room = self._room
        match said:
            case {"do": "pause"}:
                room.pause(True)
            case {"do": "resume"}:
                room.pause(False)
            case {"do": "code"}:
                room.renew_code()
            case {"do": "door", "closed": bool(closed)}:
                room.close_door(closed)
            case {"do": "clear"}:
                room.remove_empty()
            case {"do": "names", "shown": bool(shown)}:
                room.show_names(shown)
            case {"do": "limit", "limits": dict(limits)}:
                room.limit(Limits.model_validate(limits, strict=True))
            case {"do": "lock", "groups": list(groups)}:
                room.lock(LOCKS.validate_python(groups))
            case {"do": "remove", "seat": int(number)} if number != TEACHER:
                self._let_go(room.remove(number))
            case {"do": "end"}:
                self._let_go(room.end())
            case {"do": "send", "run": str(watch_id)}:
                found = next((run for run in self.teachers_runs() if self._watch_id(run.id) == watch_id), None)
                if found is None:
                    return False
                room.send(found.id, name_of(found))
            case {"do": "recall"}:
                room.recall()
            case {"do": "spotlight", "run": str(watch_id), "named": bool(named)}:
                return self._show(watch_id, named)
            case {"do": "spotlight", "run": None}:
                room.show(None)
            case {"do": "ask", "text": str(text), "answers": list(answers)}:
                room.ask(text, answers)
            case {"do": "reveal"}:
                room.reveal()
            case {"do": "drop question"}:
                room.drop_question()
            case {"do": "order pins", "pins": list(numbers)} if all(isinstance(each, int) for each in numbers):
                room.order_pins(numbers)
            case {"do": "unpin", "pin": int(number)}:
                room.unpin(number)
            case _:
                return False
        return True

    def teachers_runs(self) -> list[Run]:
        """The teacher's own runs, the one looked at last first."""
        own = self._room.state.owned_by(TEACHER)
        return sorted((run for run in self._lab.runs() if run.id in own), key=lambda run: -run.last_watched)

    def _show(self, watch_id: str, named: bool) -> bool:
        found = self._of_a_seat(watch_id)
        if found is None:
            return False
        run, seat = found
        self._room.show(Spotlight(run=run.id, seat=seat, title=data_and_method(run.experiment), named=named))
        return True

    async def pin(self, watch_id: str) -> None:
        """Pin the run of a seat as it stands now.

        Raises:
            CannotDo: there is no such run, it shows nothing, or as many are pinned as can be.
        """
        found = self._of_a_seat(watch_id)
        if found is None:
            raise CannotDo(404, "This run is not open any more.")
        run, seat = found
        moment = await moment_of(run, self._hub)
        if moment is None:
            raise CannotDo(409, "This run shows nothing at the moment. Try again.")
        await run_in_threadpool(self._room.pin, seat, moment)

    def _of_a_seat(self, watch_id: str) -> tuple[Run, int] | None:
        """The run of a seat that this id watches, and the seat's number."""
        state = self._room.state
        seats = {seat.number for seat in state.seats}
        for run in self._lab.runs():
            seat = state.owners.get(run.id)
            if seat in seats and seat is not None and self._watch_id(run.id) == watch_id:
                return run, seat
        return None

    def _let_go(self, run_ids: frozenset[str]) -> None:
        """Pause the runs of seats that were taken away, and send their viewers away."""
        for run_id in run_ids:
            if (run := self._lab.get(run_id)) is not None:
                run.pause("Paused, because its seat in the class was taken away.")
                self._hub.forget(run_id)


def name_of(run: Run) -> str:
    """What a run of the teacher is called."""
    return run.name or data_and_method(run.experiment)

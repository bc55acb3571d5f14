"""The live wall of a class: of each seat one run, at most a kilobyte, once a second while a board is open."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Protocol

from ganlab.classroom.classroom import Classroom
from ganlab.classroom.pictures import large_picture, picture
from ganlab.classroom.saved_runs import SavedRuns
from ganlab.classroom.state import Seat
from ganlab.experiment.sentence import to_plain
from ganlab.live.frames import header
from ganlab.live.hub import Hub, Viewer
from ganlab.runs.naming import data_and_method
from ganlab.runs.run import Run
from ganlab.runs.state import State
from ganlab.views.drawing import drawing_of

LOOK_SECONDS = 1.0  # between two looks
PATIENCE = 0.5  # seconds that a look waits for frames; what is late comes with the next one
WANTED = frozenset({"thumbnail", "commentary"})
# Who needs help comes first. Verdicts are those of ganlab/views/comments.
FAILED, DIVERGING, COLLAPSED, WARNED, IDLE, AT_WORK = range(6)


class RunsOfALab(Protocol):
    """What a wall needs of a Lab."""

    def runs(self) -> tuple[Run, ...]: ...


class Glimpse:
    """What a wall knows of one run: its picture and its last verdict. It asks for a frame where something has moved."""

    def __init__(self, run: Run, hub: Hub, wanted: frozenset[str] = WANTED, patience: float = PATIENCE) -> None:
        """`patience`: the seconds that a look waits."""
        self.run, self._wanted, self._patience = run, wanted, patience
        self._hub = hub
        self._viewer: Viewer = hub.join(run.id)
        self._seen: tuple[int, int, State] | None = None
        self.iteration = 0  # that picture and verdict are of
        self.picture: dict[str, Any] = {}
        self.comment: dict[str, Any] = {}

    def close(self) -> None:
        """Look no longer."""
        self._hub.leave(self._viewer)

    async def look(self) -> None:
        """Wait for a frame that is newer than the last one, if there will be one."""
        at = (self.run.build, self.run.iteration, self.run.state)
        if at == self._seen:
            return
        if not self._viewer.views:
            self._hub.want(self._viewer, self._wanted)
        try:
            async with asyncio.timeout(self._patience):
                while (frame := await self._viewer.next()) is not None:
                    if self._read(frame, *at[:2]):
                        self._seen = at
                        break
        except TimeoutError:
            return  # it is still wanted
        self._hub.want(self._viewer, frozenset())

    def _read(self, frame: bytes, build: int, iteration: int) -> bool:
        """Take what is wanted out of a frame; returns whether it was there, and not older than that iteration."""
        said = header(frame)
        views = said.get("views", {})
        if said.get("build") != build or said.get("iteration", -1) < iteration or "commentary" not in views:
            return False
        self.comment = views["commentary"]
        self.iteration = said["iteration"]
        if (thumbnail := views.get("thumbnail")) is not None:
            self.picture = picture(frame, thumbnail)
        if (samples := views.get("samples")) is not None:
            self.picture = large_picture(frame, samples)
        return thumbnail is not None or drawing_of(self.run.experiment) == "phase"


class ClassWall:
    """One open board's view of the class. All methods are called on the server's event loop."""

    def __init__(
        self, room: Classroom, lab: RunsOfALab, hub: Hub, watch_id: Callable[[str], str], saved: SavedRuns
    ) -> None:
        """`watch_id`: of a run's id, the one that only watches."""
        self._room, self._lab, self._hub, self._watch_id, self._saved = room, lab, hub, watch_id, saved
        self._glimpses: dict[str, Glimpse] = {}

    def close(self) -> None:
        """Look no longer."""
        for glimpse in self._glimpses.values():
            glimpse.close()
        self._glimpses.clear()

    async def look(self) -> list[dict[str, Any]]:
        """Of each seat its name and the run that it works on, those that need help first."""
        state = self._room.state
        runs = self._lab.runs()
        shown = {
            seat.number: _at_work(run for run in runs if state.owners.get(run.id) == seat.number)
            for seat in state.seats
        }
        wanted = {run.id: run for run in shown.values() if run is not None}
        for gone in self._glimpses.keys() - wanted.keys():
            self._glimpses.pop(gone).close()
        for run_id, run in wanted.items():
            if run_id not in self._glimpses or self._glimpses[run_id].run is not run:
                self._glimpses[run_id] = Glimpse(run, self._hub)
        await asyncio.gather(*(glimpse.look() for glimpse in self._glimpses.values()))
        away = frozenset(number for number, run in shown.items() if run is None)
        saved = await self._saved.of(away, state.owners)
        tiles = [self._tile(seat, shown[seat.number], saved) for seat in state.seats]
        return sorted(tiles, key=lambda tile: (tile["need"], tile["number"]))

    def _holds(self, run: Run) -> bool:
        """Whether the run would train if the class were not paused."""
        return run.state is State.RUNNING and not self._room.gate.lets(run.id)

    def _tile(self, seat: Seat, run: Run | None, saved: Mapping[int, dict[str, Any]]) -> dict[str, Any]:
        tile: dict[str, Any] = {"number": seat.number, "name": "" if self._room.state.nameless else seat.name}
        if run is None:
            return tile | {"need": IDLE, "state": "none"} | saved.get(seat.number, {})
        glimpse = self._glimpses[run.id]
        about = {"headline": glimpse.comment.get("headline"), "severity": glimpse.comment.get("severity", "info")}
        if run.state is State.FAILED:
            about = {"headline": to_plain(run.message), "severity": "error"}
        return tile | about | glimpse.picture | {
            "need": need(run.state, str(glimpse.comment.get("verdict", "")), str(about["severity"])),
            "state": "held" if self._holds(run) else str(run.state),
            "watch": self._watch_id(run.id),
            "iteration": run.iteration,
            "title": data_and_method(run.experiment),
        }  # fmt: skip


def need(state: State, verdict: str, severity: str) -> int:
    """How much a run needs help: the smaller the number, the sooner."""
    if state is State.FAILED:
        return FAILED
    if verdict == "diverging":
        return DIVERGING
    if verdict == "collapsing":
        return COLLAPSED
    if severity in ("warning", "error"):
        return WARNED
    return AT_WORK if state is State.RUNNING else IDLE


def _at_work(runs: Iterable[Run]) -> Run | None:
    """The run that a seat works on: one that trains, or else the one looked at last."""
    return max(runs, key=lambda run: (run.state is State.RUNNING, run.last_watched), default=None)

"""What the teacher's board asks for: all that it shows, what its buttons do, and the records."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import date
from functools import lru_cache
from typing import Any
from urllib.parse import urljoin

import segno
from pydantic import ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.requests import HTTPConnection, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response, StreamingResponse
from starlette.websockets import WebSocket, WebSocketDisconnect

from ganlab.classroom.acts import Acts, LabOfAClass, name_of
from ganlab.classroom.classroom import Classroom
from ganlab.classroom.entrance import REFUSED, SOCKET_REFUSED
from ganlab.classroom.exchange import BAD_MESSAGE, bad, page, said_by
from ganlab.classroom.front_desk import spotlight_for
from ganlab.classroom.locked_settings import LABELS
from ganlab.classroom.records import RunsKept, as_zip
from ganlab.classroom.refusals import CannotDo
from ganlab.classroom.saved_runs import SavedRuns
from ganlab.classroom.state import TEACHER
from ganlab.classroom.wall import LOOK_SECONDS, ClassWall
from ganlab.live.hub import Hub
from ganlab.runs.keeping.database import StoreUnusable
from ganlab.runs.run import Run

MOST_OFFERED = 20  # of the teacher's runs, to be sent
NOTHING_KEPT = 409
TEACHERS_ONLY = "This is the teacher's board. Open the teacher's link, which the server printed when it started."


class TeachersDesk:
    """Answers whoever has the teacher's cookie. For the arguments see `class_routes`."""

    def __init__(
        self,
        room: Classroom,
        lab: LabOfAClass,
        hub: Hub,
        watch_id: Callable[[str], str],
        reached: Callable[[str], str],
        shut_out: Callable[[], None],
        store: RunsKept | None,
    ) -> None:
        self._room, self._lab, self._hub = room, lab, hub
        self._watch_id, self._reached, self._shut_out = watch_id, reached, shut_out
        self._store = store
        self._acts = Acts(room, lab, hub, watch_id)

    def _leads(self, connection: HTTPConnection) -> bool:
        return self._room.who(connection.cookies) == TEACHER

    async def board_page(self, request: Request) -> Response:
        if not self._leads(request):
            return PlainTextResponse(TEACHERS_ONLY, REFUSED)
        return page("board")

    async def wall(self, socket: WebSocket) -> None:
        await socket.accept()  # first, or our page would not learn the code it is closed with
        if "origin" not in socket.headers or not self._leads(socket):
            await socket.close(SOCKET_REFUSED, "This is the teacher's board.")
            return
        wall = ClassWall(self._room, self._lab, self._hub, self._watch_id, SavedRuns(self._store))
        address = self._address(str(socket.url))
        leaving = asyncio.create_task(_until_closed(socket))
        try:
            pinned: tuple[object, ...] = ()
            while not leaving.done():
                about, state = self._about(address), self._room.state
                if pinned != (pinned := (state.pins, state.nameless)):  # they are large, and seldom new
                    about["pins"] = [pin.for_board(nameless=state.nameless) for pin in state.pins]
                await socket.send_json(about | {"seats": await wall.look()})
                await asyncio.wait({leaving}, timeout=LOOK_SECONDS)
        except WebSocketDisconnect:
            pass
        finally:
            wall.close()
            leaving.cancel()

    def _about(self, address: str) -> dict[str, Any]:
        state, own = self._room.state, self._acts.teachers_runs()[:MOST_OFFERED]
        return {
            "code": state.code,
            "address": address,
            "qr": _qr(f"{address}#{state.code}"),
            "closed": state.closed,
            "empty": len(self._room.empty_seats()),
            "paused": state.paused,
            "nameless": state.nameless,
            "sent": self._watch_id(state.sent) if state.sent else None,
            "own": [{"id": self._watch_id(run.id), "title": _title(run)} for run in own],
            "spotlight": spotlight_for(TEACHER, self._room, self._watch_id),
            "question": state.question
            and state.question.for_pages(TEACHER) | {"answered": len(state.question.given), "of": len(state.seats)},
            "limits": state.limits.model_dump(),
            "locks": {lock: {"label": label, "on": lock in state.locks} for lock, label in LABELS.items()},
            "trouble": self._room.trouble,
        }

    def _address(self, of_the_wall: str) -> str:
        """Where students join, as other machines reach it."""
        plain = of_the_wall.replace("ws", "http", 1)
        return self._reached(urljoin(plain, "../class"))

    async def records(self, request: Request) -> Response:
        """What each seat takes home, as one zip."""
        if not self._leads(request):
            return PlainTextResponse(TEACHERS_ONLY, REFUSED)
        if self._store is None:
            return PlainTextResponse("Runs can't be saved here, so there is nothing to take home.", NOTHING_KEPT)
        try:
            pieces = await run_in_threadpool(as_zip, self._room.state, self._store)
        except StoreUnusable as error:
            return PlainTextResponse(str(error), NOTHING_KEPT)
        name = f"ganlab-class-{date.today().isoformat()}.zip"
        headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
        return StreamingResponse(pieces, media_type="application/zip", headers=headers)

    async def act(self, request: Request) -> Response:
        """Do what a button of the board says."""
        if not self._leads(request):
            return PlainTextResponse(TEACHERS_ONLY, REFUSED)
        said = await said_by(request)
        try:
            if said is not None and said.get("do") == "pin":
                await self._acts.pin(str(said.get("run")))
            elif said is None or not await run_in_threadpool(self._acts.do, said):
                return bad()
        except CannotDo as refused:
            return PlainTextResponse(str(refused), refused.status)
        except ValidationError as error:
            return PlainTextResponse(f"This can't be: {error.errors()[0]['msg']}.", BAD_MESSAGE)
        self._shut_out()
        return JSONResponse({})


async def _until_closed(socket: WebSocket) -> None:
    """Read and pass over what a board says, until it is closed."""
    while (await socket.receive())["type"] != "websocket.disconnect":
        pass


@lru_cache(maxsize=16)  # every board shows it once a second
def _qr(address: str) -> str:
    return segno.make(address, error="m").svg_inline(scale=1, border=2, dark="#000", light="#fff", omitsize=True)


def _title(run: Run) -> str:
    return f"{name_of(run)}, iteration {run.iteration:,}"

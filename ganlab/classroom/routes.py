"""The addresses of a class, each with the secret that it asks for.

| address | for | does |
|---|---|---|
| GET /class | everybody | the page where a student types the code |
| POST /class/join | who knows the join code | gives a seat: a cookie |
| GET /class/me | everybody | who somebody is; for members, what every page shows |
| POST /class/answer | a seat | answers the question that the class is asked |
| GET /class/teacher | everybody | the page that hands in the key in its address |
| POST /class/key | who has the teacher's key | gives the teacher's cookie |
| GET /class/board | the teacher | the board |
| GET /class/records | the teacher | a zip with a record of each seat's runs |
| POST /class/act | the teacher | does what a button of the board says |
| socket /class/wall | the teacher | all that the board shows, once a second |
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import date
from functools import lru_cache
from importlib.resources import files
from typing import Any
from urllib.parse import urljoin

import segno
from pydantic import ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.requests import HTTPConnection, Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from ganlab.classroom.acts import Acts, LabOfAClass, name_of
from ganlab.classroom.classroom import SEAT_COOKIE, TEACHER_COOKIE, CannotAnswer, CannotDo, CannotJoin, Classroom
from ganlab.classroom.entrance import REFUSED, SOCKET_REFUSED
from ganlab.classroom.locked_settings import LABELS
from ganlab.classroom.records import RunsKept, as_zip
from ganlab.classroom.state import TEACHER
from ganlab.classroom.wall import LOOK_SECONDS, ClassWall
from ganlab.live.hub import Hub
from ganlab.live.routes import assets_path
from ganlab.runs.keeping.database import StoreUnusable
from ganlab.runs.run import Run

LONGEST_BODY = 4096  # bytes
MOST_OFFERED = 20  # of the teacher's runs, to be sent
BAD_MESSAGE, NOTHING_KEPT = 400, 409
SEAT_SECONDS = 180 * 24 * 3600  # a term: for so long a browser keeps its seat
TEACHERS_ONLY = "This is the teacher's board. Open the teacher's link, which the server printed when it started."


Reply = Callable[[Request], Awaitable[Response]]


def class_routes(
    room: Classroom,
    lab: LabOfAClass,
    hub: Hub,
    watch_id: Callable[[str], str],
    reached: Callable[[str], str],
    shut_out: Callable[[], None],
    store: RunsKept | None = None,
) -> list[BaseRoute]:
    """The routes, at the server's root and below any base path that Streamlit is served under.

    Args:
        watch_id: of a run's id, the one that only watches.
        reached: of an address of this server, the one under which other machines reach it.
        shut_out: closes the open pages of seats that were taken away; called on the event loop.
        store: where runs are kept; None where none can be.
    """
    desk = _Desk(room, lab, hub, watch_id, reached, shut_out, store)
    found: list[BaseRoute] = []
    for base in ("", "/{base:path}"):
        found += [
            Route(f"{base}/class", desk.join_page),
            Route(f"{base}/class/join", desk.join, methods=["POST"]),
            Route(f"{base}/class/me", desk.me),
            Route(f"{base}/class/answer", desk.answer, methods=["POST"]),
            Route(f"{base}/class/teacher", desk.teachers_page),
            Route(f"{base}/class/key", desk.unlock, methods=["POST"]),
            Route(f"{base}/class/board", desk.board_page),
            Route(f"{base}/class/records", desk.records),
            Route(f"{base}/class/act", desk.act, methods=["POST"]),
            WebSocketRoute(f"{base}/class/wall", desk.wall),
        ]
    return found


class _Desk:
    """Answers what is asked at the addresses of a class."""

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

    # For everybody

    async def join_page(self, _: Request) -> Response:
        return _page("join", root="")

    async def teachers_page(self, _: Request) -> Response:
        return _page("teacher")

    async def join(self, request: Request) -> Response:
        """A seat for the code. Who has one keeps it."""
        said = await _said(request)
        if said is None:
            return _bad()
        if (who := self._room.who(request.cookies)) is not None and who != TEACHER:
            return self._welcome(who)
        address = request.client.host if request.client else ""
        try:
            seat, secret = await run_in_threadpool(self._room.join, str(said.get("code", "")), address)
        except CannotJoin as refused:
            return PlainTextResponse(str(refused), refused.status)
        answer = self._welcome(seat.number)
        _give(answer, request, SEAT_COOKIE, secret)
        return answer

    async def unlock(self, request: Request) -> Response:
        """The teacher's cookie for the key in the teacher's link."""
        said = await _said(request)
        if said is None:
            return _bad()
        cookie = self._room.unlock(str(said.get("key", "")))
        if cookie is None:
            return PlainTextResponse("This link is not this class's. The server printed the right one.", REFUSED)
        answer = JSONResponse({})
        _give(answer, request, TEACHER_COOKIE, cookie)
        return answer

    async def me(self, request: Request) -> Response:
        """Who somebody is, and what every page of a member shows."""
        who = self._room.who(request.cookies)
        if who is None:
            return JSONResponse({"member": False})
        state, seat = self._room.state, self._room.seat(who)
        sent = {"watch": self._watch_id(state.sent), "title": state.sent_title} if state.sent else None
        return JSONResponse(
            {
                "member": True,
                "teacher": who == TEACHER,
                "name": seat.name if seat else "Teacher",
                "paused": state.paused,
                "sent": sent,
                "spotlight": self._spotlight(who),
                "question": state.question and state.question.for_pages(who),
            }
        )

    async def answer(self, request: Request) -> Response:
        """Take a seat's answer to the question that the class is asked."""
        who, said = self._room.who(request.cookies), await _said(request)
        if who is None or who == TEACHER:
            return PlainTextResponse("Only students of the class answer.", REFUSED)
        match said:
            case {"question": int(number), "answer": int(place)}:
                try:
                    await run_in_threadpool(self._room.answer, who, number, place)
                except CannotAnswer as refused:
                    return PlainTextResponse(str(refused), refused.status)
                return JSONResponse({})
        return _bad()

    def _spotlight(self, looks: int) -> dict[str, Any] | None:
        """The run before all eyes, as somebody of the class may know of it."""
        shown = self._room.state.spotlight
        if shown is None:
            return None
        seat = self._room.seat(shown.seat)
        return shown.for_pages(self._watch_id(shown.run), seat.name if seat else "", looks)

    def _welcome(self, number: int) -> JSONResponse:
        seat = self._room.seat(number)
        return JSONResponse({"name": seat.name if seat else ""})

    # For the teacher

    def _leads(self, connection: HTTPConnection) -> bool:
        return self._room.who(connection.cookies) == TEACHER

    async def board_page(self, request: Request) -> Response:
        if not self._leads(request):
            return PlainTextResponse(TEACHERS_ONLY, REFUSED)
        return _page("board")

    async def wall(self, socket: WebSocket) -> None:
        await socket.accept()  # first, or our page would not learn the code it is closed with
        if "origin" not in socket.headers or not self._leads(socket):
            await socket.close(SOCKET_REFUSED, "This is the teacher's board.")
            return
        wall = ClassWall(self._room, self._lab, self._hub, self._watch_id)
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
            "paused": state.paused,
            "nameless": state.nameless,
            "sent": self._watch_id(state.sent) if state.sent else None,
            "own": [{"id": self._watch_id(run.id), "title": _title(run)} for run in own],
            "spotlight": self._spotlight(TEACHER),
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
        said = await _said(request)
        try:
            if said is not None and said.get("do") == "pin":
                await self._acts.pin(str(said.get("run")))
            elif said is None or not await run_in_threadpool(self._acts.do, said):
                return _bad()
        except CannotDo as refused:
            return PlainTextResponse(str(refused), refused.status)
        except ValidationError as error:
            return PlainTextResponse(f"This can't be: {error.errors()[0]['msg']}.", BAD_MESSAGE)
        self._shut_out()
        return JSONResponse({})


def _page(name: str, root: str = "../") -> HTMLResponse:
    """One of our own pages; `root` leads from it to where the app is."""
    text = (files("ganlab.classroom") / "sites" / f"{name}.html").read_text(encoding="utf-8")
    return HTMLResponse(text.replace("ASSETS/", f"{root}{assets_path()}"), headers={"Cache-Control": "no-store"})


def _bad() -> Response:
    return PlainTextResponse("This address takes a short JSON object from the app's own pages.", BAD_MESSAGE)


async def _said(request: Request) -> dict[str, Any] | None:
    """The JSON object that one of our own pages sent; None for anything else."""
    if "origin" not in request.headers:  # every browser names it; a wrong one is refused before (see admission.py)
        return None
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > LONGEST_BODY:
            return None
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return said if isinstance(said, dict) else None


def _give(answer: Response, request: Request, name: str, secret: str) -> None:
    """A cookie that scripts can't read and other sites can't use."""
    answer.set_cookie(
        name,
        secret,
        max_age=SEAT_SECONDS,
        httponly=True,
        samesite="strict",
        secure=request.headers.get("x-forwarded-proto", request.url.scheme) == "https",
    )


async def _until_closed(socket: WebSocket) -> None:
    """Read and pass over what a board says, until it is closed."""
    while (await socket.receive())["type"] != "websocket.disconnect":
        pass


@lru_cache(maxsize=16)  # every board shows it once a second
def _qr(address: str) -> str:
    return segno.make(address, error="m").svg_inline(scale=1, border=2, dark="#000", light="#fff", omitsize=True)


def _title(run: Run) -> str:
    return f"{name_of(run)}, iteration {run.iteration:,}"

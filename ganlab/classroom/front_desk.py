"""What everybody may ask of a class: to join, who one is, to answer, and to be taken for the teacher."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from ganlab.classroom.classroom import SEAT_COOKIE, TEACHER_COOKIE, Classroom
from ganlab.classroom.entrance import REFUSED
from ganlab.classroom.exchange import bad, give, page, said_by
from ganlab.classroom.refusals import CannotAnswer, CannotJoin
from ganlab.classroom.state import TEACHER


class FrontDesk:
    """Answers everybody, each by the secret that they show."""

    def __init__(self, room: Classroom, watch_id: Callable[[str], str]) -> None:
        """`watch_id`: of a run's id, the one that only watches."""
        self._room, self._watch_id = room, watch_id

    async def join_page(self, _: Request) -> Response:
        return page("join", root="")

    async def teachers_page(self, _: Request) -> Response:
        return page("teacher")

    async def join(self, request: Request) -> Response:
        """A seat for the code. Who has one keeps it."""
        said = await said_by(request)
        if said is None:
            return bad()
        if (who := self._room.who(request.cookies)) is not None and who != TEACHER:
            return self._welcome(who)
        code, address = str(said.get("code", "")), request.client.host if request.client else ""
        try:
            await asyncio.sleep(self._room.wait(code, address))
            seat, secret = await run_in_threadpool(self._room.join, code)
        except CannotJoin as refused:
            return PlainTextResponse(str(refused), refused.status)
        answer = self._welcome(seat.number)
        give(answer, request, SEAT_COOKIE, secret)
        return answer

    async def unlock(self, request: Request) -> Response:
        """The teacher's cookie for the key in the teacher's link."""
        said = await said_by(request)
        if said is None:
            return bad()
        cookie = self._room.unlock(str(said.get("key", "")))
        if cookie is None:
            return PlainTextResponse("This link is not this class's. The server printed the right one.", REFUSED)
        answer = JSONResponse({})
        give(answer, request, TEACHER_COOKIE, cookie)
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
                "rules": state.rules,
                "sent": sent,
                "spotlight": spotlight_for(who, self._room, self._watch_id),
                "question": state.question and state.question.for_pages(who),
            }
        )

    async def answer(self, request: Request) -> Response:
        """Take a seat's answer to the question that the class is asked."""
        who, said = self._room.who(request.cookies), await said_by(request)
        if who is None or who == TEACHER:
            return PlainTextResponse("Only students of the class answer.", REFUSED)
        match said:
            case {"question": int(number), "answer": int(place)}:
                try:
                    await run_in_threadpool(self._room.answer, who, number, place)
                except CannotAnswer as refused:
                    return PlainTextResponse(str(refused), refused.status)
                return JSONResponse({})
        return bad()

    def _welcome(self, number: int) -> JSONResponse:
        seat = self._room.seat(number)
        return JSONResponse({"name": seat.name if seat else ""})


def spotlight_for(looks: int, room: Classroom, watch_id: Callable[[str], str]) -> dict[str, Any] | None:
    """The run before all eyes, as a seat or the teacher may know of it."""
    shown = room.state.spotlight
    if shown is None:
        return None
    seat = room.seat(shown.seat)
    return shown.for_pages(watch_id(shown.run), seat.name if seat else "", looks)

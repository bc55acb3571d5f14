"""The door of a class: without a seat or the teacher's cookie nobody gets further than the join page."""

from __future__ import annotations

import re

from starlette.datastructures import Headers
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocket

from ganlab.classroom.classroom import Classroom

REFUSED, SOCKET_REFUSED = 403, 4403
NO_SUCH_RUN, SOCKET_NO_SUCH_RUN = 404, 4404
# What strangers may ask for: the class's own addresses, each of which asks for its secret itself; our scripts; whether
# the server is well.
_OPEN = re.compile(r"(^|/)(class|class/\w+|live/assets/.+|_stcore/health)$")
_OF_A_RUN = re.compile(r"(?:^|/)live/([0-9a-f]{32})(?:/|$)")
JOIN_FIRST = "Join the class first: open the address of the class and type its code."
NOT_YOURS = "There is no such run. It may have been removed."  # so that nobody learns which ids there are


class Entrance:
    """Lets the members of a class in, and each of them to their own runs alone; the teacher to all."""

    def __init__(self, app: ASGIApp, room: Classroom) -> None:
        self._app, self._room = app, room

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket") or _OPEN.search(scope["path"]):
            await self._app(scope, receive, send)
            return
        who = self._room.who(HTTPConnection(scope).cookies)
        named = _OF_A_RUN.search(scope["path"])
        if who is None:
            await _turn_away(scope, receive, send, REFUSED, SOCKET_REFUSED, JOIN_FIRST)
        elif named is not None and not self._room.may_command(who, named[1]):
            await _turn_away(scope, receive, send, NO_SUCH_RUN, SOCKET_NO_SUCH_RUN, NOT_YOURS)
        else:
            await self._app(scope, receive, send)


async def _turn_away(scope: Scope, receive: Receive, send: Send, status: int, code: int, sentence: str) -> None:
    """Refuse: a page of a stranger leads to the join page, anything else gets the sentence."""
    answer: Response = PlainTextResponse(sentence + "\n", status)
    if scope["type"] == "http":
        if status == REFUSED and scope["method"] == "GET" and "text/html" in Headers(scope=scope).get("accept", ""):
            answer = RedirectResponse("class", 303)  # beside the page that was asked for, below any base path
        await answer(scope, receive, send)
        return
    socket = WebSocket(scope, receive, send)
    if "/live/" not in scope["path"]:
        await socket.send_denial_response(answer)
        return
    await socket.accept()  # first, or our page would not learn the code it is closed with
    await socket.close(code, sentence.partition(".")[0] + ".")

"""The live channel's addresses: one WebSocket a viewer, and the scripts that draw what it brings."""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import json
import re
from collections.abc import Callable
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from posixpath import dirname, normpath
from typing import Any, Protocol

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from ganlab.live.admission import SOCKET_REFUSED
from ganlab.live.hub import Hub, Viewer
from ganlab.live.wire import ASKED

BAD_MESSAGE, NO_SUCH_RUN = 4400, 4404
LONGEST_MESSAGE = 1024  # characters; the longest honest one names eleven views

# What a script imports; its comments import types, too, which are for the type checker alone.
_IMPORT = re.compile(r'^(?!\s*/?\*).*\bfrom "(\.[\w./]+)"', re.MULTILINE)
_TYPES = {"js": "text/javascript", "css": "text/css"}
_A_YEAR = "public, max-age=31536000, immutable"  # an address names its content's version, so it never goes stale


class Runs(Protocol):
    """What the live channel needs of a Lab: whether a run exists."""

    def get(self, run_id: str) -> Any | None: ...


def routes(find: Callable[[str], str | None], hub: Hub) -> list[BaseRoute]:
    """The channel's routes, at the server's root and below any base path that Streamlit is served under.

    `find` gives the id under which the hub knows what is watched by the id in an address, or None.
    """

    async def live(socket: WebSocket) -> None:
        await socket.accept()  # first, or the browser would not learn the code it is closed with
        if "origin" not in socket.headers:  # every browser names it; a wrong one is refused before (see admission.py)
            await socket.close(SOCKET_REFUSED, "This socket answers only the app's own pages.")
        elif (known := find(socket.path_params["watched"])) is None:
            await socket.close(NO_SUCH_RUN, "There is no such run. It may have been removed.")
        else:
            await _serve(socket, hub, known)

    found: list[BaseRoute] = []
    for base in ("", "/{base:path}"):
        found.append(WebSocketRoute(base + "/live/{watched}", live))
        found.append(Route(base + "/live/assets/{version}/{name:path}", _asset))
    return found


@cache
def assets_path() -> str:
    """Where the scripts lie, below the server's base path; changes with their content, so browsers may keep them."""
    digest = hashlib.sha256()
    for name, file in sorted(_files().items()):
        digest.update(name.encode() + file.read_bytes())
    return f"live/assets/{digest.hexdigest()[:12]}/"


@cache
def module_names(*entries: str) -> tuple[str, ...]:
    """Scripts and all that they import, so that a browser can ask for all of them at once."""
    found, waiting = set(), list(entries)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            imported = _IMPORT.findall(_files()[name].read_text(encoding="utf-8"))
            waiting += [normpath(f"{dirname(name)}/{path}") for path in imported]
    return tuple(sorted(found))


async def _serve(socket: WebSocket, hub: Hub, run_id: str) -> None:
    """Send frames and read wishes until either side hangs up."""
    viewer = hub.join(run_id)
    jobs = {asyncio.create_task(_send(socket, viewer)), asyncio.create_task(_receive(socket, hub, viewer))}
    try:
        done, _ = await asyncio.wait(jobs, return_when=asyncio.FIRST_COMPLETED)
        for closing in [job.result() for job in done]:
            if closing is not None:
                await socket.close(*closing)
    finally:
        hub.leave(viewer)
        for job in jobs:
            job.cancel()
        await asyncio.gather(*jobs, return_exceptions=True)


async def _send(socket: WebSocket, viewer: Viewer) -> tuple[int, str] | None:
    """Pass frames on as fast as the socket takes them; returns a reason to close when the run is gone."""
    try:
        while (frame := await viewer.next()) is not None:
            await socket.send_bytes(frame)
    except WebSocketDisconnect:
        return None
    return NO_SUCH_RUN, "The run was removed."


async def _receive(socket: WebSocket, hub: Hub, viewer: Viewer) -> tuple[int, str] | None:
    """Note what the viewer wants to see; returns a reason to close at the first message that says anything else."""
    try:
        while True:
            views = _wanted(await socket.receive())
            if views is None:
                return BAD_MESSAGE, 'This socket takes {"views": [...]} with the names of views.'
            hub.want(viewer, views)
    except WebSocketDisconnect:
        return None


def _wanted(message: Any) -> frozenset[str] | None:
    """The views that a client's message names, or None if it is not such a message."""
    if message["type"] == "websocket.disconnect":
        raise WebSocketDisconnect(message.get("code", 1005))
    text = message.get("text")
    if text is None or len(text) > LONGEST_MESSAGE:
        return None
    try:
        wish = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(wish, dict) or set(wish) != {"views"} or not isinstance(wish["views"], list):
        return None
    if not all(isinstance(name, str) and name in ASKED for name in wish["views"]):
        return None
    return frozenset(wish["views"])


@cache
def _files() -> dict[str, Traversable]:
    """Every file that may be asked for, by name: nothing else is ever opened."""
    return {
        f"{room.name}/{file.name}": file
        for room in files("ganlab.browser").iterdir()
        if room.is_dir()
        for file in room.iterdir()
        if file.name.rpartition(".")[2] in _TYPES
    }


@cache
def _compressed(name: str) -> bytes:
    return gzip.compress(_files()[name].read_bytes(), compresslevel=6, mtime=0)


async def _asset(request: Request) -> Response:
    """A script or style sheet, compressed once in the life of the process."""
    name = request.path_params["name"]
    if name not in _files():
        return Response("There is no such file.", status_code=404)
    headers = {"Vary": "Accept-Encoding", "X-Content-Type-Options": "nosniff"}
    current = assets_path().split("/")[2] == request.path_params["version"]
    headers["Cache-Control"] = _A_YEAR if current else "no-store"
    if "gzip" in request.headers.get("accept-encoding", ""):
        body = await run_in_threadpool(_compressed, name)
        headers["Content-Encoding"] = "gzip"
    else:
        body = await run_in_threadpool(_files()[name].read_bytes)
    return Response(body, media_type=_TYPES[name.rpartition(".")[2]], headers=headers)

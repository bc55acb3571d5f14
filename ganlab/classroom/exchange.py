"""What the class's own pages send and get: short JSON objects from our origin, pages, and cookies."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response

from ganlab.live.routes import assets_path

LONGEST_BODY = 4096  # bytes
BAD_MESSAGE = 400
SEAT_SECONDS = 180 * 24 * 3600  # a term: for so long a browser keeps its seat


def page(name: str, root: str = "../") -> HTMLResponse:
    """One of our own pages; `root` leads from it to where the app is."""
    text = (files("ganlab.classroom") / "sites" / f"{name}.html").read_text(encoding="utf-8")
    return HTMLResponse(text.replace("ASSETS/", f"{root}{assets_path()}"), headers={"Cache-Control": "no-store"})


def bad() -> Response:
    return PlainTextResponse("This address takes a short JSON object from the app's own pages.", BAD_MESSAGE)


async def said_by(request: Request) -> dict[str, Any] | None:
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


def give(answer: Response, request: Request, name: str, secret: str) -> None:
    """A cookie that scripts can't read and other sites can't use."""
    answer.set_cookie(
        name,
        secret,
        max_age=SEAT_SECONDS,
        httponly=True,
        samesite="strict",
        secure=request.headers.get("x-forwarded-proto", request.url.scheme) == "https",
    )

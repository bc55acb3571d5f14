"""The addresses where a page asks a run about its latent space, and keeps the directions that it found there.

`POST /live/{run}/ask` takes a question in JSON and answers with a frame; `POST /live/{run}/trace` trains one iteration
and answers with a frame of all that happened in it; GET answers with the newest such frame once more and trains
nothing; where there is none, with nothing. `/live/{run}/directions` lists kept directions (GET), keeps one (POST) and
forgets one (DELETE, `?name=`); `/live/{run}/picks` lists the picked latents (GET) or takes them (POST). What goes wrong
is answered with a sentence.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from typing import Any

from pydantic import ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from ganlab.experiment import ExperimentError
from ganlab.live.admission import REFUSED
from ganlab.live.answers import answer_frame
from ganlab.live.recorded import RecordedSteps
from ganlab.live.routes import Runs
from ganlab.runs.directions import MOST_KEPT, KeptDirection
from ganlab.runs.picks import as_lists, picks_from_json
from ganlab.runs.state import State
from ganlab.views.questions import read_question

logger = logging.getLogger(__name__)

LONGEST_QUESTION = 2_000_000  # bytes: 400 latents of 128 numbers in full
BAD_QUESTION, NO_SUCH_RUN, CANCELLED, TOO_LONG, BROKEN = 400, 404, 409, 413, 500
NOTHING_KEPT = 204


class _Refused(Exception):  # noqa: N818 (a reply, not an error in the code)
    """The status and the sentence to answer with."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status


def asking(lab: Runs) -> list[BaseRoute]:
    """The routes, at the server's root and below any base path that Streamlit is served under."""

    def of_a_run(act: Callable[[Any, Request], Awaitable[Response]]) -> Callable[[Request], Awaitable[Response]]:
        async def reply(request: Request) -> Response:
            try:
                if not _from_own_page(request):
                    raise _Refused(REFUSED, "Only the app's own pages may ask this.")
                run = lab.get(request.path_params["run_id"])
                if run is None:
                    raise _Refused(NO_SUCH_RUN, "There is no such run. It may have been removed.")
                run.last_watched = time.monotonic()
                return await act(run, request)
            except _Refused as refused:
                return Response(str(refused), status_code=refused.status, media_type="text/plain")

        return reply

    steps = RecordedSteps()

    async def trace(run: Any, request: Request) -> Response:
        if request.method == "GET":
            kept = steps.of(run)
            return Response(status_code=NOTHING_KEPT) if kept is None else _of_frame(kept)
        reply = await _trace(run, request)
        steps.keep(run, bytes(reply.body))
        return reply

    found: list[BaseRoute] = []
    for base in ("", "/{base:path}"):
        found.append(Route(base + "/live/{run_id}/ask", of_a_run(_ask), methods=["POST"]))
        found.append(Route(base + "/live/{run_id}/trace", of_a_run(trace), methods=["GET", "POST"]))
        found.append(
            Route(base + "/live/{run_id}/directions", of_a_run(_directions), methods=["GET", "POST", "DELETE"])
        )
        found.append(Route(base + "/live/{run_id}/picks", of_a_run(_picks), methods=["GET", "POST"]))
    return found


async def _ask(run: Any, request: Request) -> Response:
    body = await _body(request)

    async def answer() -> Any:
        coming = await run_in_threadpool(run.reply_to, read_question(body))
        return await asyncio.wrap_future(coming)

    return await _answered(run, answer())


async def _trace(run: Any, _: Request) -> Response:
    async def answer() -> Any:
        return await asyncio.wrap_future(run.trace())

    return await _answered(run, answer())


async def _answered(run: Any, coming: Awaitable[Any]) -> Response:
    """The frame of an answer, with the run's state; what goes wrong as a sentence."""
    build = run.build
    try:
        answer = await coming
    except ValueError as error:
        raise _Refused(BAD_QUESTION, str(error)) from None
    except asyncio.CancelledError:
        if (task := asyncio.current_task()) is not None and task.cancelling():
            raise  # it is the server that stops
        raise _Refused(CANCELLED, f"The run {_end_of(run, build)} before it could answer.") from None
    except Exception as error:
        logger.exception("A question about run %s failed", run.id)
        raise _Refused(BROKEN, f"The run could not answer: {error}") from None
    frame = answer if isinstance(answer, bytes) else await run_in_threadpool(answer_frame, run, answer)
    return _of_frame(frame)


def _of_frame(frame: bytes) -> Response:
    return Response(frame, media_type="application/octet-stream", headers={"Cache-Control": "no-store"})


def _end_of(run: Any, build: int) -> str:
    """Returns why a run cancelled its answer. `build` is the run's build when it was asked."""
    if run.build != build:
        return "was reset"
    return "failed" if run.state is State.FAILED else "was stopped or closed"


async def _directions(run: Any, request: Request) -> Response:
    if request.method == "POST":
        body = await _body(request)
        try:
            kept = KeptDirection.model_validate_json(body)
        except ValidationError as error:
            raise _Refused(BAD_QUESTION, f"This direction can't be kept: {error.errors()[0]['msg']}.") from None
        if len(kept.vector) != run.experiment.latent_dim:
            raise _Refused(BAD_QUESTION, f"A direction of this run has {run.experiment.latent_dim} numbers.")
        if kept.name not in run.directions and len(run.directions) >= MOST_KEPT:
            raise _Refused(BAD_QUESTION, f"{MOST_KEPT} directions are already kept. Remove one, then keep this one.")
        run.keep_direction(kept)
    elif request.method == "DELETE":
        run.forget_direction(request.query_params.get("name", ""))
    return JSONResponse([kept.model_dump() for kept in run.directions.values()])


async def _picks(run: Any, request: Request) -> Response:
    if request.method == "POST":
        try:
            run.pick(picks_from_json(await _body(request), run.experiment.latent_dim))
        except ExperimentError as error:
            raise _Refused(BAD_QUESTION, str(error)) from None
    return JSONResponse(as_lists(run.picks))


async def _body(request: Request) -> bytes:
    """What was sent, read no further than the longest honest question goes."""
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > LONGEST_QUESTION:
            raise _Refused(TOO_LONG, f"A question has at most {LONGEST_QUESTION:,} bytes.")
    return bytes(body)


def _from_own_page(request: Request) -> bool:
    """A page names its origin, and a wrong one is refused before. In a GET it may tell only where it comes from."""
    if request.method == "GET" and "origin" not in request.headers:
        return request.headers.get("sec-fetch-site", "same-origin") == "same-origin"
    return "origin" in request.headers

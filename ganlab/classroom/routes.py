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

from collections.abc import Callable

from starlette.routing import BaseRoute, Route, WebSocketRoute

from ganlab.classroom.acts import LabOfAClass
from ganlab.classroom.classroom import Classroom
from ganlab.classroom.front_desk import FrontDesk
from ganlab.classroom.records import RunsKept
from ganlab.classroom.teachers_desk import TeachersDesk
from ganlab.live.hub import Hub


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
    front = FrontDesk(room, watch_id)
    teachers = TeachersDesk(room, lab, hub, watch_id, reached, shut_out, store)
    found: list[BaseRoute] = []
    for base in ("", "/{base:path}"):
        found += [
            Route(f"{base}/class", front.join_page),
            Route(f"{base}/class/join", front.join, methods=["POST"]),
            Route(f"{base}/class/me", front.me),
            Route(f"{base}/class/answer", front.answer, methods=["POST"]),
            Route(f"{base}/class/teacher", front.teachers_page),
            Route(f"{base}/class/key", front.unlock, methods=["POST"]),
            Route(f"{base}/class/board", teachers.board_page),
            Route(f"{base}/class/records", teachers.records),
            Route(f"{base}/class/act", teachers.act, methods=["POST"]),
            WebSocketRoute(f"{base}/class/wall", teachers.wall),
        ]
    return found

"""The server: Streamlit's pages and the live channel's routes, in one process."""

import gc
import sys
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware

from ganlab.classroom.entrance import Entrance
from ganlab.classroom.routes import class_routes
from ganlab.hosts.choice import Choice
from ganlab.live.admission import Admission
from ganlab.live.asking import asking
from ganlab.live.preloading import Preloading
from ganlab.live.protection import Protection
from ganlab.live.routes import routes
from ganlab.live.warm_up import warm_up
from ganlab.presets import DEFAULT
from ganlab.ui import classroom, serving, session, stored
from ganlab.ui.scripts import modules_of


@asynccontextmanager
async def lifespan(_: object) -> AsyncIterator[None]:
    """Freeze what was imported at start, so that collections pass it over; end the training thread with the server."""
    gc.collect()
    gc.freeze()
    # Beside the server: whoever comes at once is answered at once, who comes later finds all warm.
    if serving.training() == Choice():  # workers warm up by themselves
        threading.Thread(target=warm_up, args=(DEFAULT.experiment,), name="ganlab-warm-up", daemon=True).start()
    greeting = serving.greeting() if room is None else classroom.invitation(room)
    sys.stdout.write(f"{greeting}\n")
    sys.stdout.flush()
    yield
    session.lab().close()


room = classroom.room()
lab, hub = session.lab(), session.hub()
of_a_class = (
    []
    if room is None
    else class_routes(
        room, lab, hub, stored.watch_ids().of, serving.as_others_reach, classroom.shut_out, stored.store()
    )
)
door = [] if room is None else [Middleware(Entrance, room)]

app = st.App(
    str(Path(__file__).with_name("pages") / "shell.py"),
    routes=[*of_a_class, *asking(lab), *routes(session.sight_of, hub)],
    lifespan=lifespan,
    middleware=[
        Middleware(Protection, serving.embedded_in()),
        Middleware(Admission, serving.rules),
        *door,
        Middleware(Preloading, modules_of, classroom.banner()),
    ],
)

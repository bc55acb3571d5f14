"""The server: Streamlit's pages and the live channel's routes, in one process."""

import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import streamlit as st

from ganlab.live.routes import routes
from ganlab.ui import session


@asynccontextmanager
async def lifespan(_: object) -> AsyncIterator[None]:
    """Freeze what was imported at start, so that collections pass it over; end the training thread with the server."""
    gc.collect()
    gc.freeze()
    yield
    session.lab().close()


app = st.App(
    str(Path(__file__).with_name("pages") / "shell.py"),
    routes=routes(session.lab(), session.hub()),
    lifespan=lifespan,
)

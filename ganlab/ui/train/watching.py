"""A run as somebody sees it who has the link that only watches: the live view, without a button that acts."""

from __future__ import annotations

import streamlit as st

from ganlab.runs import Run, State
from ganlab.ui import classroom, session
from ganlab.ui.plain import plain
from ganlab.ui.train.intro import intro
from ganlab.ui.train.live_view import live_view
from ganlab.ui.train.watch import shown_codes
from ganlab.views import cards_of, drawing_of

AROUND_THE_VIEWS = 200  # pixels of the window above and below the views
UNKNOWN = (
    "There is no run to watch at this link. The run may have been deleted, or it had to make room for newer runs, or "
    "another GanLab made the link: a link works only in the GanLab that made it. Ask the person who gave it to you "
    "for a new one."
)


def watching_page(watch_id: str) -> None:
    """The run that this id lets somebody watch. Its own id, which commands it, never reaches the browser."""
    run = session.find_watched(watch_id)
    if run is None:
        st.info(UNKNOWN, icon=":material/link_off:")
        return
    name = f" **{plain(run.name)}**" if run.name and not classroom.names_hidden(run.id) else ""
    st.caption(f"You are watching a run{name} that somebody else controls.")
    _why_it_holds(run)
    live_view(
        watch_id,
        state=str(run.state),
        kind=drawing_of(run.experiment),
        model=run.experiment.model,
        cards=cards_of(run.experiment, "train"),
        interpolation=run.view.interpolation,
        reserved_height=AROUND_THE_VIEWS,
        codes=shown_codes(run),
        intro=None if (said := intro(run.experiment)) is None else {**said, "tour": False},
        watching=True,
    )


def _why_it_holds(run: Run) -> None:
    if run.message and run.state is not State.RUNNING:
        st.info(plain(run.message), icon=":material/flag:")

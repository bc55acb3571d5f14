"""All of the Collapse page."""

from __future__ import annotations

import streamlit as st

from ganlab.runs import Run, State
from ganlab.ui import bench
from ganlab.ui.collapse import trial
from ganlab.ui.collapse.remedies import fork_choice, remedy_list
from ganlab.ui.collapse.start import start
from ganlab.ui.collapse.view import collapse_view
from ganlab.ui.compare.table import settings_table
from ganlab.ui.compare.view import pressed
from ganlab.ui.notices import show_notices
from ganlab.ui.plain import plain
from ganlab.views import drawing_of


def collapse_page() -> None:
    """Choices, until a run is chosen; then the run, the remedies, and what they change."""
    trial.remember()
    collapsed = trial.collapsed()
    show_notices()
    if collapsed is None:
        start()
        return
    with st.sidebar:
        remedy_list(collapsed)
    runs = [collapsed, *filter(None, [trial.shown_fork()])]
    _buttons(runs)
    names = bench.names()
    key = f"collapse_{drawing_of(collapsed.experiment)}"
    collapse_view(runs, key, on_press=lambda: _pressed(key))
    if len(runs) > 1:
        settings_table({names[run.id]: run.experiment for run in runs}, [bench.label_of(run).colour for run in runs])
        if runs[1].origin is not None:
            st.caption(runs[1].origin.sentence)


def _buttons(runs: list[Run]) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="collapse_buttons"):
        going = any(run.state is State.RUNNING for run in runs)
        st.button(
            "Pause" if going else "Train",
            key="collapse_train",
            icon=f":material/{'pause' if going else 'play_arrow'}:",
            type="primary",
            on_click=_each,
            args=(runs, not going),
        )
        st.button("Another case", key="another", icon=":material/undo:", on_click=trial.leave)
        fork_choice()
        _why_they_hold(runs)


def _each(runs: list[Run], play: bool) -> None:
    for run in runs:
        run.play() if play else run.pause()


def _pressed(key: str) -> None:
    """A press on a run's own button in the browser."""
    told = pressed(key)
    run = next((run for run in bench.runs() if told and run.id == told[0]), None)
    if told and run is not None:
        run.play() if told[1] == "play" else run.pause()


def _why_they_hold(runs: list[Run]) -> None:
    """Why runs ended or paused by themselves."""
    names = bench.names()
    for run in runs:
        if run.message and run.state is not State.RUNNING:
            named = f"**{plain(names[run.id])}.** " if len(runs) > 1 else ""
            said = named + plain(run.message)
            st.error(said, icon=":material/error:") if run.state is State.FAILED else st.caption(said)

"""All of the Collapse page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from ganlab.metrics.effect import DEFINITIONS
from ganlab.presets.remedies import BY_NAME
from ganlab.runs import Run, State, TrialRun
from ganlab.ui import bench
from ganlab.ui.collapse import trial
from ganlab.ui.collapse.remedies import remedy_choice, remedy_list
from ganlab.ui.collapse.start import start
from ganlab.ui.collapse.view import collapse_view
from ganlab.ui.compare.table import settings_table
from ganlab.ui.compare.view import pressed
from ganlab.ui.notices import show_notices
from ganlab.ui.plain import plain
from ganlab.views import drawing_of


def collapse_page() -> None:
    """Choices, until a run is chosen; then the run, held, and beside it the untreated twin and a remedy."""
    trial.remember()
    collapsed = trial.collapsed()
    show_notices()
    if collapsed is None:
        start()
        return
    with st.sidebar:
        remedy_list(collapsed)
    pair = [run for run in (trial.twin(), trial.remedied()) if run is not None]
    runs: list[Run] = [collapsed, *pair]
    _buttons(collapsed, pair)
    names = bench.names()
    key = f"collapse_{drawing_of(collapsed.experiment)}"
    collapse_view(runs, key, on_press=lambda: _pressed(key))
    if pair:
        _what_is_compared(runs, names)


def _what_is_compared(runs: list[Run], names: Mapping[str, str]) -> None:
    """The settings that a remedy changes and why, what it took over, and what the words of the verdict mean."""
    remedy = BY_NAME.get(trial.trial().remedies.get(runs[-1].id, ""))
    settings_table(
        {names[run.id]: run.experiment for run in runs[1:]},
        [bench.label_of(run).colour for run in runs[1:]],
        remedy.why if remedy else {},
    )
    if runs[-1].origin is not None:
        st.caption(runs[-1].origin.sentence)
    with st.expander("What the words mean"):
        st.markdown(DEFINITIONS)


def _buttons(collapsed: Run, pair: list[TrialRun]) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="collapse_buttons"):
        moved: Sequence[Run] = pair or [collapsed]
        going = any(run.state is State.RUNNING for run in moved)
        st.button(
            "Pause" if going else _next_step(pair),
            key="collapse_train",
            icon=f":material/{'pause' if going else 'play_arrow'}:",
            type="primary",
            on_click=_pause if going else _play,
            args=(moved,),
        )
        st.button("Another case", key="another", icon=":material/undo:", on_click=trial.leave)
        remedy_choice()
        _why_they_hold([collapsed, *pair])


def _next_step(pair: list[TrialRun]) -> str:
    """What the button does that trains: the collapsed run is trained only while there is no trial."""
    if not pair:
        return "Train"
    return f"Train the pair to {min(run.next_planned for run in pair):,} iterations after the fork"


def _play(runs: Sequence[Run]) -> None:
    if trial.remedied() is not None:
        trial.go_on()
    else:
        runs[0].play()


def _pause(runs: Sequence[Run]) -> None:
    for run in runs:
        run.pause()


def _pressed(key: str) -> None:
    """A press on a run's own button in the browser. The collapsed run has none while a trial goes on from it."""
    told = pressed(key)
    run = next((run for run in bench.runs() if told and run.id == told[0]), None)
    if told is None or run is None:
        return
    if told[1] == "pause":
        run.pause()
    elif isinstance(run, TrialRun):
        run.train_to(run.next_planned)
    elif trial.twin() is None:
        run.play()


def _why_they_hold(runs: list[Run]) -> None:
    """Why runs ended or paused by themselves."""
    names = bench.names()
    for run in runs:
        if run.message and run.state is not State.RUNNING:
            named = f"**{plain(names[run.id])}.** " if len(runs) > 1 else ""
            said = named + plain(run.message)
            st.error(said, icon=":material/error:") if run.state is State.FAILED else st.caption(said)

"""The buttons of the Compare page: all runs at once, and more of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from ganlab.experiment import Experiment, ExperimentError, knob
from ganlab.presets import PRESETS
from ganlab.runs import LabFull, Run
from ganlab.ui import bench, session
from ganlab.ui.plain import plain
from ganlab.ui.widgets import label, setting

MOST_AT_ONCE = 6  # presets opened; without a limit, Enter in the box would choose all that match


def together(runs: Sequence[Run]) -> None:
    """Train, pause and reset all the runs that are shown."""
    for name, key, icon, words, act in (
        ("Train all", "train_all", "play_arrow", "Train every run that is shown.", Run.play),
        ("Pause all", "pause_all", "pause", "Hold every run still between two steps.", Run.pause),
        ("Reset all", "reset_all", "replay", "Every run back to untrained networks, with its own settings.", Run.reset),
    ):
        st.button(
            name,
            key=key,
            icon=f":material/{icon}:",
            type="primary" if key == "train_all" else "secondary",
            help=words,
            on_click=_each,
            args=(runs, act),
        )


def _each(runs: Sequence[Run], act: Any) -> None:
    for run in runs:
        act(run)


def more() -> None:
    """Presets, and copies of runs with other settings."""
    with st.popover("Add runs", icon=":material/add:", key="more", width=170):
        presets, copies = st.tabs(["Presets", "A copy with changes"])
        with presets:
            _presets()
        with copies:
            _copy()


def _presets() -> None:
    st.multiselect(
        "Presets",
        list(PRESETS),
        format_func=lambda name: PRESETS[name].title,
        key="add_presets",
        placeholder="One or several",
        max_selections=MOST_AT_ONCE,
    )
    st.button("Open beside", key="add_chosen", icon=":material/add:", on_click=_add_presets)


def _add_presets() -> None:
    chosen, st.session_state["add_presets"] = st.session_state["add_presets"], []
    for name in chosen:
        _try(lambda name=name: bench.add(PRESETS[name].experiment, preset=name))


def _copy() -> None:
    names = bench.names()
    chosen = st.selectbox("A copy of", list(names), format_func=names.__getitem__, key="copy_of")
    original = next(run for run in bench.runs() if run.id == chosen)
    draft = _draft(original)
    fields = [name for name in Experiment.model_fields if knob(name).applies(draft)]
    picked = st.multiselect("with other", fields, format_func=label, key="copy_fields", placeholder="Choose settings")
    for name in picked:
        setting(draft, name, _note)
    for sentence in session.complaints().values():
        st.error(plain(sentence), icon=":material/block:")
    st.radio(
        "It starts",
        ["now", "untrained"],
        format_func={"now": "from where the original is now", "untrained": "from untrained networks"}.__getitem__,
        key="copy_start",
        help="From where it is: with the weights, the optimisers and the chance of the original, as far as they fit.",
    )
    st.button("Open beside", key="add_copy", icon=":material/content_copy:", on_click=_add_copy, args=(original,))


def _draft(original: Run) -> Experiment:
    """The copy's experiment so far."""
    of, changes = st.session_state.get("draft", ("", {}))
    return original.experiment.changed(**changes) if of == original.id else original.experiment


def _note(name: str, value: Any) -> None:
    """Keep a changed setting of the copy, if it is allowed."""
    original = st.session_state["copy_of"]
    of, changes = st.session_state.get("draft", ("", {}))
    changes = (changes if of == original else {}) | {name: value}
    try:
        run = next(run for run in bench.runs() if run.id == original)
        run.experiment.changed(**changes)
    except ExperimentError as error:
        session.tab().complaints[name] = str(error)
    else:
        st.session_state["draft"] = (original, changes)


def _add_copy(original: Run) -> None:
    draft = _draft(original)
    changes = draft.differences(original.experiment)
    if st.session_state["copy_start"] == "untrained":
        _try(lambda: bench.add(draft, preset=bench.preset_behind(original)))
    else:
        _try(lambda: bench.fork(original, **changes))
    st.session_state.pop("draft", None)
    st.session_state["copy_fields"] = []


def _try(act: Any) -> None:
    try:
        act()
    except (ExperimentError, LabFull) as error:
        session.tab().notices.append(str(error))

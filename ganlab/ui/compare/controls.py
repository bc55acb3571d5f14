"""The buttons of the Compare page: all runs at once, and more of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from operator import methodcaller
from typing import Any

import streamlit as st

from ganlab.experiment import Experiment, ExperimentError, knob
from ganlab.experiment.label import label
from ganlab.presets import PRESETS
from ganlab.runs import LabFull, Run
from ganlab.runs.keeping.database import StoreUnusable
from ganlab.runs.keeping.stored_run import StoredRun
from ganlab.ui import bench, session, stored, working
from ganlab.ui.plain import plain
from ganlab.ui.train.your_runs import title_of
from ganlab.ui.widgets import setting


def together(runs: Sequence[Run]) -> None:
    """Train, pause and reset all the runs that are shown."""
    for name, key, icon, words, act in (
        ("Train all", "train_all", "play_arrow", "Trains every run that is shown.", methodcaller("play")),
        ("Pause all", "pause_all", "pause", "Pauses every run after its current iteration.", methodcaller("pause")),
        (
            "Reset all",
            "reset_all",
            "replay",
            "Starts every run again from untrained networks, with its own settings.",
            methodcaller("reset"),
        ),
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


def _each(runs: Sequence[Run], act: Callable[[Run], object]) -> None:
    for run in runs:
        act(run)


def more() -> None:
    """Presets, saved runs, and copies of runs with other settings."""
    with st.popover("Add runs", icon=":material/add:", key="more", width=170):
        presets, saved, copies = st.tabs(["Presets", "Saved runs", "A copy with changes"])
        with presets:
            st.selectbox(
                "Preset",
                list(PRESETS),
                index=None,
                format_func=lambda name: PRESETS[name].title,
                key="add_preset",
                placeholder="Choose one, or type a part of its name",
                on_change=_add_preset,
            )
        with saved:
            _saved()
        with copies:
            _copy()


def _add_preset() -> None:
    chosen, st.session_state["add_preset"] = st.session_state["add_preset"], None
    if chosen:
        _try(lambda: bench.add(PRESETS[chosen].experiment, preset=chosen))


def _saved() -> None:
    """The runs that are stored here, if everybody who sees the page may know them all."""
    store, here = stored.store(), {run.id for run in bench.runs()}
    if store is None:
        st.caption(plain(stored.trouble(None) or ""))
        return
    if not stored.one_persons():
        st.caption("This app can be reached from a network, so saved runs are opened by their links.")
        return
    try:
        entries = {entry.id: entry for entry in store.runs() if entry.id not in here}
    except StoreUnusable as error:
        st.warning(plain(str(error)), icon=":material/save:")
        return
    st.selectbox(
        "Saved run",
        list(entries),
        index=None,
        format_func=_labels(entries).__getitem__,
        key="add_saved",
        placeholder="Choose one, or type a part of its name",
        on_change=_add_saved,
    )


def _labels(entries: Mapping[str, StoredRun]) -> dict[str, str]:
    """What each is called, by its id. The browser sends the words back, so no two may read the same."""
    labels = {run_id: f"{title_of(entry)}, {entry.iteration:,} iterations" for run_id, entry in entries.items()}
    alike = Counter(labels.values())
    return {run_id: f"{label}, id {run_id[:6]}" if alike[label] > 1 else label for run_id, label in labels.items()}


def _add_saved() -> None:
    chosen, st.session_state["add_saved"] = st.session_state["add_saved"], None
    run = session.find(chosen) if chosen else None
    if run is not None:
        bench.keep(run, session.preset_of(run.initial_experiment))


def _copy() -> None:
    names = bench.names()
    chosen = st.selectbox("A copy of", list(names), format_func=names.__getitem__, key="copy_of")
    original = next(run for run in bench.runs() if run.id == chosen)
    draft = _draft(original)
    fields = [name for name in Experiment.model_fields if knob(name).applies(draft)]
    picked = st.multiselect("with other", fields, format_func=label, key="copy_fields", placeholder="Choose settings")
    for name in picked:
        setting(draft, name, _note)
    for sentence in working.complaints().values():
        st.error(plain(sentence), icon=":material/block:")
    st.radio(
        "It starts",
        ["now", "untrained"],
        format_func={"now": "from where the original is now", "untrained": "from untrained networks"}.__getitem__,
        key="copy_start",
        help="From where the original is now: the copy takes over its weights, optimisers and random numbers, as far "
        "as they fit.",
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

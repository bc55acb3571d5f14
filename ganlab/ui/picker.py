"""Which of the tab's runs a page works on."""

from __future__ import annotations

import streamlit as st

from ganlab.runs import Run
from ganlab.ui import bench
from ganlab.ui.widgets import key_for


def run_box(label: str = "Run") -> Run:
    """A select box of the tab's runs; the one chosen, on this page or on another that has such a box.

    Until a person chooses, it is the run of the train page.
    """
    names, chosen = bench.names(), bench.picked()
    key = key_for("run_box", chosen.id)
    st.selectbox(
        label,
        list(names),
        index=list(names).index(chosen.id),
        format_func=names.__getitem__,
        key=key,
        help="The runs of this browser tab. You can add more on the Compare page.",
        on_change=_pick,
        args=(key,),
    )
    return chosen


def _pick(key: str) -> None:
    chosen = st.session_state[key]
    bench.pick(next(run for run in bench.runs() if run.id == chosen))

"""The list of the tab's runs beside the Compare page: names, colours, and what is shown."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from ganlab.live.colours import run_colour
from ganlab.runs import Run
from ganlab.ui import bench
from ganlab.ui.widgets import key_for


def listing(runs: list[Run]) -> None:
    """A name to edit and four buttons for each run."""
    st.markdown("**Runs of this tab**")
    names = bench.names()
    for run in runs:
        with st.container(key=f"listed_{run.id}", gap="xsmall"):
            _name(run, names[run.id])
            _buttons(run, alone=len(runs) == 1)


def _name(run: Run, name: str) -> None:
    key = key_for(f"name_{run.id}", name)
    colour = run_colour(bench.label_of(run).colour)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.html(f'<span class="run-swatch" style="background:{colour}"></span>', width=14)
        st.text_input(
            "Name", name, key=key, label_visibility="collapsed", max_chars=bench.LONGEST_NAME,
            on_change=lambda: bench.rename(run, st.session_state[key]),
        )  # fmt: skip


def _buttons(run: Run, alone: bool) -> None:
    hidden = bench.label_of(run).hidden
    with st.container(horizontal=True, gap="small"):
        _button("Show" if hidden else "Hide", "hide", run, _turn, "Show this run beside the others, or hide it.")
        _button("Colour", "colour", run, _recolour, "Give this run the next colour.")
        if st.button("Open", key=f"open_{run.id}", type="tertiary", help="Open this run on the Train page."):
            bench.open_on_train_page(run)
            st.switch_page("train.py")
        if not alone:
            _button("Remove", "remove", run, bench.remove, "Remove this run from this browser tab.")


def _button(text: str, key: str, run: Run, act: Callable[[Run], None], words: str) -> None:
    st.button(text, key=f"{key}_{run.id}", type="tertiary", help=words, on_click=act, args=(run,))


def _turn(run: Run) -> None:
    label = bench.label_of(run)
    label.hidden = not label.hidden


def _recolour(run: Run) -> None:
    label = bench.label_of(run)
    label.colour = (label.colour + 1) % bench.COLOURS

"""The live part of the Compare page: samples, curves and figures of several runs, as one Streamlit component."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

from ganlab import data
from ganlab.live.colours import RUN_COLOURS
from ganlab.runs import Run
from ganlab.training.size import parameter_counts
from ganlab.ui import bench
from ganlab.ui.scripts import loader, surroundings
from ganlab.views import drawing_of

_mount = st.components.v2.component("ganlab_compare", js=loader("compare/compare.js"))


def compare_view(runs: Sequence[Run], key: str = "compare_view", on_press: Callable[[], None] = lambda: None) -> None:
    """Show these runs, which are all of this tab, side by side and keep them moving without further reruns.

    `on_press` runs before the rerun that a press on a run's own button causes: `pressed(key)` then says which. A run
    that changes its state by itself causes one, too.
    """
    data = facts_of(runs) | surroundings("compare/compare.js")
    _mount(key=key, data=data, on_pressed_change=on_press, on_moved_change=lambda: None)


def facts_of(runs: Sequence[Run]) -> dict[str, Any]:
    """What the browser must know of these runs before their first frames come."""
    names = bench.names()
    return {
        "runs": [_facts(run, names[run.id]) for run in runs],
        "run_colours": {theme: list(colours) for theme, colours in RUN_COLOURS.items()},
    }


def pressed(key: str = "compare_view") -> tuple[str, str] | None:
    """The run's id and "play" or "pause", as the browser told."""
    told = st.session_state[key].pressed
    return (str(told["run"]), str(told["what"])) if told else None


def _facts(run: Run, name: str) -> dict[str, Any]:
    return {
        "id": run.id,
        "state": str(run.state),
        "name": name,
        "colour": bench.label_of(run).colour,
        "kind": drawing_of(run.experiment),
        "note": bench.settings_in_short(run),
        "parameters": dict(parameter_counts(run.experiment)),
        "modes_known": data.modes_known(run.experiment),
    }

"""The wall: every member of a sweep small and live, as one Streamlit component."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from ganlab import data
from ganlab.runs import Axis, Plan, Sweep
from ganlab.ui.scripts import loader, surroundings

AROUND_THE_WALL = 245  # pixels of the window above and below the members

_mount = st.components.v2.component("ganlab_wall", js=loader("wall/wall.js"))


def wall_view(sweep: Sweep, key: str = "wall", on_tell: Callable[[], None] = lambda: None) -> int | None:
    """Show the sweep and keep it moving without further reruns; the member that was clicked, if one was.

    `on_tell` runs before the rerun that a click, or a change of the sweep's state, causes.
    """
    facts = {"sweep": sweep.id, "state": str(sweep.state), "modes": _modes(sweep)} | _layout(sweep.plan)
    told = _mount(key=key, data=facts | surroundings("wall/wall.js"), on_opened_change=on_tell, on_state_change=on_tell)
    opened = told.get("opened")
    return int(opened["member"]) if opened and opened["sweep"] == sweep.id else None


def planned_view(plan: Plan) -> None:
    """The empty wall that a plan would fill."""
    facts = {"sweep": None, "state": None, "modes": 0} | _layout(plan)
    _mount(key="planned_wall", data=facts | surroundings("wall/wall.js"))


def _layout(plan: Plan) -> dict[str, Any]:
    """Where each member is, and what it is called."""
    return {
        "members": [plan.title(member) for member in range(len(plan.experiments))],
        "columns": _axis(plan.columns),
        "rows": _axis(plan.rows) if plan.rows is not None else None,
        "reserved_height": AROUND_THE_WALL,
    }


def _axis(axis: Axis) -> dict[str, Any]:
    return {"field": axis.field, "label": axis.label, "names": list(axis.names), "values": list(axis.values)}


def _modes(sweep: Sweep) -> int:
    """How many modes the data are known to have; 0 where they are not known."""
    base = sweep.plan.base
    if not data.modes_known(base):
        return 0
    centres = data.load(base).spec.centres
    return 0 if centres is None else len(centres)

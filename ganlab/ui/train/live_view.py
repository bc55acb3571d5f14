"""The live view: one Streamlit component that shows all that can be watched of a run."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import streamlit as st

from ganlab.experiment.choices import Model
from ganlab.ui.scripts import loader, surroundings
from ganlab.views import VIEWS, Drawing

_mount = st.components.v2.component("ganlab_live_view", js=loader("board/live.js"))


@dataclass(frozen=True)
class ViewerEvents:
    """What the live view sent to the page in this rerun; None for what it did not send."""

    state: str | None
    """The run's state (or "gone"), when it is not the one that the page was drawn with."""
    interpolation: Literal["lerp", "slerp"] | None
    """The interpolation that was clicked."""


def live_view(
    run_id: str,
    *,
    state: str,
    kind: Drawing,
    cards: Sequence[str],
    model: Model = "gan",
    parameter_counts: Mapping[str, int] | None = None,
    interpolation: str = "lerp",
    codes: Mapping[str, Any] | None = None,
    intro: Mapping[str, Any] | None = None,
    reserved_height: int = 230,
    watching: bool = False,
    key: str = "live_view",
    on_state: Callable[[], None] = lambda: None,
    on_interpolation: Callable[[], None] = lambda: None,
    on_codes: Callable[[], None] = lambda: None,
    on_visit: Callable[[], None] = lambda: None,
) -> ViewerEvents:
    """Show a card for each of the views that are named, in this order, and keep them moving, without further reruns.

    The same key keeps the component mounted from run to run. `reserved_height` is what the page needs above and below
    the views, in pixels: they take the rest of the window. `codes` says how many categories and dials G is given and
    which code is shown, `intro` what is what. Who is only `watching` is offered nothing that would change what others
    see, and no way to another page. The callbacks run before the rerun that the view's words cause; they find them in
    `st.session_state[key].state`, `.interpolation`, `.codes` and `.visit`: what the Model page is to open.
    """
    data: dict[str, Any] = {
        "run_id": run_id,
        "state": state,
        "kind": kind,
        "model": model,
        "cards": list(cards),
        "parameter_counts": None if parameter_counts is None else dict(parameter_counts),
        "interpolation": interpolation,
        "codes": None if codes is None else dict(codes),
        "intro": None if intro is None else dict(intro),
        "nodes": {} if watching else {name: view.node for name, view in VIEWS.items() if view.node},
        "reserved_height": reserved_height,
        "watching": watching,
    } | surroundings("board/live.js", "train")
    result = _mount(
        key=key,
        data=data,
        on_state_change=on_state,
        on_interpolation_change=on_interpolation,
        on_codes_change=on_codes,
        on_visit_change=on_visit,
    )
    return ViewerEvents(state=result.get("state"), interpolation=result.get("interpolation"))

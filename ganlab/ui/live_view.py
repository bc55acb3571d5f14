"""The live view: one Streamlit component that shows all that can be watched of a run."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import streamlit as st

from ganlab.choices import Model
from ganlab.live.colours import COLOURS
from ganlab.live.routes import assets_path, module_names

# Streamlit sends a component's script with every rerun, so this one only fetches the real one, which browsers keep.
# It does so once: two imports under way at the same time may end in either order, and the older call came last.
# It names every module at once, where the browser would find them one import after another.
_LOADER = """
let live;
function load({ assets, modules }) {
  const address = (name) => new URL(assets + name, window.location.origin).href;
  const links = modules.map((name) =>
    Object.assign(document.createElement("link"), { rel: "modulepreload", href: address(name) }),
  );
  document.head.append(...links);
  return import(address("live.js"));
}
export default async function (component) {
  live ??= load(component.data);
  return (await live).default(component);
}
"""
_mount = st.components.v2.component("ganlab_live_view", js=_LOADER)


@dataclass(frozen=True)
class Told:
    """What the live view told the page in this rerun; None for what it did not mention."""

    state: str | None
    """The run's state (or "gone"), when it is not the one that the page was drawn with."""
    interpolation: Literal["lerp", "slerp"] | None
    """The interpolation that was clicked."""


def base() -> str:
    """The path that the app is served under, from slash to slash."""
    path = st.get_option("server.baseUrlPath").strip("/")
    return f"/{path}/" if path else "/"


def assets() -> str:
    """The path of the folder with the browser's scripts."""
    return base() + assets_path()


def live_view(
    run_id: str,
    *,
    state: str,
    kind: Literal["plane", "line", "phase", "images"],
    modes_known: bool,
    model: Model = "gan",
    views: Sequence[str] | None = None,
    parameter_counts: Mapping[str, int] | None = None,
    interpolation: str = "lerp",
    reserved_height: int = 230,
    key: str = "live_view",
    on_state: Callable[[], None] = lambda: None,
    on_interpolation: Callable[[], None] = lambda: None,
) -> Told:
    """Show a run's views, or those of them that are named, and keep them moving, without further reruns.

    The same key keeps the component mounted from run to run. `reserved_height` is what the page needs above and
    below the views, in pixels: they take the rest of the window. The callbacks run before the rerun that the
    view's words cause; they find them in `st.session_state[key].state` and `.interpolation`.
    """
    data: dict[str, Any] = {
        "run_id": run_id,
        "state": state,
        "kind": kind,
        "modes_known": modes_known,
        "model": model,
        "views": None if views is None else list(views),
        "parameter_counts": None if parameter_counts is None else dict(parameter_counts),
        "interpolation": interpolation,
        "reserved_height": reserved_height,
        "colours": {name: dict(palette) for name, palette in COLOURS.items()},
        "base": base(),
        "assets": assets(),
        "modules": list(module_names()),
    }
    result = _mount(key=key, data=data, on_state_change=on_state, on_interpolation_change=on_interpolation)
    return Told(state=result.get("state"), interpolation=result.get("interpolation"))

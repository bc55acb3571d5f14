"""A plane to draw points on, as a Streamlit component."""

from __future__ import annotations

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from ganlab.live.colours import COLOURS
from ganlab.live.routes import assets_path

_LOADER = """
let drawing;
export default async function (component) {
  drawing ??= import(new URL(component.data.assets + "drawing/draw.js", document.baseURI));
  return (await drawing).default(component);
}
"""
_STYLE = """
.draw { font: 400 13px/1.35 var(--st-font, sans-serif); color: var(--st-text-color); max-width: 420px; }
.draw canvas { width: 100%; aspect-ratio: 1; display: block; cursor: crosshair; touch-action: none; }
.draw .foot { display: flex; align-items: center; gap: 8px; padding: 4px 6px 0 26px; }
.draw .foot span { margin-right: auto; font-variant-numeric: tabular-nums; }
.draw button {
  font: inherit; color: inherit; background: none; cursor: pointer; padding: 3px 12px; border-radius: 6px;
  border: 1px solid var(--st-border-color);
}
.draw button:disabled { opacity: 0.45; cursor: default; }
.draw button:focus-visible { outline: 2px solid var(--st-primary-color); outline-offset: 1px; }
"""
_mount = st.components.v2.component("ganlab_drawing", js=_LOADER, css=_STYLE)


def drawn_points(key: str = "drawing") -> NDArray[np.float64]:
    """Points (n, 2) drawn with mouse, finger or pen."""
    data = {"assets": assets_path(), "colours": {name: dict(palette) for name, palette in COLOURS.items()}}
    result = _mount(key=key, data=data, default={"points": []}, on_points_change=lambda: None)
    return as_points(result.get("points"))


def as_points(told: object) -> NDArray[np.float64]:
    """The points in what a browser told, a flat list x, y, x, y, ...; none in anything else."""
    try:
        values = np.asarray(told or [], np.float64).reshape(-1, 2)
    except (TypeError, ValueError):
        return np.empty((0, 2))
    return values if np.isfinite(values).all() else np.empty((0, 2))

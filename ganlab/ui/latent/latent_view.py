"""The latent page's view: one Streamlit component that asks a run about its latent space."""

from __future__ import annotations

from typing import Any

import streamlit as st

from ganlab import data
from ganlab.live.colours import COLOURS
from ganlab.live.routes import assets_path
from ganlab.runs import Run
from ganlab.views import drawing_of

AROUND_THE_VIEW = 170  # pixels of the window above and below it
SCALED = (
    "Lengths, errors and singular values on this page are those of the coordinates that G is trained on: each axis of "
    "your points less its centre, divided by its scale. The Train page and all exports use your own units."
)

_LOADER = """
let latent;
export default async function (component) {
  latent ??= import(new URL(component.data.assets + "latent/latent.js", document.baseURI));
  return (await latent).default(component);
}
"""
_mount = st.components.v2.component("ganlab_latent_view", js=_LOADER)


def latent_view(run: Run, key: str = "latent_view") -> None:
    """Everything about a run's latent space. It asks the run itself: no move of a slider is a rerun."""
    experiment = run.experiment
    spec = data.load(experiment).spec
    if spec.units is not None:
        st.caption(SCALED)
    told: dict[str, Any] = {
        "run_id": run.id,
        "kind": drawing_of(experiment),
        "side": data.shape_of(experiment)[-1],
        "latent_dim": experiment.latent_dim,
        "classes": list(spec.labels) if experiment.condition != "none" else [],
        "categories": experiment.info_categories,
        "dials": experiment.info_continuous,
        "reserved_height": AROUND_THE_VIEW,
        "colours": {name: dict(palette) for name, palette in COLOURS.items()},
        "assets": assets_path(),
    }
    _mount(key=key, data=told)

"""The diagram of the Model page, live, and one step in slow motion: one Streamlit component."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from ganlab import data
from ganlab.experiment import knob
from ganlab.runs import Run
from ganlab.training.size import parameter_counts
from ganlab.ui.model.foldout import layers
from ganlab.ui.model.graph import chips, edges, is_joint, is_the_tour_s, nodes
from ganlab.ui.scripts import loader, surroundings
from ganlab.views import cards_of, drawing_of

_mount = st.components.v2.component("ganlab_model", js=loader("model/model.js"))


def model_view(
    run: Run,
    opened: str | None,
    key: str = "model_view",
    on_event: Callable[[], None] = lambda: None,
    on_train: Callable[[], None] = lambda: None,
) -> None:
    """Show the diagram of a run and keep it moving without further reruns.

    `opened` names the node that is unfolded. `on_event` runs before the rerun that a click on a node, or a state that
    the page was not drawn with, causes: `st.session_state[key].node` then names the node. `on_train` runs when somebody
    asks for training at the end of the tour.
    """
    e = run.experiment
    told: dict[str, Any] = {
        "run_id": run.id,
        "state": str(run.state),
        "kind": drawing_of(e),
        "model": e.model,
        "joint": is_joint(e),
        "nodes": [
            {
                "name": node.name,
                "title": node.title,
                "about": node.about,
                "player": node.player,
                "chips": [list(chip) for chip in chips(node, e)],
                "layers": [layer["numbers"] for layer in layers(e, node.name)] if node.name in ("g", "d") else [],
            }
            for node in nodes(e)
        ],
        "edges": edges(e),
        "opened": opened,
        "cards": cards_of(e, "model"),
        "tour": is_the_tour_s(e),
        "extent": data.load(e).spec.extent,
        "loss": knob("loss").choices[e.loss],
        "parameter_counts": dict(parameter_counts(e)),
    } | surroundings("model/model.js", "model")
    _mount(key=key, data=told, on_node_change=on_event, on_state_change=on_event, on_train_change=on_train)

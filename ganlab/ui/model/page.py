"""All of the Model page: the run's buttons, the diagram, and the node that is unfolded beneath it."""

from __future__ import annotations

import streamlit as st

from ganlab.runs import Run
from ganlab.ui import session
from ganlab.ui.model.foldout import foldout
from ganlab.ui.model.graph import nodes
from ganlab.ui.model.view import model_view
from ganlab.ui.notices import show_notices
from ganlab.ui.train.transport import OVER, transport
from ganlab.ui.train.watch import say_why_it_holds


def model_page() -> None:
    """The game of the run that this tab is on."""
    _model(session.run())


@st.fragment(key="model")
def _model(run: Run) -> None:
    """A press reruns this fragment, not the page; another run in its place draws the page anew."""
    if session.run() is not run:
        st.rerun()
    with st.container(gap="xsmall"):
        with st.container(horizontal=True, gap="xsmall", key="controls"):
            transport(run, shortcuts=False)
        show_notices()
        say_why_it_holds(run)
        node = next((node for node in nodes(run.experiment) if node.name == opened()), None)
        model_view(run, None if node is None else node.name, on_event=_told, on_train=lambda: _train(run))
        if node is not None:
            foldout(run.experiment, node)


def _train(run: Run) -> None:
    """The tour ends with training, unless the run is over."""
    if run.state not in OVER:
        run.play()


def opened() -> str | None:
    """The name of the node that is unfolded; the page's address holds it."""
    name: str | None = st.query_params.get("node")
    return name


def _told() -> None:
    """A click on a node unfolds it, a second one folds it."""
    name = st.session_state["model_view"].node
    if name is None:
        return
    if not name or name == opened():
        st.query_params.pop("node", None)
    else:
        st.query_params["node"] = name

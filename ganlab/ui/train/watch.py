"""The run itself: where it began, the buttons that drive it, and the live view."""

from __future__ import annotations

from contextlib import nullcontext
from typing import Any

import streamlit as st

from ganlab.experiment import ExperimentError, bounds
from ganlab.runs import LabFull, Run, State
from ganlab.training.cost import in_words, seconds_of_a_step
from ganlab.ui import session, working
from ganlab.ui.plain import plain
from ganlab.ui.tab import DataRequest
from ganlab.ui.train import chooser, clinic, gallery, walkthrough, your_runs
from ganlab.ui.train.intro import intro
from ganlab.ui.train.live_view import live_view
from ganlab.ui.train.transport import transport
from ganlab.views import cards_of, drawing_of

AROUND_THE_VIEWS = 208  # pixels of the window above and below the views
SLOW = 2.0  # seconds for an iteration that are worth a word
MESSAGE = 62  # pixels of a notice above them


@st.fragment(key="watch")
def watch(run: Run, wanted: DataRequest | None) -> None:
    """Everything about a run that answers at once: a press reruns this fragment, not the page.

    The settings and the theory belong to the run that the page was drawn with; when a press puts
    another run in its place, or asks for data that are not here, the whole page is drawn again.
    """
    if session.run() is not run or session.tab().wanted is not wanted:
        st.rerun()
    if (wished := st.session_state.pop("visit", None)) is not None:
        st.switch_page("model.py", query_params=wished)
    with st.container(gap="xsmall"):
        with st.container(horizontal=True, gap="xsmall", key="controls"):
            chooser.preset_box()
            gallery.gallery_button()
            transport(run)
            chooser.share(run)
            your_runs.your_runs_button()
        with st.container(horizontal=True, vertical_alignment="center", gap="small", key="about"):
            chooser.explanation(run)
            clinic.fix_button(run)
        messages = chooser.notices() + say_why_it_holds(run) + _say_how_slow(run)
        with st.container(horizontal=True, gap="small", key="guided") if _is_guided(run) else nullcontext():
            if _is_guided(run):
                with st.container(key="guide", gap="xsmall"):
                    clinic.note(run)
                    walkthrough.note()
            with st.container(key="picture"):
                live_view(
                    run.id,
                    state=str(run.state),
                    kind=drawing_of(run.experiment),
                    model=run.experiment.model,
                    cards=cards_of(run.experiment, "train"),
                    interpolation=run.view.interpolation,
                    reserved_height=AROUND_THE_VIEWS + MESSAGE * messages,
                    codes=shown_codes(run),
                    intro=intro(run.experiment),
                    on_interpolation=lambda: _interpolate(run),
                    on_codes=lambda: _dial(run),
                    on_visit=_visit,
                )
        clinic.code(run)


def _is_guided(run: Run) -> bool:
    """Whether there is something to read beside the picture."""
    return clinic.is_open(run) or walkthrough.is_open()


def _visit() -> None:
    """Turn to the Model page, with the node unfolded that a chart is about, or with the tour."""
    wished = st.session_state["live_view"].visit or {}
    st.session_state["visit"] = {name: str(wished[name]) for name in ("node", "tour") if name in wished}


def _interpolate(run: Run) -> None:
    run.set_view(interpolation=st.session_state["live_view"].interpolation)


def shown_codes(run: Run) -> dict[str, Any]:
    """The codes that G is given, and the one whose samples are shown."""
    e, view = run.experiment, run.view
    return {
        "categories": e.info_categories,
        "continuous": e.info_continuous,
        "category": view.category,
        "dials": list(view.dials),
        "turned": view.turned,
    }


def _dial(run: Run) -> None:
    chosen = st.session_state["live_view"].codes
    if chosen:
        dials = tuple(float(value) for value in chosen["dials"])
        run.set_view(category=int(chosen["category"]), dials=dials, turned=int(chosen["turned"]))


def say_why_it_holds(run: Run) -> int:
    """Say why the run ended or paused by itself, and what to do next. Returns how many lines are shown."""
    if not run.message or run.state is State.RUNNING:
        return 0
    if run.state is State.FAILED:
        st.error(plain(run.message), icon=":material/error:")
        st.button(
            "Start again with both learning rates divided by 10",
            key="slower",
            icon=":material/healing:",
            type="tertiary",
            on_click=_start_over_slower,
            args=(run,),
        )
        return 2
    st.info(plain(run.message), icon=":material/flag:")
    return 1


def _say_how_slow(run: Run) -> int:
    """Say how long an iteration takes, if it takes long. Returns how many lines are shown."""
    seconds = seconds_of_a_step(run.experiment)
    if seconds < SLOW or run.iteration > 0:
        return 0
    st.info(f"One iteration of these settings takes about {in_words(seconds)} here.", icon=":material/hourglass:")
    return 1


def _start_over_slower(run: Run) -> None:
    """Open a new run with smaller learning rates beside the one that failed: what helps most often."""
    slower = {name: max(getattr(run.experiment, name) / 10, bounds(name)[0]) for name in ("lr_g", "lr_d")}
    try:
        working.begin(run.experiment.changed(**slower))
    except (ExperimentError, LabFull) as error:
        session.tab().notices.append(str(error))
        return
    session.run().play()

"""All of the Sweep page."""

from __future__ import annotations

import streamlit as st

from ganlab import data
from ganlab.experiment import ExperimentError
from ganlab.runs import LabFull, Plan, State, Sweep
from ganlab.training.batched import families, why_apart
from ganlab.ui import bench, classroom, session
from ganlab.ui.notices import show_notices
from ganlab.ui.picker import run_box
from ganlab.ui.plain import plain
from ganlab.ui.sweep.plan import plan_form
from ganlab.ui.sweep.view import planned_view, wall_view

UNSAVED = (
    "A wall is kept only in this tab: it is not saved, and there is no link to it. Click a member to open it as a "
    "run: a run is saved and can be shared."
)
OVER = (State.FINISHED, State.FAILED, State.STOPPED)


def sweep_page() -> None:
    """The plan in the sidebar, the wall beside it."""
    refused = classroom.why_no_sweeps()
    with st.sidebar:
        run = run_box("Start from the settings of")
        plan = plan_form(run.experiment) if data.is_here(run.experiment) else None
        st.button(
            "Train the wall",
            key="sweep_train",
            type="primary",
            icon=":material/grid_view:",
            disabled=plan is None or bool(refused),
            on_click=_begin,
            args=(plan,),
            width="stretch",
        )
        if plan is not None:
            st.caption(together_in_words(plan))
            st.caption(UNSAVED)
    show_notices()
    if refused:
        st.info(refused, icon=":material/lock:")
    sweep = current()
    if sweep is None:
        st.info(
            "A wall trains many GANs at once and shows each of them live. They differ in one or two settings. Choose "
            "these settings on the left, then press **Train the wall**.",
            icon=":material/grid_view:",
        )
        if plan is not None:
            planned_view(plan)
        return
    _transport(sweep)
    opened = wall_view(sweep)
    if opened is not None:
        _open(sweep, opened)


def current() -> Sweep | None:
    """This tab's wall, if it has begun one that is still kept."""
    return session.lab().sweep(st.session_state.get("sweep", ""))


def together_in_words(plan: Plan) -> str:
    """How the members of a plan are trained."""
    count, parts = len(plan.experiments), families(plan.experiments)
    apart = [part for part in parts if len(part) == 1]
    if not apart:
        how = "as one batched computation" if len(parts) == 1 else f"in {len(parts)} batched computations"
        return f"{count} members, trained together {how}. Each one learns as it would alone."
    reasons = dict.fromkeys(filter(None, (why_apart(plan.experiments[part[0]]) for part in apart)))
    because = f": {'; '.join(reasons)}" if reasons else ", because no other has its networks and method"
    who = "All" if len(apart) == count else f"{len(apart)}"
    return f"{count} members. {who} of them are trained one after another, not as one batched computation{because}."


def _begin(plan: Plan) -> None:
    """Train this wall in place of the one before."""
    try:
        sweep = session.lab().create_sweep(plan, instead_of=st.session_state.get("sweep", ""))
    except (ExperimentError, LabFull) as error:
        session.tab().notices.append(str(error))
        return
    st.session_state.sweep = sweep.id
    sweep.play()


def _transport(sweep: Sweep) -> None:
    running = sweep.state is State.RUNNING
    st.button(
        "Pause" if running else "Go on",
        key="sweep_play",
        icon=":material/pause:" if running else ":material/play_arrow:",
        shortcut="Space",
        disabled=sweep.state in OVER,
        on_click=sweep.pause if running else sweep.play,
        width=130,
    )


def _open(sweep: Sweep, member: int) -> None:
    """Go on with one member as a run of its own, on the Train page."""
    try:
        run = session.lab().open_member(sweep, member)
    except (ExperimentError, LabFull) as error:
        st.warning(plain(str(error)), icon=":material/info:")
        return
    sweep.pause()
    bench.keep(run, session.preset_of(run.experiment), sweep.plan.title(member))
    bench.open_on_train_page(run)
    session.tab().walls[run.id] = sweep.id
    if member in sweep.broken:
        session.tab().notices.append(f"{sweep.broken[member]} So here it starts again from untrained networks.")
    st.switch_page("train.py")

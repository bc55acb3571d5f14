"""The list of remedies beside the Collapse page: one click tries one."""

from __future__ import annotations

import streamlit as st

from ganlab.experiment import ExperimentError
from ganlab.presets.collapse import RING
from ganlab.presets.remedies import REMEDIES, Remedy
from ganlab.runs import LabFull, Run
from ganlab.ui import bench, session
from ganlab.ui.collapse import ward
from ganlab.ui.collapse.results import Measured, measured
from ganlab.ui.plain import plain


def cures(ill: Run) -> None:
    """A button for each remedy, those first that cured most seeds, with the reason, the paper and what was measured."""
    st.markdown("### Cure it")
    st.caption("Each opens a second run, from the same step and the same chance, with that one change.")
    known = measured()
    for remedy in sorted(REMEDIES, key=lambda remedy: _rank(known.get(remedy.name))):
        _cure(remedy, ill, known.get(remedy.name))


def _rank(known: Measured | None) -> tuple[float, float]:
    return known.rank if known else (1.0, 0.0)


def _cure(remedy: Remedy, ill: Run, known: Measured | None) -> None:
    barred = remedy.why_not(ill.experiment)
    with st.container(gap="xxsmall"):
        st.button(
            remedy.title,
            key=f"cure_{remedy.name}",
            disabled=barred is not None,
            help=barred or remedy.paper,
            width="stretch",
            on_click=_try,
            args=(remedy,),
        )
        figures = f" **{known.sentence}**" if known and ill.initial_experiment.changed(seed=RING.seed) == RING else ""
        st.caption(barred or f"{remedy.reason}{figures}")


def _try(remedy: Remedy) -> None:
    try:
        ward.treat(remedy)
    except (ExperimentError, LabFull) as error:
        session.tab().notices.append(str(error))


def tried() -> None:
    """Which of the remedies that were tried stands beside the run."""
    here = ward.ward()
    if len(here.treated) < 2:
        return
    names = bench.names()
    st.segmented_control(
        "Remedy beside it",
        list(here.treated),
        default=here.shown,
        format_func=lambda run_id: plain(names[run_id]),
        key=f"tried_{here.shown}",
        on_change=_show,
        args=(f"tried_{here.shown}",),
    )


def _show(key: str) -> None:
    if chosen := st.session_state[key]:
        ward.show(chosen)

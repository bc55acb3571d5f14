"""The list of remedies beside the Collapse page: one click tries one."""

from __future__ import annotations

import streamlit as st

from ganlab.experiment import ExperimentError
from ganlab.presets.collapse import RING
from ganlab.presets.remedies import REMEDIES, Remedy
from ganlab.runs import LabFull, Run
from ganlab.ui import bench, session
from ganlab.ui.collapse import trial
from ganlab.ui.collapse.results import RemedyResult, measured
from ganlab.ui.plain import plain


def remedy_list(collapsed: Run) -> None:
    """Draw a button for each remedy, with its reason, paper and measured result. The most successful come first."""
    st.markdown("### Cure it")
    st.caption("Each opens a second run, from the same step and the same chance, with that one change.")
    known = measured()
    for remedy in sorted(REMEDIES, key=lambda remedy: _rank(known.get(remedy.name))):
        _remedy_button(remedy, collapsed, known.get(remedy.name))


def _rank(known: RemedyResult | None) -> tuple[float, float]:
    return known.rank if known else (1.0, 0.0)


def _remedy_button(remedy: Remedy, collapsed: Run, known: RemedyResult | None) -> None:
    barred = remedy.why_not(collapsed.experiment)
    with st.container(gap="xxsmall"):
        st.button(
            remedy.title,
            key=f"try_{remedy.name}",
            disabled=barred is not None,
            help=barred or remedy.paper,
            width="stretch",
            on_click=_try,
            args=(remedy,),
        )
        on_ring = collapsed.initial_experiment.changed(seed=RING.seed) == RING
        figures = f" **{known.sentence}**" if known and on_ring else ""
        st.caption(barred or f"{remedy.reason}{figures}")


def _try(remedy: Remedy) -> None:
    try:
        trial.apply(remedy)
    except (ExperimentError, LabFull) as error:
        session.tab().notices.append(str(error))


def fork_choice() -> None:
    """Draw the choice of the fork that is shown beside the run."""
    here = trial.trial()
    if len(here.forks) < 2:
        return
    names = bench.names()
    st.segmented_control(
        "Remedy beside it",
        list(here.forks),
        default=here.shown,
        format_func=lambda run_id: plain(names[run_id]),
        key=f"tried_{here.shown}",
        on_change=_show,
        args=(f"tried_{here.shown}",),
    )


def _show(key: str) -> None:
    if chosen := st.session_state[key]:
        trial.show(chosen)

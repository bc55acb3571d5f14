"""The list of remedies beside the Collapse page: one click tries one."""

from __future__ import annotations

from typing import Any

import streamlit as st

from ganlab.experiment import Experiment, ExperimentError, knob
from ganlab.experiment.label import label
from ganlab.presets.collapse import BLOBS
from ganlab.presets.remedies import REMEDIES, Remedy
from ganlab.runs import LabFull, Run
from ganlab.ui import bench, session
from ganlab.ui.collapse import trial
from ganlab.ui.collapse.results import RemedyResult, measured
from ganlab.ui.naming import in_words
from ganlab.ui.plain import plain


def remedy_list(collapsed: Run) -> None:
    """Draw a button for each remedy, with its reason, paper and measured result. The most successful come first."""
    st.markdown("### Cure it")
    st.caption(
        "The collapsed run stays paused. Each remedy is tried on a copy that goes on from this moment. An untreated "
        "copy, the twin, goes on from the same moment. Both are compared at the same iteration."
    )
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
        on_blobs = collapsed.initial_experiment.changed(seed=BLOBS.seed) == BLOBS
        figures = f" **{known.sentence}**" if known and on_blobs else ""
        e = collapsed.experiment
        if barred:
            st.caption(barred)
        else:
            st.caption(f"{remedy.reason} {_changes(remedy, e)}{figures}", help=_reasons(remedy, e))


def _changes(remedy: Remedy, e: Experiment) -> str:
    """What it changes in this experiment: all settings, if there are several."""
    told = [f"{plain(label(name))}: {_in_a_line(name, value)}" for name, value in _changed(remedy, e).items()]
    return f"Changes {told[0]}." if len(told) == 1 else f"Changes {len(told)} settings: {'; '.join(told)}."


def _in_a_line(name: str, value: Any) -> str:
    """A setting's value, in which no line ends: 2e-05 has a hyphen."""
    return plain(in_words(name, value)).replace("-", "\N{NON-BREAKING HYPHEN}")


def _reasons(remedy: Remedy, e: Experiment) -> str | None:
    """Why it changes each of several settings."""
    told = [f"- {plain(label(name))}: {remedy.why[name]}" for name in _changed(remedy, e) if name in remedy.why]
    return "\n".join(told) or None


def _changed(remedy: Remedy, e: Experiment) -> dict[str, Any]:
    """The settings that it gives other values, in the remedy's own order."""
    changes = remedy.changes(e)
    changed = e.changed(**changes)
    different = changed.differences(e)
    return {name: different[name] for name in changes if name in different and knob(name).applies(changed)}


def _try(remedy: Remedy) -> None:
    try:
        trial.apply(remedy)
    except (ExperimentError, LabFull) as error:
        session.tab().notices.append(str(error))


def remedy_choice() -> None:
    """Draw the choice of the remedy that is shown beside the twin."""
    here = trial.trial()
    if len(here.remedies) < 2:
        return
    names = bench.names()
    st.segmented_control(
        "Remedy beside it",
        list(here.remedies),
        default=here.shown,
        format_func=lambda run_id: plain(names[run_id]),
        key=f"tried_{here.shown}",
        on_change=_show,
        args=(f"tried_{here.shown}",),
    )


def _show(key: str) -> None:
    if chosen := st.session_state[key]:
        trial.show(chosen)

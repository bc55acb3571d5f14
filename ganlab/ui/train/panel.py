"""The settings beside the run, in one fragment a group: a change draws anew only what looks different afterwards."""

from __future__ import annotations

from typing import Any

import streamlit as st

from ganlab.experiment import GROUPS, Experiment, Group, fields_of, knob
from ganlab.runs import Run
from ganlab.training.size import parameter_counts
from ganlab.ui import classroom, session, widgets, working
from ganlab.ui.plain import plain
from ganlab.ui.tab import Tab
from ganlab.ui.train import theory
from ganlab.ui.train.own_data import own_data_button


def panel(run: Run) -> None:
    """Every setting of the run that has an effect, by group: common ones first, the others folded away."""
    for group in GROUPS:
        st.fragment(_group, key=group)(run, group)


def redraw_rules() -> None:
    """The teacher has changed what students may do: draw the groups anew that look different now.

    To be called while a widget's callback runs, on the page that has the panel.
    """
    if stale := _stale(session.run()):
        st.rerun(stale)


def _group(run: Run, group: Group) -> None:
    if session.run() is not run:
        st.rerun()
    names, here = _applying(run.experiment, group), session.tab()
    here.drawn[group] = _look(here, run.experiment, group)
    with st.container(key=f"group_{group}", gap="xsmall"):
        _heading(run.experiment, group)
        if locked := classroom.why_locked(*names):
            st.caption(f":material/lock: {locked}")
        widths = [2, 3] if group == "loss" else [3, 2]  # as wide as what they hold
        widgets.rows(run.experiment, [name for name in names if knob(name).common], widths, _change)
        for sentence in working.complaints(names).values():
            st.error(plain(sentence), icon=":material/block:")
        if group == "data":
            own_data_button()
        if rare := [name for name in names if not knob(name).common]:
            title = widgets.titles(run.experiment)[group].lower()
            folded = st.expander(f"More: {title}", key=f"more_{group}", on_change="rerun")
            if folded.open:  # what nobody sees would be half of what the browser builds before it can train
                with folded:
                    widgets.rows(run.experiment, rare, [1, 1], _change)


def _heading(experiment: Experiment, group: Group) -> None:
    hue, title = widgets.HUES.get(group), widgets.titles(experiment)[group]
    text = f"**:{hue}[{title}]**" if hue else f"**{title}**"
    if (count := parameter_counts(experiment).get(group)) is not None:
        text += f" :small[:gray[{count:,} parameter{'s' * (count != 1)}]]"
    st.markdown(text)


def _change(name: str, value: Any) -> None:
    """Give a setting a new value, and draw anew what that changes: the whole page where it begins a new run."""
    here = session.tab()
    run, wanted, of_theory = here.run, here.wanted, theory.subject(here.run.experiment)
    working.change(name, value)
    if here.run is not run or here.wanted is not wanted:
        st.rerun()
    session.remember()
    others = ["theory"] if theory.subject(run.experiment) != of_theory else []
    st.rerun([*{knob(name).group, *_stale(run)}, *others, "watch"])


def _stale(run: Run) -> list[Group]:
    """The groups that look different by now from how they were drawn."""
    here = session.tab()
    return [group for group in GROUPS if here.drawn.get(group) != _look(here, run.experiment, group)]


def _look(here: Tab, experiment: Experiment, group: Group) -> tuple[object, ...]:
    """All that the look of a group depends on."""
    names = _applying(experiment, group)
    refused = classroom.why_no_own_data() if group == "data" else ""
    waiting = [here.complaints.get(name) for name in names]
    return [(name, getattr(experiment, name)) for name in names], classroom.why_locked(*names), refused, waiting


def _applying(experiment: Experiment, group: Group) -> list[str]:
    return [name for name in fields_of(group) if knob(name).applies(experiment)]

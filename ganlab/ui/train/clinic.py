"""The clinic on the train page: a button that puts a mistake right, and what there is to know about it."""

from __future__ import annotations

import streamlit as st

from ganlab.experiment import ExperimentError
from ganlab.presets.clinic import Case, case_of
from ganlab.presets.walkthroughs import walkthrough_of
from ganlab.runs import LabFull, Run
from ganlab.training.clinic import wrong_and_right
from ganlab.ui import session


def fix_button(run: Run) -> None:
    """The way to the same run without its mistake, if it makes one."""
    case = _case(run)
    if case is not None and case.has(run.experiment):
        st.button(
            "Show the fix",
            key="fix",
            icon=":material/healing:",
            type="tertiary",
            help="Starts the same experiment without the mistake, from the same seed. This run is kept.",
            on_click=_show_the_fix,
            args=(run, case),
        )


def note(run: Run) -> None:
    """Show the mistake and its fix, in words and in code, if the run is a case of the clinic."""
    case = _case(run)
    if case is None:
        return
    wrong, right = wrong_and_right(case)
    with st.container(key="clinic", gap="xsmall"):
        state = "." if case.has(run.experiment) else ", corrected in this run."
        st.markdown(f"**The mistake: {case.title}{state}** {case.wrong}")
        st.markdown(f"**What to watch.** {case.watch}")
        st.markdown(f"**Why.** {case.why}")
        st.markdown(f"**The fix.** {case.fix}")
        st.caption(f"Seen in: {case.seen_in}")
        for column, title, code in zip(st.columns(2, gap="large"), ("Wrong", "Right"), (wrong, right), strict=True):
            with column:
                st.markdown(f"**{title}**")
                st.code(code, language="python", wrap_lines=True)


def _case(run: Run) -> Case | None:
    """Returns the run's case; None within a walk-through, which has its own page and fixes its own mistakes."""
    if walkthrough_of(session.tab().preset):
        return None
    return case_of(run.experiment, session.tab().preset)


def _show_the_fix(run: Run, case: Case) -> None:
    """Work on the right experiment; the tab still counts as the case's, so that its note stays."""
    here = session.tab()
    try:
        session.replace(case.fixed(run.experiment))
        here.preset = case.name
    except (ExperimentError, LabFull) as error:
        here.notices.append(str(error))

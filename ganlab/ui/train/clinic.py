"""The clinic on the train page: what there is to know about a mistake, and a button that shows what puts it right."""

from __future__ import annotations

import streamlit as st

from ganlab.experiment import Experiment, ExperimentError, is_images
from ganlab.experiment.sentence import Sentence
from ganlab.presets.clinic import Case, case_of
from ganlab.presets.walkthroughs import walkthrough_of
from ganlab.runs import LabFull, Rest, Run
from ganlab.training.clinic import wrong_and_right
from ganlab.ui import bench, session

# Iterations after which every case of the clinic shows its mistake (benchmarks.claims), and so do first steps of
# walk-throughs with images, whose iterations cost ten times as much.
SHOWS_AFTER, WALK_SHOWS_AFTER = 400, 100
NAMES = ("With the mistake", "Corrected")


def fix_button(run: Run) -> None:
    """The way to the same run without its mistake, beside it, if it makes one."""
    corrected = _corrected(run)
    if corrected is not None and st.button(
        "Show the fix",
        key="fix",
        icon=":material/healing:",
        type="tertiary",
        help="Trains the same experiment without the mistake, from the same seed, and shows both side by side.",
    ):
        _show_both(run, corrected)


def is_open(run: Run) -> bool:
    """Whether the run is a case of the clinic."""
    return _case(run) is not None


def note(run: Run) -> None:
    """The mistake in words, if the run is a case of the clinic."""
    case = _case(run)
    if case is None:
        return
    with st.container(key="clinic", gap="xsmall"):
        state = "." if case.has(run.experiment) else ", corrected in this run."
        st.markdown(f"**The mistake: {case.title}{state}** {case.wrong}")
        st.markdown(f"**What to watch.** {case.watch}")
        st.markdown(f"**Why.** {case.why}")
        st.markdown(f"**The fix.** {case.fix}")
        st.caption(f"Seen in: {case.seen_in}")


def code(run: Run) -> None:
    """The mistake and its fix in code, if the run is a case of the clinic."""
    case = _case(run)
    if case is None:
        return
    for column, title, piece in zip(st.columns(2, gap="large"), ("Wrong", "Right"), wrong_and_right(case), strict=True):
        with column:
            st.markdown(f"**{title}**")
            st.code(piece, language="python", wrap_lines=True)


def _case(run: Run) -> Case | None:
    """Returns the run's case; None within a walk-through, which has its own page."""
    if walkthrough_of(session.tab().preset):
        return None
    return case_of(run.experiment, session.tab().preset)


def _corrected(run: Run) -> Experiment | None:
    """The run's experiment without its mistake; None if it makes none."""
    if walkthrough_of(session.tab().preset):
        return run.experiment.changed(mistake="none") if run.experiment.mistake != "none" else None
    case = _case(run)
    return case.fixed(run.experiment) if case is not None and case.has(run.experiment) else None


def _show_both(run: Run, corrected: Experiment) -> None:
    """Train the run and the corrected one for as many iterations, on the Compare page, where only they are shown."""
    walk = walkthrough_of(session.tab().preset)
    others = [other for other in bench.runs() if other is not run]
    try:
        right = bench.add(corrected, preset=None if walk else session.tab().preset)
    except (ExperimentError, LabFull) as error:
        session.tab().notices.append(str(error))
        st.rerun()
    for other in others:
        bench.label_of(other).hidden = True
    last = max(run.iteration, WALK_SHOWS_AFTER if walk and is_images(corrected) else SHOWS_AFTER)
    for name, each in zip(NAMES, (run, right), strict=True):
        bench.label_of(each).name, bench.label_of(each).hidden = name, False
        if each.iteration < last:
            each.play(Rest(last, Sentence("It was trained for {last:,} iterations, like the other run.", last=last)))
        else:
            each.pause()
    session.tab().notices.append(
        f"The same seed with the mistake and without it. Both runs train for {last:,} iterations, then they pause."
    )
    st.switch_page("compare.py")

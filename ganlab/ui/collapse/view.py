"""The live part of the Collapse page: the run and the remedy beside it, their measures, and what changed."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from ganlab.metrics.stacked import SOURCES
from ganlab.runs import Run, TrialRun
from ganlab.ui.compare.view import facts_of
from ganlab.ui.scripts import loader, surroundings
from ganlab.views import cards_of

_mount = st.components.v2.component("ganlab_collapse", js=loader("collapse/collapse.js"))


def collapse_view(runs: Sequence[Run], key: str, on_press: Callable[[], None]) -> None:
    """Show the run that collapses and those beside it, and keep them moving without further reruns.

    `on_press` runs before the rerun that a press on a run's own button causes, as with `compare_view`.
    """
    facts = facts_of(runs)
    in_trial = any(isinstance(run, TrialRun) for run in runs)
    for run, known in zip(runs, facts["runs"], strict=True):
        known["cards"] = list(cards_of(run.experiment, "collapse"))
        known["trial"] = isinstance(run, TrialRun)
        known["held"] = in_trial and not known["trial"]
        known["stacked"] = run.experiment.data in SOURCES
    _mount(
        key=key,
        data=facts | surroundings("collapse/collapse.js", "collapse"),
        on_pressed_change=on_press,
        on_moved_change=lambda: None,
    )

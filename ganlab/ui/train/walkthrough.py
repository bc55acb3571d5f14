"""A walk-through on the train page: its steps, and what there is to know about them, beside the picture."""

from __future__ import annotations

import streamlit as st

from ganlab.presets.walkthroughs import Walkthrough, walkthrough_of
from ganlab.ui import bench, session, working


def is_open() -> bool:
    """Whether this tab has a step of a walk-through open."""
    return walkthrough_of(session.tab().preset) is not None


def note() -> None:
    """The stepper and the page of the walk-through whose step this tab has open, if it has one."""
    chosen = session.tab().preset
    walk = walkthrough_of(chosen)
    if walk is None:
        return
    with st.container(key="walkthrough", gap="xsmall"):
        st.markdown(f"**Walk-through {walk.number}: {walk.title}.** {walk.shows}")
        _stepper(walk, chosen)
        st.markdown(f"**What to watch.** {walk.watch}")
        st.markdown("**Common mistakes**")
        st.markdown("\n".join(f"- {sentence}" for sentence in walk.wrongly))
        st.markdown(f"**What is as published, and what differs.** {walk.ours}")
        st.markdown("**Questions it raises**")
        st.markdown("\n".join(f"- {question}" for question in walk.questions))


def _stepper(walk: Walkthrough, chosen: str | None) -> None:
    with st.container(horizontal=True, gap="xsmall", key="steps"):
        for place, step in enumerate(walk.steps, start=1):
            st.button(
                f"{place} {step.title[0].upper()}{step.title[1:]}",
                key=f"walk_{step.name}",
                type="primary" if step.name == chosen else "secondary",
                help=step.explanation,
                on_click=working.open_preset,
                args=(step.name,),
            )
        together = walk.side_by_side()
        if st.button(
            "Open side by side",
            key="walk_compare",
            icon=":material/view_column:",
            type="tertiary",
            help=f"On the Compare page: {'; '.join(together)}.",
        ):
            bench.open_side_by_side(together)

"""The Collapse page before a run is chosen: four ways to lose modes, large enough for the last row."""

from __future__ import annotations

import streamlit as st

from ganlab.presets import Preset
from ganlab.presets.collapse import COLLAPSED_AFTER, PRESETS
from ganlab.ui import session, working
from ganlab.ui.collapse import trial
from ganlab.ui.picker import run_box


def start() -> None:
    """A large button for each case, and the runs of the tab."""
    first, last = min(COLLAPSED_AFTER.values()), max(COLLAPSED_AFTER.values())
    st.markdown("## Collapse in 20 seconds")
    st.markdown(
        "A generator (G) has **collapsed** when it makes only a few of the many things that the data hold: the modes. "
        "The discriminator (D), which judges its samples, may not notice. Choose where to see it: training begins at "
        f"once. It pauses when the run has collapsed, or after {first:,} to {last:,} iterations, so that you can look."
    )
    for column, preset in zip(st.columns(len(PRESETS), gap="medium"), PRESETS, strict=True):
        with column, st.container(border=True, height="stretch"):
            _case(preset)
    with st.expander("Or examine a run of this tab"):
        run = run_box()
        st.button("Examine this run", key="examine", on_click=trial.begin, args=(run,))


def _case(preset: Preset) -> None:
    title = preset.title.partition(":")[0]
    st.markdown(f"### {title}")
    st.markdown(preset.explanation)
    st.space("stretch")
    st.button(
        "Make it collapse",
        key=f"start_{preset.name}",
        type="primary",
        icon=":material/play_arrow:",
        width="stretch",
        help=preset.source,
        on_click=_begin,
        args=(preset.name,),
    )


def _begin(name: str) -> None:
    before = session.run()
    working.open_preset(name)
    if session.run() is not before:
        trial.begin(session.run(), COLLAPSED_AFTER[name])

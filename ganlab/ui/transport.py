"""Play, pause, step and start over: the buttons that drive a run."""

from __future__ import annotations

import streamlit as st

from ganlab.runs import Run, State
from ganlab.ui import session

OVER = (State.FINISHED, State.FAILED, State.STOPPED)


def transport(run: Run) -> None:
    """The row of buttons. A run that is over can only start over."""
    over, running = run.state in OVER, run.state is State.RUNNING
    st.button(
        "Pause" if running else "Train",
        key="play",
        icon=":material/pause:" if running else ":material/play_arrow:",
        type="primary",
        shortcut="Space",
        disabled=over,
        on_click=run.pause if running else run.play,
        width=130,
    )
    st.button(
        "Step",
        key="step",
        icon=":material/skip_next:",
        shortcut="Right",
        disabled=over,
        help="One iteration: n_critic updates of D, then one of G.",
        on_click=run.step,
    )
    st.button(
        ":green[D] step",
        key="step_d",
        disabled=over,
        help="One update of the discriminator alone.",
        on_click=run.step_d,
    )
    st.button(
        ":violet[G] step",
        key="step_g",
        disabled=over,
        help="One update of the generator alone.",
        on_click=run.step_g,
    )
    st.button(
        "Reset",
        key="reset",
        icon=":material/replay:",
        help="Back to iteration 0 with the settings as they are now.",
        on_click=run.reset,
    )
    st.button(
        "Defaults",
        key="defaults",
        icon=":material/restart_alt:",
        help="A fresh run with the settings that this one started from.",
        on_click=session.restart_with_defaults,
    )
    st.button(
        "Stop",
        key="stop",
        icon=":material/stop:",
        disabled=over,
        help="End this run for good; its curves stay. Reset starts it over.",
        on_click=run.stop,
    )

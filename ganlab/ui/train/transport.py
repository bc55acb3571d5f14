"""Play, pause, step and start over: the buttons that drive a run."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from ganlab.experiment import ExperimentError
from ganlab.runs import Run, State
from ganlab.ui import session, working

GAN_WORDS = {
    "iteration": "One iteration: n_critic updates of D, then one of G.",
    "step_d": ":green[D] step", "about_d": "One update of the discriminator alone; it counts as an iteration.",
    "step_g": ":violet[G] step", "about_g": "One update of the generator alone; it counts as an iteration.",
}  # fmt: skip
VAE_WORDS = {
    "iteration": "One iteration: one update of encoder and decoder together.",
    "step_d": ":green[E] step", "about_d": "One update of the encoder alone; it counts as an iteration.",
    "step_g": ":violet[G] step", "about_g": "One update of the decoder, G, alone; it counts as an iteration.",
}  # fmt: skip
OVER = (State.FINISHED, State.FAILED, State.STOPPED)


def transport(run: Run, shortcuts: bool = True) -> None:
    """The row of buttons. A run that is over can only start over. A page may have the shortcuts' keys for itself."""
    over, running = run.state in OVER, run.state is State.RUNNING
    words = VAE_WORDS if run.experiment.model == "vae" else GAN_WORDS
    st.button(
        "Pause" if running else "Train",
        key="play",
        icon=":material/pause:" if running else ":material/play_arrow:",
        type="primary",
        shortcut="Space" if shortcuts else None,
        disabled=over,
        on_click=run.pause if running else run.play,
        width=130,
    )
    st.button(
        "Step",
        key="step",
        icon=":material/skip_next:",
        shortcut="Right" if shortcuts else None,
        disabled=over,
        help=words["iteration"],
        on_click=_take,
        args=(run.step,),
    )
    st.button(
        words["step_d"],
        key="step_d",
        disabled=over,
        help=words["about_d"],
        on_click=_take,
        args=(run.step_d,),
    )
    st.button(
        words["step_g"],
        key="step_g",
        disabled=over,
        help=words["about_g"],
        on_click=_take,
        args=(run.step_g,),
    )
    st.button(
        "Reset",
        key="reset",
        icon=":material/replay:",
        help="Starts again at iteration 0 with the current settings.",
        on_click=run.reset,
    )
    st.button(
        "Defaults",
        key="defaults",
        icon=":material/restart_alt:",
        help="Opens a new run with the settings that this run started with.",
        on_click=working.restart_with_defaults,
    )
    st.button(
        "Stop",
        key="stop",
        icon=":material/stop:",
        disabled=over,
        help="Ends this run: it can't be trained any further. Its curves stay. Reset starts it again.",
        on_click=run.stop,
    )


def _take(step: Callable[[], None]) -> None:
    """Take a step, or say why not: in a paused class nobody does but the teacher."""
    try:
        step()
    except ExperimentError as error:
        session.tab().notices.append(str(error))

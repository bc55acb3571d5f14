"""Opens exported weights as a run again."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import streamlit as st

from ganlab.experiment import ExperimentError
from ganlab.export.reopening import reopened
from ganlab.runs import LabFull
from ganlab.ui import classroom, session, working
from ganlab.ui.plain import plain


def reopen_box() -> None:
    """Take a file, and say what became of it."""
    with st.expander("Open exported weights again", icon=":material/upload_file:"):
        st.caption(
            "A generator.safetensors becomes a run with this trained generator and a new, untrained discriminator. A "
            "checkpoint.safetensors that `ganlab train` wrote goes on training where it stopped."
        )
        if refused := classroom.why_no_own_data():
            st.info(refused, icon=":material/lock:")
            return
        file = st.file_uploader("Weights", type="safetensors", key="reopen_file", label_visibility="collapsed")
        st.button(
            "Open as a new run",
            key="reopen",
            icon=":material/play_arrow:",
            disabled=file is None,
            on_click=open_weights,
            args=(file,),
        )
        problem, opened = (st.session_state.pop(name, None) for name in ("reopen_problem", "reopen_done"))
        if problem:
            st.error(plain(problem), icon=":material/error:")
        if opened:
            st.success(
                "It is now the run on the Train page. The run that was there before is kept.", icon=":material/check:"
            )


def open_weights(file: Any) -> None:
    """Work on a run of the uploaded file, or say why that can't be."""
    if refused := classroom.why_no_own_data():
        st.session_state["reopen_problem"] = refused
        return
    with tempfile.TemporaryDirectory(prefix="ganlab-reopen-") as folder:
        path = Path(folder) / "weights.safetensors"
        path.write_bytes(file.getvalue())
        try:
            working.turn_to(session.lab().go_on_from(*reopened(path)))
        except (ExperimentError, LabFull) as error:
            st.session_state["reopen_problem"] = str(error)
        else:
            st.session_state["reopen_done"] = True

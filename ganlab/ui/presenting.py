"""The presentation view, for lectures: large letters and no settings beside the picture.

A button in the page's head begins and ends it, and so does `?present=1` in the address; Escape ends it, too.
"""

from __future__ import annotations

from pathlib import Path

import streamlit as st

PARAMETER = "present"  # in the page's address, and the name of the tab's state


def presenting() -> bool:
    """Whether this tab is in the presentation view."""
    return bool(st.session_state.get(PARAMETER))


def address() -> dict[str, str]:
    """What the page's address needs to hold so that it opens in the same view."""
    return {PARAMETER: "1"} if presenting() else {}


def show_presenting(style: Path) -> None:
    """Begin, go on with or leave the presentation view, and draw the button; `style` is its style sheet.

    Streamlit empties the address when the page changes, so the tab remembers the view and puts it back.
    """
    if PARAMETER in st.query_params:
        st.session_state[PARAMETER] = st.query_params[PARAMETER] != "0"
    if presenting():
        st.query_params[PARAMETER] = "1"
        st.html(style)
    with st.container(key="presenting"):
        if presenting():
            st.button(
                "Leave the presentation",
                key="leave_presenting",
                icon=":material/close_fullscreen:",
                shortcut="Escape",
                on_click=_leave,
            )
        else:
            st.button(
                "Present",
                key="begin_presenting",
                icon=":material/present_to_all:",
                type="tertiary",
                help="Large letters and no settings beside the picture, for a lecture. Escape ends it.",
                on_click=_begin,
            )


def _begin() -> None:
    st.session_state[PARAMETER] = True


def _leave() -> None:
    st.session_state[PARAMETER] = False
    st.query_params.pop(PARAMETER, None)

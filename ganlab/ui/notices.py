"""What a page says once, at its top."""

from __future__ import annotations

import streamlit as st

from ganlab.ui import session
from ganlab.ui.plain import plain


def show_notices() -> int:
    """What happened in this tab since the last time; returns how many lines."""
    notices, shown = session.tab().notices, 0
    while notices:
        st.warning(plain(notices.pop(0)), icon=":material/info:")
        shown += 1
    return shown

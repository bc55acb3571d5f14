"""Open pages of students follow what the teacher locks, allows and forbids, without being loaded anew.

The bar of the class hears of a change, and a component that draws nothing tells Python. Each page hears of it at a
moment of its own within two seconds, so a class does not ask all at once.
"""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from ganlab.live.routes import assets_path
from ganlab.ui import classroom
from ganlab.ui.scripts import loader

ENTRY = "classroom/rules.js"
_mount = st.components.v2.component("ganlab_class_rules", js=loader(ENTRY))


def follow(redraw: Callable[[], None] | None = None) -> None:
    """Run the page again when the rules change; `redraw`, called before that, may draw anew only a part of it."""
    if (drawn := classroom.shown_rules()) is not None:
        data = {"drawn": drawn, "assets": assets_path(), "modules": [ENTRY]}
        _mount(key="class_rules", data=data, on_rules_change=redraw or (lambda: None))

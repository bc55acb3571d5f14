"""All presets at a glance, a tab for each family."""

from __future__ import annotations

import streamlit as st

from ganlab.presets import FAMILIES, Family, Preset
from ganlab.ui import session


def gallery_button() -> None:
    """The way to the gallery, beside the box in which a preset can be found by its name."""
    if st.button("Gallery", key="gallery", icon=":material/apps:", help="All presets, and what each one shows."):
        _gallery()


@st.dialog("Presets", width="large", icon=":material/apps:")
def _gallery() -> None:
    """Draw only the chosen tab, since there are many presets."""
    chosen = session.tab().preset
    titles = [family.title for family in FAMILIES]
    home = next((family.title for family in FAMILIES if chosen in {each.name for each in family.presets}), titles[0])
    for tab, family in zip(st.tabs(titles, default=home, on_change="rerun"), FAMILIES, strict=True):
        if tab.open:
            with tab:
                _family(family, chosen)


def _family(family: Family, chosen: str | None) -> None:
    st.caption(family.line)
    with st.container(key="presets", gap="xsmall", height=520):
        for preset in family.presets:
            with st.container(gap=None):
                _entry(preset, here=preset.name == chosen)


def _entry(preset: Preset, *, here: bool) -> None:
    opened = st.button(
        f"**{preset.title}**",
        key=f"open_{preset.name}",
        type="tertiary",
        icon=":material/check:" if here else None,
        help=preset.source,
        on_click=session.open_preset,
        args=(preset.name,),
    )
    st.caption(preset.explanation)
    if opened:
        st.rerun()  # which closes the gallery

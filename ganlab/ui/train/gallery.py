"""All presets at a glance: a tab for each family, and those that a person looks for."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from ganlab.experiment import is_images
from ganlab.experiment.choices import DATA
from ganlab.presets import FAMILIES, PRESETS, Family, Preset
from ganlab.presets.level import LEVELS, ideas, level
from ganlab.presets.walkthroughs import WALKTHROUGHS, Walkthrough
from ganlab.runs.naming import data_and_method
from ganlab.ui import session, working
from ganlab.ui.train.chooser import trained_button
from ganlab.ui.train.pictures import pictures

PICTURE = 84  # pixels
HEIGHT = 520
PICTURES = "Each picture shows what a preset makes after a few seconds of training."
KINDS = ("Points", "Images", "Dirac game")


def gallery_button() -> None:
    """The way to the gallery, beside the box in which a preset can be found by its name."""
    if st.button("Gallery", key="gallery", icon=":material/apps:", help="All presets, and what each one shows."):
        _gallery()


@st.dialog("Presets", width="large", icon=":material/apps:")
def _gallery() -> None:
    """Draw only the chosen tab, or what is looked for, since there are many presets."""
    chosen = session.tab().preset
    sought, kind, hard = _wishes()
    if sought or kind or hard:
        _found([preset for preset in PRESETS.values() if _is_meant(preset, sought, kind, hard)], chosen)
        return
    titles = [family.title for family in FAMILIES]
    home = next((family.title for family in FAMILIES if chosen in {each.name for each in family.presets}), titles[0])
    for tab, family in zip(st.tabs(titles, default=home, on_change="rerun"), FAMILIES, strict=True):
        if tab.open:
            with tab:
                _family(family, chosen)


def _wishes() -> tuple[str, str | None, str | None]:
    """What a person looks for: words, a kind of data, and how hard it may be; nothing of it to begin with."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="wishes"):
        sought = st.text_input(
            "Search", key="presets_sought", placeholder="A name, a loss, an idea, a data set", width=270
        )
        kind = st.pills("Kind", KINDS, key="presets_kind")
        hard = st.pills(
            "How hard",
            list(LEVELS),
            key="presets_level",
            format_func=str.capitalize,
            help=" ".join(LEVELS.values()),
        )
    return sought, kind, hard


def _is_meant(preset: Preset, sought: str, kind: str | None, hard: str | None) -> bool:
    """Whether a preset is of this kind, this hard, and all the words occur in what is known of it."""
    e = preset.experiment
    text = " ".join((preset.title, preset.explanation, preset.source, data_and_method(e), *ideas(e))).lower()
    of_kind = kind in (None, kind_of(preset)) and hard in (None, level(e))
    return of_kind and all(word in text for word in sought.lower().split())


def kind_of(preset: Preset) -> str:
    """What the preset's data are."""
    e = preset.experiment
    return "Images" if is_images(e) else "Dirac game" if e.data == "dirac" else "Points"


def _found(presets: Sequence[Preset], chosen: str | None) -> None:
    if not presets:
        st.info("No preset matches. Try fewer words, or another kind.", icon=":material/search_off:")
        return
    st.caption(f"{len(presets)} of {len(PRESETS)} presets. {PICTURES}")
    with st.container(key="presets", gap="small", height=HEIGHT):
        _entries(presets, chosen)


def _family(family: Family, chosen: str | None) -> None:
    st.caption(f"{family.line} {PICTURES}")
    with st.container(key="presets", gap="small", height=HEIGHT):
        if family.presets[0].name == WALKTHROUGHS[0].steps[0].name:
            for walk in WALKTHROUGHS:
                _walkthrough(walk, chosen)
        else:
            _entries(family.presets, chosen)


def _walkthrough(walk: Walkthrough, chosen: str | None) -> None:
    """A walk-through, pictured by its last step; its steps are unfolded below it."""
    here = chosen in {step.name for step in walk.steps}
    with st.container(gap="xsmall", key=f"walkthrough_{walk.number}"):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            _picture(walk.steps[-1].name)
            with st.container(gap=None):
                first = walk.steps[0].name
                _opener(first, f"Walk-through {walk.number}: {walk.title}", walk.ours, f"open_{first}", here=here)
                st.caption(walk.shows)
        folded = st.expander(f"{len(walk.steps)} steps", expanded=here, key=f"steps_{walk.number}", on_change="rerun")
        if folded.open:
            with folded:
                _entries([PRESETS[step.name] for step in walk.steps], chosen, key="step")


def _entries(presets: Sequence[Preset], chosen: str | None, key: str = "open") -> None:
    """Two in a row, where there is room."""
    for first in range(0, len(presets), 2):
        for column, preset in zip(st.columns(2, gap="medium"), presets[first : first + 2], strict=False):
            with column:
                _entry(preset, f"{key}_{preset.name}", here=preset.name == chosen)


def _entry(preset: Preset, key: str, *, here: bool) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        _picture(preset.name)
        with st.container(gap=None):
            _opener(preset.name, preset.title, preset.source, key, here=here)
            st.caption(preset.explanation)
            _facts(preset)
            if trained_button(preset.name, f"trained_{key}"):
                st.rerun()  # which closes the gallery


def _picture(name: str) -> None:
    if (pictured := pictures().get(name)) is not None:
        st.image(pictured.path, width=PICTURE)


def _opener(name: str, title: str, source: str, key: str, *, here: bool) -> None:
    """The title; a click on it opens the preset."""
    opened = st.button(
        f"**{title}**",
        key=key,
        type="tertiary",
        icon=":material/check:" if here else None,
        help=source,
        on_click=working.open_preset,
        args=(name,),
    )
    if opened:
        st.rerun()  # which closes the gallery


def _facts(preset: Preset) -> None:
    """How hard it is, how long it takes, and what it is about, in a line."""
    e, pictured = preset.experiment, pictures().get(preset.name)
    parts, more = [level(e).capitalize()], [LEVELS[level(e)]]
    if known := ideas(e):
        more.append(f"Here: {', '.join(known)}.")
    if pictured is not None:
        parts.append(pictured.time(e.max_steps))
        more.append(
            f"The picture was taken after {pictured.iterations:,} iterations. Times are of one CPU core, as measured; "
            "on your machine they differ."
        )
    st.caption(f":small[{' · '.join((*parts, DATA[e.data]))}]", help=" ".join(more))

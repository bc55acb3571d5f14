"""All of the Compare page."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from ganlab.experiment import Experiment
from ganlab.runs import Run
from ganlab.ui import bench, session
from ganlab.ui.compare import address, controls
from ganlab.ui.compare.listing import listing
from ganlab.ui.compare.table import settings_table
from ganlab.ui.compare.view import compare_view, pressed
from ganlab.ui.notices import show_notices
from ganlab.ui.plain import plain


def compare_page() -> None:
    """The tab's runs in a list, and those that are not hidden side by side."""
    address.restore()
    runs = bench.runs()
    shown = [run for run in runs if not bench.label_of(run).hidden]
    address.remember(runs)
    with st.sidebar:
        listing(runs)
    with st.container(horizontal=True, gap="xsmall", key="together"):
        controls.together(shown)
        controls.more()
    show_notices()
    if not shown:
        st.info("Every run of this tab is hidden: show one in the list on the left.", icon=":material/visibility:")
        return
    compare_view(shown, on_press=_pressed)
    names = bench.names()
    settings_table({names[run.id]: run.experiment for run in shown}, [bench.label_of(run).colour for run in shown])
    _origins(shown, names)
    if len(shown) > 1:
        st.caption(latents_in_words([run.experiment for run in shown]))


def latents_in_words(experiments: Sequence[Experiment]) -> str:
    """Whether the pictures of these experiments are made of the same latents."""
    latents = {(e.seed, e.latent_dim, e.latent_distribution) for e in experiments}
    if len(latents) == 1:
        return "All runs are shown with the same latents, so their samples differ only by what the runs have learned."
    return (
        "Runs are shown with the same latents only if they have the same seed, latent dimension and latent "
        "distribution. Not all of these do, so compare their samples as a whole, not one by one."
    )


def _origins(runs: list[Run], names: dict[str, str]) -> None:
    """Say what forks took over, and what began trained."""
    for run in runs:
        if run.origin is not None and run.origin.shipped:
            st.caption(f"**{plain(names[run.id])}**: {plain(run.origin.sentence)}")
        elif run.origin is not None:
            st.caption(
                f"**{plain(names[run.id])}** is a copy of {_parent(run.origin.run, names)}. "
                f"{plain(run.origin.sentence)}"
            )


def _parent(parent: str, names: dict[str, str]) -> str:
    if not parent:
        return "a file"
    if session.lab().sweep(parent) is not None:
        return "a member of a wall"
    return plain(names.get(parent, "a run that this tab does not have"))


def _pressed() -> None:
    """A press on a run's own button in the browser."""
    told = pressed()
    run = next((run for run in bench.runs() if told and run.id == told[0]), None)
    if told and run is not None:
        run.play() if told[1] == "play" else run.pause()

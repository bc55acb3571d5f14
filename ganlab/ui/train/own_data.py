"""A person's own points and images: upload, paste or draw them, see how they are understood, and train on them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from io import BytesIO
from typing import Literal

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from ganlab.data import own, own_points, tables
from ganlab.data.images import archives, decoding
from ganlab.data.images import own as own_images
from ganlab.data.tables import Table
from ganlab.experiment import ExperimentError
from ganlab.runs import LabFull
from ganlab.ui import classroom, working
from ganlab.ui.plain import plain
from ganlab.ui.tab import DataRequest
from ganlab.ui.train.drawing import drawn_points
from ganlab.ui.train.preview import show_images, show_points

NO_COLUMN = -1
ASK_FOR_ONE = "If you choose a Condition (under Data), you can ask G for each class."
TABS = ("Upload CSV", "Paste numbers", "Draw", "Images")
EXPECTED = (
    f"Write one point on each line, with commas, semicolons, tabs or spaces between its numbers. A header line is "
    f"allowed. An array as Python, NumPy or MATLAB prints it works too. Up to {own_points.MOST_POINTS:,} points, "
    f"{tables.MOST_BYTES / 1e6:.0f} MB."
)
LIMITS = (
    f"Zip files, or image files (PNG, JPEG, GIF, BMP, WebP, AVIF, TIFF). Images may have any size and shape: each is "
    f"cropped to a square in its middle. Each folder in a zip file, or each of several zip files, is a class. Up to "
    f"{own_images.MOST_IMAGES:,} images, {decoding.MOST_FILE_BYTES / 1e6:.0f} MB each, "
    f"{archives.MOST_ARCHIVE_BYTES / 1e6:.0f} MB in all."
)


def own_data_button() -> None:
    """The way to the dialog."""
    refused = classroom.why_no_own_data()
    st.button(
        "Your own data",
        key="own_data",
        icon=":material/upload_file:",
        type="tertiary",
        help=refused
        or "Train on points that you upload, paste or draw, or on your own images. They stay on this computer.",
        disabled=bool(refused),
        on_click=_open,
    )


def _open() -> None:
    working.ask_for_own_data()
    st.rerun()  # the whole page: the dialog is no part of the settings that are drawn anew


def hand_in(wanted: DataRequest) -> None:
    """Draw the dialog's content: a tab for each way to hand data in."""
    if refused := classroom.why_no_own_data():
        st.info(refused, icon=":material/lock:")
        return
    if wanted.why:
        st.warning(plain(wanted.why), icon=":material/info:")
    first = "Images" if wanted.experiment.data == "own_images" else "Upload CSV"
    upload, paste, draw, images = st.tabs(TABS, default=first)
    with upload:
        file = st.file_uploader("A table of points", ["csv", "tsv", "txt", "dat"], key="own_csv", max_upload_size=5)
        st.caption(EXPECTED)
        if file is not None:
            _read("csv", file.getvalue())
    with paste:
        text = st.text_area("Numbers", key="own_text", height=150, placeholder="0.5, -1.2\n0.7, -0.9\n...")
        st.caption(EXPECTED)
        if text.strip():
            _read("text", text)
    with draw:
        left, right = st.columns([2, 3])
        with left:
            points = drawn_points()
        with right:
            if len(points) >= own_points.FEWEST_POINTS:
                _report(points, own.NOTHING, "drawn", f"{len(points):,} points drawn.")
            else:
                st.caption("Draw with the mouse, a finger or a pen. The generator learns to imitate what you draw.")
    with images:
        _images()


def _read(key: str, text: str | bytes) -> None:
    """Read a table, let columns be chosen where there are more than needed, and tell what was understood."""
    try:
        table = _table(key, text)
        left, right = st.columns([2, 3])
        with right:
            points = own_points.chosen(table, *_columns(key, table))
    except ExperimentError as error:
        st.error(plain(str(error)), icon=":material/error:")
        return
    columns = points.values.shape[1]
    named = f" ({', '.join(points.names)})" if points.names else ""
    separated = f", with {table.separator} between them" if columns == 2 else ""
    commas = " and decimal commas" if table.decimal_comma else ""
    about = own_points.about(points)
    with left:
        show_points(own_points.scaled(points.values, about)[0])
    with right:
        numbers = "one number" if columns == 1 else "two numbers"
        for sentence in points.noted:
            st.text(sentence)  # names from a file are no Markdown
        if points.labels:
            st.text(f"{len(points.labels)} classes: {', '.join(points.labels)}. {ASK_FOR_ONE}")
        found = f"{len(points.values):,} points of {numbers}{named}{separated}{commas}."
        _report(points.values, about, key, found)


def _table(key: str, text: str | bytes) -> Table:
    """The table; read once, however often the dialog is drawn again."""
    before, table = st.session_state.get(f"own_table_{key}", (None, None))
    if before != text or not isinstance(table, Table):
        table = tables.read(text)
        st.session_state[f"own_table_{key}"] = (text, table)
    return table


def _columns(key: str, table: Table) -> tuple[tuple[int, ...], int | None]:
    """Returns the columns to use and the one that names classes: the usual ones, or those that a person chooses."""
    usual, label = own_points.usual_columns(table), own_points.usual_label(table)
    possible = [place for place, column in enumerate(table.columns) if column.is_numbers]
    naming = own_points.label_columns(table)
    if not usual or (len(possible) <= len(usual) and label is None):
        return usual, None
    with st.container(horizontal=True):
        x = st.selectbox("Across", possible, possible.index(usual[0]), table.name, key=f"across_{key}")
        up = [NO_COLUMN, *(place for place in possible if place != x)]
        second = up.index(usual[1]) if len(usual) == 2 and usual[1] in up else 0
        y = st.selectbox("Up", up, second, partial(_called, table, "None: points on a line"), key=f"up_{key}")
        labels = [NO_COLUMN, *(place for place in naming if place not in (x, y))]
        first = labels.index(label) if label in labels else 0
        named = st.selectbox("Classes", labels, first, partial(_called, table, "None"), key=f"classes_{key}")
    return (x,) if y == NO_COLUMN else (x, y), None if named == NO_COLUMN else named


def _called(table: Table, without: str, place: int) -> str:
    return without if place == NO_COLUMN else table.name(place)


def _report(values: NDArray[np.float64], about: own.About, key: str, found: str) -> None:
    """What was understood, how it is scaled, and the way to train on it."""
    _, units = own_points.scaled(values, about)
    st.markdown(f"**{plain(found)}**")
    axis = "each axis: they differ much" if about.each_axis else "the wider axis"
    scaled = f"mean 0, standard deviation 1 along {axis}"
    st.caption(f"Trained on as {plain(str(units))}: {scaled}. Charts and exports show your own numbers.")
    if st.button("Use these points", key=f"use_{key}", type="primary", icon=":material/check:"):
        _use("own_points", lambda: own_points.keep(values, about), len(about.labels))


def _images() -> None:
    files = st.file_uploader(
        "Zips, or images",
        accept_multiple_files=True,
        key="own_images",
        max_upload_size=int(archives.MOST_ARCHIVE_BYTES / 1e6),
    )
    st.caption(LIMITS)
    if not files:
        return
    try:
        found = _gathered(files)
    except ExperimentError as error:
        st.error(plain(str(error)), icon=":material/error:")
        return
    st.markdown(f"**{len(found.values):,} {'grey' if found.values.shape[1] == 1 else 'colour'} images can be used.**")
    for sentence in found.noted:
        st.warning(plain(sentence), icon=":material/info:")
    if found.labels:
        st.text(f"{len(found.labels)} classes, by folder: {', '.join(found.labels)}. {ASK_FOR_ONE}")
    for reason, names in found.skipped.items():
        st.text(f"{len(names):,} skipped, {reason}: {', '.join(names[:5])}{', ...' if len(names) > 5 else ''}")
    show_images(found.values)
    if st.button("Use these images", key="use_images", type="primary", icon=":material/check:"):
        _use("own_images", found.keep, len(found.labels))


def _gathered(files: Sequence[BytesIO]) -> own_images.ImageImport:
    """The images in the files; read once, however often the dialog is drawn again.

    Raises:
        ExperimentError: see `from_zip` and `from_files`.
    """
    names = [str(getattr(file, "name", "")) for file in files]
    digest = tuple(str(getattr(file, "file_id", name)) for file, name in zip(files, names, strict=True))
    before, found = st.session_state.get("own_gathered", (None, None))
    if before != digest or not isinstance(found, own_images.ImageImport):
        bar = st.progress(0.0)

        def progress(doing: str, share: float) -> None:
            bar.progress(share, f"{doing} ({share:.0%})")

        contents = [(name, file.getvalue()) for name, file in zip(names, files, strict=True)]
        found = own_images.from_files(contents, progress=progress)
        bar.empty()
        st.session_state["own_gathered"] = (digest, found)
    return found


def _use(name: Literal["own_points", "own_images"], keep: Callable[[], str], classes: int) -> None:
    """Keep the data and train on them; the dialog closes."""
    try:
        working.hand_in(name, keep(), classes)
    except (ExperimentError, LabFull) as error:
        st.error(plain(str(error)), icon=":material/error:")
        return
    st.session_state.pop("own_gathered", None)
    st.rerun()

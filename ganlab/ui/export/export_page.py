"""The export page: one card for each format in which a run can be exported."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from ganlab import data
from ganlab.experiment import is_images
from ganlab.experiment.choices import EXPORTS, ExportFormat
from ganlab.export.formats import FORMATS, Format
from ganlab.export.weights import snippet
from ganlab.runs import Run
from ganlab.ui import bench
from ganlab.ui.export.export_job import ExportJob
from ganlab.ui.plain import plain

TICK = 0.5  # seconds between two looks at exports under way
COLUMNS = 3
EVERYTHING = "everything"
EVERY = tuple(EXPORTS)


def export_page(run: Run) -> None:
    """What is exported, and the cards."""
    e = run.experiment
    averaged = " The moving average of its weights is exported: the one that the pages show." if e.ema_decay > 0 else ""
    if run.iteration == 0:
        st.info(
            "This run is not trained yet, so the exported generator makes only noise. Train the run first, or export "
            "it as it is to see how exporting works.",
            icon=":material/info:",
        )
    else:
        st.caption(f"Exports the generator as it is now (iteration {run.iteration:,}).{averaged}")
    _cards(run)


def _cards(run: Run) -> None:
    under_way = any(not job.done for job in _jobs(run).values())
    st.fragment(_drawn, run_every=TICK if under_way else None)(run)


def _drawn(run: Run) -> None:
    """The cards; looks again by itself while something is under way, and draws the page once all is done."""
    jobs = _jobs(run)
    waiting = any(not job.done for job in jobs.values())
    if st.session_state.get("exports_under_way") != waiting:
        st.session_state["exports_under_way"] = waiting
        st.rerun()
    _everything(run)
    formats = list(FORMATS.values())
    for first in range(0, len(formats), COLUMNS):
        for column, format in zip(st.columns(COLUMNS), formats[first : first + COLUMNS], strict=False):
            with column, st.container(border=True, height="stretch"):
                _card(run, format)


def _card(run: Run, format: Format) -> None:
    with st.container(gap="xsmall", key=f"about_{format.name}"):
        st.markdown(f"**{format.label[0].upper()}{format.label[1:]}**")
        st.caption(format.purpose)
    job = _jobs(run).get(format.name)
    _button(run, format.name, (format.name,), "Export again" if job and job.done else "Export", job)
    _outcome(job, format.name)
    if format.name == "weights" and job is not None and job.content:
        st.code(snippet(data.shape_of(run.experiment), images=is_images(run.experiment)), language="python")


def _everything(run: Run) -> None:
    job = _jobs(run).get(EVERYTHING)
    with st.container(horizontal=True, vertical_alignment="center"):
        _button(run, EVERYTHING, EVERY, "Everything as a zip", job, type="primary")
    _outcome(job, EVERYTHING)


def _button(run: Run, key: str, names: Sequence[ExportFormat], label: str, job: ExportJob | None, **look: Any) -> None:
    st.button(
        label,
        key=f"export_{key}",
        icon=":material/upgrade:",
        disabled=job is not None and not job.done,
        on_click=_start,
        args=(run, key, names),
        **look,
    )


def _outcome(job: ExportJob | None, key: str) -> None:
    """Show how far the export is, or its result."""
    if job is None:
        return
    if not job.done:
        st.progress(job.share, job.doing)
        return
    for name, sentence in job.refused.items():
        prefix = f"{EXPORTS[name]}: " if key == EVERYTHING else ""
        st.warning(plain(f"{prefix}{sentence}"), icon=":material/block:")
    if job.problem:
        st.error(plain(job.problem), icon=":material/error:")
    if job.content:
        checked = "" if key == EVERYTHING or job.written is None else f" Checked: {job.written.check}."
        st.caption(f"{job.name}, {_size(len(job.content))}, iteration {job.iteration:,}.{checked}")
        st.download_button(
            "Download",
            job.content,
            file_name=job.name,
            key=f"download_{key}",
            icon=":material/download:",
            type="primary",
            on_click="ignore",
        )


def _jobs(run: Run) -> dict[str, ExportJob]:
    """This tab's exports of the run, by form."""
    exports: dict[str, dict[str, ExportJob]] = st.session_state.setdefault("exports", {})
    for gone in exports.keys() - bench.names().keys():  # what was written of it is large, and nobody can fetch it
        del exports[gone]
    return exports.setdefault(run.id, {})


def _start(run: Run, key: str, names: Sequence[ExportFormat]) -> None:
    _jobs(run)[key] = ExportJob(run, names, f"ganlab-{run.experiment.data}".replace("_", "-"))


def _size(count: int) -> str:
    return f"{count / 1e6:.1f} MB" if count >= 1e6 else f"{max(count / 1e3, 0.1):.1f} kB"

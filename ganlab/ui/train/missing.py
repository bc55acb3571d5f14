"""What to do when the data that somebody chose are not here: download them, or hand them in."""

from __future__ import annotations

import streamlit as st

from ganlab import data
from ganlab.data.images.public import Public
from ganlab.experiment import Experiment, ExperimentError
from ganlab.experiment.choices import DATA
from ganlab.runs import LabFull
from ganlab.ui import session, working
from ganlab.ui.plain import plain
from ganlab.ui.tab import DataRequest
from ganlab.ui.train.download import Download
from ganlab.ui.train.own_data import hand_in

TICK = 0.3  # seconds between two looks at a download


def ask_for(wanted: DataRequest) -> None:
    """A dialog that gets the data; closing it leaves everything as it was."""
    known = data.published(wanted.experiment)
    if known is not None:
        title = f"{DATA[wanted.experiment.data]}: not on this computer yet"
        st.dialog(title, icon=":material/download:", on_dismiss=_give_up)(_offer_download)(wanted, known)
    else:
        st.dialog("Your own data", width="large", icon=":material/upload_file:", on_dismiss=_give_up)(hand_in)(wanted)


def _offer_download(wanted: DataRequest, known: Public) -> None:
    shape = known.shape
    size = sum(file.size for file in known.files) / 1e6
    made_of = " Three of its digits together make one sample." if wanted.experiment.data == "stacked_mnist" else ""
    kind = f"{'grey' if shape[0] == 1 else 'colour'} images of {shape[1]} × {shape[2]} pixels"
    st.markdown(f"**{known.title}**: {kind} in {len(known.labels)} classes.{made_of}")
    st.caption(f"{known.reference}.")
    download = _under_way(wanted.experiment)
    if download is None or download.problem:
        if download is not None and download.problem:
            st.error(plain(download.problem), icon=":material/cloud_off:")
        st.markdown(
            f"This downloads **{size:,.0f} MB** once and keeps it on this computer. Your run stays as it is until the "
            "download is complete."
        )
        with st.container(horizontal=True):
            st.button(
                "Try again" if download else f"Download {size:,.0f} MB",
                key="download",
                type="primary",
                icon=":material/download:",
                on_click=_start,
                args=(wanted.experiment,),
            )
            if st.button("Keep the current data", key="keep_present"):
                _give_up()
                st.rerun()
    else:
        _progress(wanted, download)


@st.fragment(run_every=TICK)
def _progress(wanted: DataRequest, download: Download) -> None:
    """Show how far the download is, again and again, and start the run when the data are here."""
    if download.problem:
        st.rerun()
    if download.done:
        st.session_state.pop("download_under_way", None)
        try:
            working.begin(wanted.experiment, wanted.preset)
        except (ExperimentError, LabFull) as error:
            session.tab().notices.append(str(error))
            working.forget_wanted()
        st.rerun()
    st.progress(download.share, f"{download.doing} ({download.share:.0%})")
    if st.button("Cancel", key="cancel_download", icon=":material/close:"):
        _give_up()
        st.rerun()


def _under_way(experiment: Experiment) -> Download | None:
    """This tab's download of the experiment's data."""
    of, download = st.session_state.get("download_under_way", (None, None))
    return download if of == experiment.data else None


def _start(experiment: Experiment) -> None:
    st.session_state["download_under_way"] = (experiment.data, Download(experiment))


def _give_up() -> None:
    _, download = st.session_state.pop("download_under_way", (None, None))
    if download is not None:
        download.cancel()
    working.forget_wanted()

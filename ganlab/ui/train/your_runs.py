"""The stored runs: recognised by their picture, opened, named, started again or deleted."""

from __future__ import annotations

import time
from collections.abc import Callable

import streamlit as st

from ganlab.experiment import ExperimentError
from ganlab.runs import LabFull, Run, State
from ganlab.runs.keeping.database import StoreUnusable
from ganlab.runs.keeping.store import Store
from ganlab.runs.keeping.stored_run import StoredRun
from ganlab.runs.naming import data_and_method
from ganlab.runs.record import BestCheckpoint
from ganlab.ui import bench, classroom, session, stored, working
from ganlab.ui.naming import title
from ganlab.ui.plain import plain
from ganlab.ui.widgets import key_for

AT_ONCE = 20  # runs listed before a person asks for more
FITTING = 6  # are shown without a scroll bar
PICTURE = 64  # pixels
DAMAGED = (
    "These entries in the list are damaged, so their runs can't be shown: {}. Close GanLab and move the file "
    "runs.sqlite out of {}: GanLab then makes the list again from the files of the runs."
)
YOURS = (
    "Your own runs are listed here. Only you and your teacher can open and change them. This class keeps {} runs of "
    "each seat: a new run takes the place of the oldest one without a name."
)
ALL_OF_THE_CLASS = "The runs of the whole class are listed here."
SPANS = ((86_400.0, "day"), (3_600.0, "hour"), (60.0, "minute"))


def your_runs_button() -> None:
    """The way to the list."""
    if st.button("Runs", key="your_runs", icon=":material/history:", help="The runs that were trained here before."):
        st.session_state.update(runs_listed=AT_ONCE, runs_chosen=False)
        _your_runs()


@st.dialog("Your runs", width="large", icon=":material/history:")
def _your_runs() -> None:
    if st.session_state.pop("runs_chosen", False):
        st.rerun()  # which closes the list
    store = stored.store()
    if store is None:
        st.warning(plain(stored.trouble(None) or ""), icon=":material/save:")
        return
    st.caption(_how_they_are_kept(store))
    _undo(store)
    try:
        entries, damaged = store.listing()
    except StoreUnusable as error:
        st.warning(plain(str(error)), icon=":material/save:")
        return
    if damaged and stored.one_persons():
        st.warning(plain(DAMAGED.format(", ".join(damaged), store.folder)), icon=":material/broken_image:")
    if not stored.one_persons():
        known = {run.id for run in bench.runs()} | (classroom.own_runs() or frozenset())
        entries = [entry for entry in entries if entry.id in known]
    if not entries:
        st.info("No run has been trained here yet. Press Train, and the run appears here.", icon=":material/science:")
    if len(entries) > FITTING:
        sought = st.text_input("Search", key="runs_sought", placeholder="A name, a data set, a loss or a state")
        entries = [entry for entry in entries if _is_meant(entry, sought)]
        if not entries:
            st.info("No run matches all of these words.", icon=":material/search_off:")
    listed = st.session_state["runs_listed"]
    with st.container(key="stored_runs", gap="small", height=480 if len(entries) > FITTING else "content"):
        for entry in entries[:listed]:
            _row(store, entry)
        if len(entries) > listed:
            st.button(f"Show more ({len(entries) - listed})", key="more_runs", type="tertiary", on_click=_more)


def _how_they_are_kept(store: Store) -> str:
    limit = f"{store.most_bytes / 1024**3:.0f} GB"
    number = classroom.who()
    where = "this computer" if number is None else "the computer of the class"
    kept = (
        f"Runs are saved on {where} while they train, up to {limit} in all. After that, the oldest runs without "
        "a name are deleted. If the modes of the data are known, the best weights are kept as well as the last ones."
    )
    if stored.one_persons():
        return kept
    if number is not None:
        limits = classroom.limits()
        return f"{kept} {ALL_OF_THE_CLASS if limits is None else YOURS.format(limits.kept)}"
    return (
        f"{kept} This app can be reached from a network, so only the runs of this browser tab are listed. To find a "
        "run again later, keep its link (under Share)."
    )


def _row(store: Store, entry: StoredRun) -> None:
    here = entry.id == session.run().id
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"row_{entry.id}"):
        st.image(entry.picture, width=PICTURE)
        with st.container(gap=None):
            st.markdown(f"**{plain(title_of(entry))}**{' · on this page' if here else ''}")
            st.caption(plain(_in_a_few_words(entry)))
        if entry.best is not None and entry.best.iteration < entry.iteration:
            st.button(
                "Best",
                key=f"best_{entry.id}",
                help="Opens a new run that goes on from the best weights: those with most modes, then most good "
                "samples.",
                on_click=_open_best,
                args=(entry.id,),
            )
        st.button("Open", key=f"open_{entry.id}", on_click=_open, args=(entry.id,), disabled=here)
        _name_box(store, entry)
        again = "Opens a new, untrained run with the same settings."
        st.button("Again", key=f"again_{entry.id}", type="tertiary", help=again, on_click=_begin, args=(entry,))
        in_use = here or session.lab().in_use(entry.id)
        st.button(
            "Delete",
            key=f"delete_{entry.id}",
            type="tertiary",
            help="This run is open in a tab or is training: close or pause it first." if in_use else None,
            disabled=in_use,
            on_click=_delete,
            args=(store, entry),
        )


def _name_box(store: Store, entry: StoredRun) -> None:
    key = key_for(f"name_{entry.id}", entry.name)
    with st.popover(
        "Name", type="tertiary", help="Give this run a name. A run with a name is never deleted to make room."
    ):
        st.text_input(
            "Name",
            value=entry.name,
            max_chars=bench.LONGEST_NAME,
            placeholder=title_of(entry),
            key=key,
            on_change=_rename,
            args=(store, entry.id, key),
        )


def _undo(store: Store) -> None:
    """Show the run that was deleted last, and a button that brings it back."""
    if "runs_deleted" in st.session_state:
        run_id, name = st.session_state["runs_deleted"]
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.markdown(f"Deleted {plain(name)}.")
            st.button("Undo", key="undelete", icon=":material/undo:", on_click=_undelete, args=(store, run_id))


def _open(run_id: str) -> None:
    st.session_state["runs_chosen"] = True
    run = session.find(run_id)
    if run is None:
        session.tab().notices.append("This run is no longer stored.")
    else:
        bench.show(run)


def _open_best(run_id: str) -> None:
    st.session_state["runs_chosen"] = True
    try:
        run = session.lab().find_best(run_id)
    except (ExperimentError, LabFull) as error:
        session.tab().notices.append(str(error))
        return
    if run is not None:
        working.turn_to(run)


def _begin(entry: StoredRun) -> None:
    st.session_state["runs_chosen"] = True
    try:
        experiment = entry.experiment
        working.begin(experiment, session.preset_of(experiment))
    except (ExperimentError, LabFull) as error:
        session.tab().notices.append(str(error))


def _rename(store: Store, run_id: str, key: str) -> None:
    name = bench.tidy(st.session_state[key])
    if name and (refused := classroom.why_no_name(run_id)):
        session.tab().notices.append(refused)
        return
    if (run := session.lab().get(run_id)) is not None:
        run.rename(name)
    _try(lambda: store.rename(run_id, name))


def _delete(store: Store, entry: StoredRun) -> None:
    if session.lab().in_use(entry.id):
        return
    if _try(lambda: store.delete(entry.id)):
        session.lab().remove(entry.id)
        st.session_state["runs_deleted"] = (entry.id, title_of(entry))


def _undelete(store: Store, run_id: str) -> None:
    if _try(lambda: store.undelete(run_id)):
        del st.session_state["runs_deleted"]


def _try(change: Callable[[], None]) -> bool:
    """Change the list, or say why that can't be done now. Returns whether it was done."""
    try:
        change()
    except StoreUnusable as error:
        session.tab().notices.append(str(error))
        return False
    return True


def _is_meant(entry: StoredRun, sought: str) -> bool:
    """Whether all the words that were typed occur in what the list says of a run."""
    text = f"{title_of(entry)} {_in_a_few_words(entry)}".lower()
    return all(word in text for word in sought.lower().split())


def _more() -> None:
    st.session_state["runs_listed"] += AT_ONCE


def title_of(entry: StoredRun) -> str:
    """What a stored run is called: by a name that it was given, or by its settings."""
    if entry.name:
        return entry.name
    try:
        return title(entry.experiment, session.preset_of(entry.initial_experiment))
    except ExperimentError:
        return "A run of another version"


def _in_a_few_words(entry: StoredRun) -> str:
    """Data and loss, how far it came, and when."""
    try:
        what = data_and_method(entry.experiment)
    except ExperimentError as error:
        what = str(error)
    run = session.lab().get(entry.id)
    parts = [what] if what != title_of(entry) else []
    plural = "s" * (entry.iteration != 1)
    parts += [f"{entry.iteration:,} iteration{plural}", _state(entry, run), ago(time.time() - entry.saved)]
    parts += [_best(entry.best)] if entry.best is not None and entry.best.iteration < entry.iteration else []
    return " · ".join(parts)


def _best(best: BestCheckpoint) -> str:
    return f"best: {best.captured} of {best.total} modes, {best.high_quality:.0%} good at {best.iteration:,}"


def _state(entry: StoredRun, run: Run | None) -> str:
    if run is not None:
        return str(run.state)
    return str(State.PAUSED if entry.state is State.RUNNING else entry.state)


def ago(seconds: float) -> str:
    """A span of time in a few words."""
    for length, unit in SPANS:
        if seconds >= length:
            count = int(seconds // length)
            return f"{count} {unit}{'s' * (count > 1)} ago"
    return "just now"

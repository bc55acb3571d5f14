"""The process's Lab, and the state of each browser tab.

A tab works on one run. What it may need to find that run again, or to make the same one anew, is in the
page's address: `?run=` names a run of this process, `?x=` holds the experiment.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping
from functools import cache

import streamlit as st

from ganlab import data
from ganlab.data import DataUnavailable
from ganlab.experiment import Experiment, ExperimentError
from ganlab.experiment.choices import OWN
from ganlab.live.broadcast import Broadcast
from ganlab.live.hub import Hub
from ganlab.presets import DEFAULT, PRESETS, Preset
from ganlab.runs import Lab, LabFull, Run
from ganlab.training.device import pick_device
from ganlab.ui import classroom, presence, presenting, serving, stored
from ganlab.ui.plain import plain
from ganlab.ui.tab import DataRequest, Tab

ON_ITS_WAY = 3.0  # seconds that a new address may take to reach the browser
MISSING = (
    "The run in this link is not stored here. It was never trained, it was deleted, it had to make room for newer "
    "runs, or it is stored on another computer or in another folder (GANLAB_RUNS)."
)


@cache
def hub() -> Hub:
    """The process's live channel."""
    return Hub()


@cache
def lab() -> Lab:
    """The process's registry of runs."""
    audience, keeper, shared = Broadcast(hub(), presence.is_open), stored.new_keeper(), serving.shared()
    host = serving.training().new_host(audience, hub().publish, keeper, _print, shared=shared)
    made = Lab(audience, keeper=keeper, shared=shared, host=host, policy=classroom.rules())
    hub().on_interest = made.refresh
    if (held := classroom.room()) is not None:
        held.on_change = lambda _: made.set_gate(held.gate)
        made.set_gate(held.gate)
    return made


def _print(sentence: str) -> None:
    sys.stderr.write(f"ganlab: {sentence}\n")
    sys.stderr.flush()


def tab() -> Tab:
    """This browser tab's state; the first time, from the page's address."""
    if "tab" not in st.session_state:
        st.session_state.tab = _opened(st.query_params)
    here: Tab = st.session_state.tab
    presence.note(here, st.session_state.get("sweep", ""))
    if lab().get(here.run.id) is None:
        found = _found(here.run.id, here.notices)
        if found is None:
            here.notices.append("This run was closed and is not stored, so here is a new run with the same settings.")
        here.run = found or _created(here.run.experiment, here.notices)
    for what, trouble in (("saving", stored.trouble(lab().keeper)), ("training", lab().trouble)):
        if trouble != here.troubles.get(what):
            here.notices += [trouble] if trouble else []
            here.troubles[what] = trouble
    return here


def sight_of(watched: str) -> str | None:
    """The id of the run or the sweep in memory that this id lets somebody watch: its own, or its watch id."""
    if lab().watchable(watched) is not None:
        return watched
    return stored.watch_ids().run_id(watched, (run.id for run in lab().runs()))


def find_watched(watch_id: str) -> Run | None:
    """The run that this watch id is of, in memory or stored; None where there is none, or it can't be opened here."""
    run_id = sight_of(watch_id) or stored.watched_run(watch_id)
    return None if run_id is None or run_id == watch_id else _found(run_id, [], watching=True)


def find(run_id: str) -> Run | None:
    """The run with this id, in memory or stored; None where there is none, or where it can't be opened here."""
    return _found(run_id, tab().notices)


def known(run_id: str) -> Run | None:
    """The run in memory with this id, if the person may command it; None otherwise."""
    return lab().get(run_id) if classroom.may_open(run_id) else None


def _found(run_id: str, notices: list[str], *, watching: bool = False) -> Run | None:
    if not watching and not classroom.may_open(run_id):
        return None
    try:
        return lab().find(run_id)
    except (ExperimentError, LabFull) as error:
        notices.append(str(error))
        return None


def _created(experiment: Experiment, notices: list[str]) -> Run:
    """Returns a run for a page that has none. If this experiment can't be used, it notes why and takes the default.

    Where there is no room for one, the page says so and ends.
    """
    try:
        return lab().create(experiment)
    except ExperimentError as error:
        notices.append(f"{error} Here is a run with the default settings.")
        return lab().create(DEFAULT.experiment)
    except LabFull as error:
        st.error(plain(str(error)), icon=":material/groups:")
        st.stop()


def run() -> Run:
    """The run that this tab works on."""
    return tab().run


def remember(*kept: str) -> None:
    """Put the run and its experiment into the page's address; of what else is there, it keeps what is named."""
    here = tab()
    if here.address != here.run.id:
        here.address, here.addressed = here.run.id, time.monotonic()
    others = {name: st.query_params[name] for name in kept if name in st.query_params}
    st.query_params.from_dict(address(here.run) | others | presenting.address())


def asked_for() -> Run | None:
    """The run that a person went back or forward to with the browser's buttons: the address names another than ours.

    For a moment it may also name the run before, when the browser has not heard of the new one yet.
    """
    here, named = tab(), st.query_params.get("run", "")
    if not named or named in (here.run.id, here.address) or time.monotonic() - here.addressed < ON_ITS_WAY:
        return None
    return _found(named, here.notices)


def address(of: Run) -> dict[str, str]:
    """The query parameters that lead back to a run, or to one like it."""
    link = of.experiment.to_link()
    return {"run": of.id} | ({"x": link} if link else {})


def _opened(query: Mapping[str, str]) -> Tab:
    """The run that the address names; else a new one of the address's experiment; else of the default preset."""
    notices: list[str] = []
    if "run" in query:
        known = _found(query["run"], notices)
        if known is not None:
            return Tab(known, preset_of(known.experiment), known.initial_experiment, notices=notices)
    if "copy" in query and (copied := _copied(query["copy"], notices)) is not None:
        return Tab(copied, preset_of(copied.experiment), copied.initial_experiment, notices=notices)
    experiment = DEFAULT.experiment
    if "x" in query:
        try:
            experiment = Experiment.from_link(query["x"])
            pick_device(experiment.device)
        except ExperimentError as error:
            experiment = DEFAULT.experiment
            notices.append(f"The experiment in the link can't be opened, so here is the default one. {error}")
    if "run" in query and not notices:
        like = " with the same settings" if "x" in query else ""
        notices.append(f"{MISSING} Here is a new run{like}.")
    wanted = None
    if not data.is_here(experiment):
        wanted, experiment = DataRequest(experiment, None, _why_missing(experiment)), DEFAULT.experiment
    made = _created(experiment, notices)
    return Tab(made, preset_of(made.experiment), made.experiment, notices=notices, wanted=wanted)


def _copied(watch_id: str, notices: list[str]) -> Run | None:
    """A run of one's own that goes on from the run that the teacher has sent to all, as it is now."""
    source = find_watched(watch_id)
    if source is None or source.id != classroom.sent_run():
        notices.append("Your teacher does not show this run any more, so here is a new one.")
        return None
    try:
        copied = lab().fork(source)
    except (ExperimentError, LabFull) as error:
        notices.append(f"The run that your teacher shows can't be copied: {error}")
        return None
    notices.append("This run is your own copy of the run that your teacher shows. Press Train to go on from there.")
    return copied


def _why_missing(experiment: Experiment) -> str:
    """Returns why data that a person handed in, perhaps on another machine, are not here."""
    if experiment.data in OWN:
        try:
            data.load(experiment)
        except DataUnavailable as error:
            return str(error)
    return ""


def preset_of(experiment: Experiment) -> str | None:
    """The name of the preset with exactly these settings."""
    return next((preset.name for preset in PRESETS.values() if preset.experiment == experiment), None)


def chosen_preset() -> Preset | None:
    """The preset that this tab started from, changed since or not."""
    name = tab().preset
    return PRESETS[name] if name else None

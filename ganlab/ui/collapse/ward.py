"""What the Collapse page has before it: the run that collapses, and the remedies tried on it."""

from __future__ import annotations

from dataclasses import dataclass, field

import streamlit as st

from ganlab.presets.remedies import BY_NAME, Remedy
from ganlab.runs import Run
from ganlab.ui import bench, session

HELD = (
    "Held still after {:,} iterations, by when it has usually lost most of its modes: see the numbers below. Open a "
    "remedy from the list, or press Train to see whether it recovers by itself."
)


@dataclass
class Ward:
    """Ids of runs, all of them the tab's.

    Attributes:
        patient: the run that collapses; None while one is to be chosen.
        treated: the remedy's name that each other run was given, by the run's id.
        shown: the treated run that stands beside the patient.
    """

    patient: str | None = None
    treated: dict[str, str] = field(default_factory=dict)
    shown: str | None = None


def ward() -> Ward:
    """This tab's; the first time, from the page's address."""
    if "ward" not in st.session_state:
        st.session_state.ward = _from_address()
    here: Ward = st.session_state.ward
    known = {run.id for run in bench.runs()}
    here.treated = {key: remedy for key, remedy in here.treated.items() if key in known}
    if here.patient not in known:
        here.patient, here.treated = None, {}
    if here.shown not in here.treated:
        here.shown = next(reversed(here.treated), None)
    return here


def _from_address() -> Ward:
    """The runs that the address names, of those that are still in memory."""
    query = st.query_params
    patient = session.lab().get(query.get("patient", ""))
    if patient is None:
        return Ward()
    _keep(patient)
    treated = {}
    for entry in query.get_all("treated"):
        remedy, _, key = entry.partition(".")
        run = session.lab().get(key)
        if run is not None and remedy in BY_NAME:
            _keep(run)
            treated[key] = remedy
    return Ward(patient.id, treated, query.get("shown"))


def _keep(run: Run) -> None:
    if run.id not in {known.id for known in bench.runs()}:
        bench.keep(run, session.preset_of(run.experiment))


def remember() -> None:
    """Put it into the page's address."""
    here = ward()
    st.query_params.from_dict(
        session.address(session.run())
        | ({"patient": here.patient} if here.patient else {})
        | ({"shown": here.shown} if here.shown else {})
        | {"treated": [f"{remedy}.{key}" for key, remedy in here.treated.items()]}
    )


def patient() -> Run | None:
    """The run that collapses."""
    return _run(ward().patient)


def treated() -> Run | None:
    """The run beside it."""
    return _run(ward().shown)


def admit(run: Run, until: int | None = None) -> None:
    """Work on this run from now on, and train it; if so told, until this iteration."""
    st.session_state.ward = Ward(run.id)
    if until is None:
        run.play()
    else:
        run.play(until, HELD.format(until))


def discharge() -> None:
    """Back to the choice of a run; those before stay among the tab's."""
    for run in filter(None, (patient(), treated())):
        run.pause()
    st.session_state.ward = Ward()


def treat(remedy: Remedy) -> None:
    """Fork the patient as it is now, with the remedy, and let both go on side by side.

    Raises:
        ExperimentError: its settings don't allow it.
        LabFull: there is no room for another run.
    """
    here, ill = ward(), patient()
    assert ill is not None
    before = treated()
    child = bench.fork(ill, **remedy.changes(ill.experiment))
    bench.rename(child, remedy.title)
    if before is not None:
        before.pause()
    here.treated[child.id], here.shown = remedy.name, child.id
    child.play()
    ill.play()


def show(key: str) -> None:
    """Put another of the treated runs beside the patient; the one before it rests."""
    before = treated()
    if before is not None and before.id != key:
        before.pause()
    ward().shown = key


def _run(key: str | None) -> Run | None:
    return next((run for run in bench.runs() if run.id == key), None)

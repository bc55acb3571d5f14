"""What the Collapse page shows: a run that collapses, and its forks, each with a remedy."""

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
class Trial:
    """The ids of the runs on the page. All of them are in the tab's list of runs.

    Attributes:
        collapsed: the run that collapses; None until one is chosen.
        forks: the name of each fork's remedy, by the fork's id.
        shown: the fork that is shown beside the collapsed run.
    """

    collapsed: str | None = None
    forks: dict[str, str] = field(default_factory=dict)
    shown: str | None = None


def trial() -> Trial:
    """Returns this tab's trial. The first time it is read from the page's address."""
    if "trial" not in st.session_state:
        st.session_state.trial = _from_address()
    here: Trial = st.session_state.trial
    known = {run.id for run in bench.runs()}
    here.forks = {key: remedy for key, remedy in here.forks.items() if key in known}
    if here.collapsed not in known:
        here.collapsed, here.forks = None, {}
    if here.shown not in here.forks:
        here.shown = next(reversed(here.forks), None)
    return here


def _from_address() -> Trial:
    """Returns the runs that the address names, if they are still in memory. Links keep the old words."""
    query = st.query_params
    collapsed = session.lab().get(query.get("patient", ""))
    if collapsed is None:
        return Trial()
    _keep(collapsed)
    forks = {}
    for entry in query.get_all("treated"):
        remedy, _, key = entry.partition(".")
        run = session.lab().get(key)
        if run is not None and remedy in BY_NAME:
            _keep(run)
            forks[key] = remedy
    return Trial(collapsed.id, forks, query.get("shown"))


def _keep(run: Run) -> None:
    if run.id not in {known.id for known in bench.runs()}:
        bench.keep(run, session.preset_of(run.experiment))


def remember() -> None:
    """Put the trial into the page's address."""
    here = trial()
    st.query_params.from_dict(
        session.address(session.run())
        | ({"patient": here.collapsed} if here.collapsed else {})
        | ({"shown": here.shown} if here.shown else {})
        | {"treated": [f"{remedy}.{key}" for key, remedy in here.forks.items()]}
    )


def collapsed() -> Run | None:
    """Returns the run that collapses; None until one is chosen."""
    return _run(trial().collapsed)


def shown_fork() -> Run | None:
    """Returns the fork that is shown beside the collapsed run."""
    return _run(trial().shown)


def begin(run: Run, until: int | None = None) -> None:
    """Put this run on the page and train it, until this iteration if one is given."""
    st.session_state.trial = Trial(run.id)
    if until is None:
        run.play()
    else:
        run.play(until, HELD.format(until))


def leave() -> None:
    """Go back to the choice of a run. The runs that were shown stay in the tab's list."""
    for run in filter(None, (collapsed(), shown_fork())):
        run.pause()
    st.session_state.trial = Trial()


def apply(remedy: Remedy) -> None:
    """Fork the collapsed run as it is now, with the remedy, and train both side by side.

    Raises:
        ExperimentError: its settings don't allow it.
        LabFull: there is no room for another run.
    """
    here, parent = trial(), collapsed()
    assert parent is not None
    before = shown_fork()
    child = bench.fork(parent, **remedy.changes(parent.experiment))
    bench.rename(child, remedy.title)
    if before is not None:
        before.pause()
    here.forks[child.id], here.shown = remedy.name, child.id
    child.play()
    parent.play()


def show(key: str) -> None:
    """Show another fork beside the collapsed run, and pause the one shown before."""
    before = shown_fork()
    if before is not None and before.id != key:
        before.pause()
    trial().shown = key


def _run(key: str | None) -> Run | None:
    return next((run for run in bench.runs() if run.id == key), None)

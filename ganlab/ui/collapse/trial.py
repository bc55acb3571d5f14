"""What the Collapse page shows: a run that collapses and is held, its untreated twin, and a run for each remedy."""

from __future__ import annotations

from dataclasses import dataclass, field

import streamlit as st

from ganlab.presets.remedies import BY_NAME, Remedy
from ganlab.runs import Rest, Run, TrialRun
from ganlab.ui import bench, presenting, session

HELD = "Paused after {:,} iterations. By then, the run has usually lost most of its modes: see the numbers below."
TWIN = "Untreated twin"


@dataclass
class Trial:
    """The ids of the runs on the page. All of them are in the tab's list of runs.

    Attributes:
        collapsed: the run that collapses; None until one is chosen. No remedy trains it.
        twin: the untreated run that goes on from where it stands; None until a remedy is tried.
        remedies: the name of each run's remedy, by the run's id.
        shown: the run with a remedy that is shown beside the twin.
    """

    collapsed: str | None = None
    twin: str | None = None
    remedies: dict[str, str] = field(default_factory=dict)
    shown: str | None = None


def trial() -> Trial:
    """Returns this tab's trial. The first time it is read from the page's address."""
    if "trial" not in st.session_state:
        st.session_state.trial = _from_address()
    here: Trial = st.session_state.trial
    known = {run.id for run in bench.runs()}
    if here.collapsed not in known:
        here.collapsed = here.twin = None
    if here.twin not in known:
        here.twin, here.remedies = None, {}
    here.remedies = {key: remedy for key, remedy in here.remedies.items() if key in known}
    if here.shown not in here.remedies:
        here.shown = next(reversed(here.remedies), None)
    return here


def _from_address() -> Trial:
    """Returns the runs that the address names, if they are still in memory. Links keep the old words."""
    query = st.query_params
    collapsed = session.known(query.get("patient", ""))
    if collapsed is None:
        return Trial()
    _keep(collapsed)
    twin = session.known(query.get("twin", ""))
    if not isinstance(twin, TrialRun) or twin.moment.run != collapsed.id:
        return Trial(collapsed.id)
    _keep(twin)
    remedies = {}
    for entry in query.get_all("treated"):
        remedy, _, key = entry.partition(".")
        run = session.known(key)
        if isinstance(run, TrialRun) and run.twin is twin and remedy in BY_NAME:
            _keep(run)
            remedies[key] = remedy
    return Trial(collapsed.id, twin.id, remedies, query.get("shown"))


def _keep(run: Run) -> None:
    if run.id not in {known.id for known in bench.runs()}:
        bench.keep(run, session.preset_of(run.experiment))


def remember() -> None:
    """Put the trial into the page's address."""
    here = trial()
    named = {"patient": here.collapsed, "twin": here.twin, "shown": here.shown}
    st.query_params.from_dict(
        session.address(session.run())
        | {name: key for name, key in named.items() if key}
        | {"treated": [f"{remedy}.{key}" for key, remedy in here.remedies.items()], **presenting.address()}
    )


def collapsed() -> Run | None:
    """Returns the run that collapses; None until one is chosen."""
    return _run(trial().collapsed)


def twin() -> TrialRun | None:
    """Returns the untreated twin; None until a remedy is tried."""
    return _trial_run(trial().twin)


def remedied() -> TrialRun | None:
    """Returns the run with a remedy that is shown beside the twin."""
    return _trial_run(trial().shown)


def begin(run: Run, until: int | None = None) -> None:
    """Put this run on the page. With `until` it trains until it collapses, at most so long; else it is held."""
    st.session_state.trial = Trial(run.id)
    if until is None:
        run.pause()
    else:
        run.play(Rest(until, HELD.format(until), once_collapsed=True))


def leave() -> None:
    """Go back to the choice of a run. The runs that were shown stay in the tab's list."""
    for run in filter(None, (collapsed(), twin(), remedied())):
        run.pause()
    st.session_state.trial = Trial()


def apply(remedy: Remedy) -> None:
    """Train the remedy from where the collapsed run stands, beside the untreated twin, to the next planned iteration.

    The collapsed run is held. A second remedy goes on from the same moment as the first and has the same twin.

    Raises:
        ExperimentError: its settings don't allow it.
        LabFull: there is no room for another run.
    """
    here, held = trial(), collapsed()
    assert held is not None
    held.pause()
    beside = twin()
    if beside is None or beside.moment.is_lost:
        beside = session.lab().begin_trial(held)
        bench.keep(beside, bench.preset_behind(held), TWIN)
        here.twin, here.remedies = beside.id, {}
    run = session.lab().try_remedy(beside, **remedy.changes(beside.initial_experiment))
    bench.keep(run, bench.preset_behind(held), remedy.title)
    if (before := remedied()) is not None:
        before.pause()
    here.remedies[run.id], here.shown = remedy.name, run.id
    go_on()


def go_on() -> None:
    """Train the remedy that is shown, and the twin if it is behind, until the next planned iteration."""
    runs = [run for run in (twin(), remedied()) if run is not None]
    planned = min(run.next_planned for run in runs)
    for run in runs:
        run.train_to(planned)


def show(key: str) -> None:
    """Show another remedy beside the twin, and pause the one shown before."""
    before = remedied()
    if before is not None and before.id != key:
        before.pause()
    trial().shown = key


def _run(key: str | None) -> Run | None:
    return next((run for run in bench.runs() if run.id == key), None)


def _trial_run(key: str | None) -> TrialRun | None:
    run = _run(key)
    return run if isinstance(run, TrialRun) else None

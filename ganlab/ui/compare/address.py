"""The Compare page's address: it leads back to the same runs, or to ones like them."""

from __future__ import annotations

import streamlit as st

from ganlab.experiment import Experiment, ExperimentError
from ganlab.runs import LabFull, Run
from ganlab.ui import bench, session

GONE = "A run in this link is gone (runs end with the app that trained them)"


def remember(runs: list[Run]) -> None:
    """Put the tab's runs into the address: their ids, experiments and names, in one order."""
    _seen().update(run.id for run in runs)
    names = bench.names()
    st.query_params.from_dict(
        session.address(session.run())
        | {
            "runs": ",".join(run.id for run in runs),
            "like": [run.experiment.to_link() for run in runs],
            "name": [names[run.id] for run in runs],
        }
    )


def restore() -> None:
    """Open the runs that the address names and this tab has not had yet; of those gone, ones with their settings."""
    query, here = st.query_params, session.run()
    ids = [key for key in query.get("runs", "").split(",") if key]
    links, names = query.get_all("like"), query.get_all("name")
    for place, key in enumerate(ids):
        if key in _seen() or key in (here.id, query.get("run")) or any(run.id == key for run in bench.runs()):
            continue
        _seen().add(key)
        name = names[place] if place < len(names) else ""
        _open(key, links[place] if place < len(links) else None, name)


def _open(key: str, link: str | None, name: str) -> None:
    notices = session.tab().notices
    known = session.lab().get(key)
    if known is not None:
        bench.keep(known, session.preset_of(known.experiment), name)
    elif link is None:
        notices.append(f"{GONE}.")
    else:
        try:
            bench.add(Experiment.from_link(link), name)
            notices.append(f"{GONE}, so here is a new one with its settings: {name or 'without a name'}.")
        except (ExperimentError, LabFull) as error:
            notices.append(f"{GONE}, and one with its settings can't be opened. {error}")


def _seen() -> set[str]:
    """The ids that this tab has dealt with: a run removed since must not come back with an old address."""
    found: set[str] = st.session_state.setdefault("compared", set())
    return found

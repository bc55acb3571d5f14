"""The Compare page's address: it leads back to its runs, or to new runs with their settings."""

from __future__ import annotations

import streamlit as st

from ganlab.experiment import Experiment, ExperimentError
from ganlab.runs import LabFull, Run
from ganlab.ui import bench, presenting, session


def remember(runs: list[Run]) -> None:
    """Put the tab's runs into the address: their ids, experiments and given names, in one order."""
    _seen().update(run.id for run in runs)
    st.query_params.from_dict(
        session.address(session.run())
        | {
            "runs": ",".join(run.id for run in runs),
            "like": [run.experiment.to_link() for run in runs],
            "name": [bench.label_of(run).name for run in runs],
            **presenting.address(),
        }
    )


def restore() -> None:
    """Open the runs that the address names and this tab has not had yet; of those gone, ones with their settings."""
    query, own, lost = st.query_params, session.run(), 0
    ids = [key for key in query.get("runs", "").split(",") if key]
    links: list[str | None] = [*query.get_all("like"), *[None] * len(ids)]
    names = query.get_all("name") + [""] * len(ids)
    for key, link, name in zip(ids, links, names, strict=False):
        if key in _seen():
            continue
        _seen().add(key)
        if key in (own.id, query.get("run")):
            bench.rename(own, name or bench.label_of(own).name)
        elif (known := session.find(key)) is not None:
            bench.keep(known, session.preset_of(known.experiment), name)
        else:
            lost += 1
            _open_another(link, name)
    if lost:
        these = "A run in this link is" if lost == 1 else f"{lost} runs in this link are"
        session.tab().notices.append(
            f"{these} gone (deleted, or trained on another computer). Where the link holds their settings, here are "
            "new runs with them."
        )


def _open_another(link: str | None, name: str) -> None:
    """A run with the settings of one that is gone, if the address has them."""
    try:
        if link is not None:
            bench.add(Experiment.from_link(link), name)
    except (ExperimentError, LabFull) as error:
        session.tab().notices.append(f"A run in this link can't be opened again. {error}")


def _seen() -> set[str]:
    """The ids that this tab has dealt with: a run removed since must not come back with an old address."""
    found: set[str] = st.session_state.setdefault("compared", set())
    return found

"""The runs of a browser tab: the one on the train page and those beside it, each with a name and a colour."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from ganlab import data
from ganlab.experiment import Experiment, ExperimentError
from ganlab.live.colours import RUN_COLOURS
from ganlab.runs import LabFull, Run
from ganlab.ui import classroom, session, working
from ganlab.ui.naming import title
from ganlab.ui.tab import ParkedRun, RunLabel, Tab

COLOURS = len(RUN_COLOURS["light"])
LONGEST_NAME = 60  # characters


def runs() -> list[Run]:
    """The tab's runs that the Lab still has, in the order in which they came."""
    here = session.tab()
    here.aside = [shelf for shelf in here.aside if session.lab().get(shelf.run.id) is not None]
    here.beside = [shelf for shelf in here.beside if session.lab().get(shelf.run.id) is not None]
    found = {shelf.run.id: shelf.run for shelf in (*here.aside, *here.beside)} | {here.run.id: here.run}
    here.labels = {key: label for key, label in here.labels.items() if key in found}
    for key in found:
        if key not in here.labels:
            here.labels[key] = RunLabel(_free_colour(here))
    return [found[key] for key in here.labels]


def picked() -> Run:
    """The run that the pages about one run work on: the train page's, unless another was chosen."""
    key = session.tab().picked
    return next((run for run in runs() if run.id == key), session.run())


def pick(run: Run) -> None:
    """Let the pages about one run work on this one."""
    session.tab().picked = None if run is session.run() else run.id


def label_of(run: Run) -> RunLabel:
    """Returns the name and the colour of one of the tab's runs, and whether it is hidden."""
    runs()
    return session.tab().labels[run.id]


def names() -> dict[str, str]:
    """What each of the tab's runs is called, by its id; no two alike."""
    found: dict[str, str] = {}
    for run in runs():
        name, number = label_of(run).name or run.name or _title(run), 1
        while (numbered := name if number == 1 else f"{name} ({number})") in found.values():
            number += 1
        found[run.id] = numbered
    return found


def rename(run: Run, name: str) -> None:
    """Give a run this name. Without a name, its settings name it.

    In a class that keeps no more named runs of this person, only the tab calls it so.
    """
    label_of(run).name = tidy(name)
    if tidy(name) and (refused := classroom.why_no_name(run.id)):
        session.tab().notices.append(refused)
        return
    run.rename(tidy(name))


def tidy(name: str) -> str:
    """Returns a name without extra spaces, and not too long."""
    return " ".join(name.split())[:LONGEST_NAME]


def add(experiment: Experiment, name: str = "", preset: str | None = None) -> Run:
    """Open another run beside those that the tab has.

    Raises:
        ExperimentError: it can't run on this machine, or its data are not here.
        LabFull: there is no room for another run.
    """
    if not data.is_here(experiment):
        raise ExperimentError(
            f"The data of {name or title(experiment, preset)} are not on this computer yet: open the experiment on "
            "the Train page first, which downloads them."
        )
    run = session.lab().create(experiment)
    keep(run, preset or session.preset_of(experiment), name)
    return run


def keep(run: Run, preset: str | None, name: str = "") -> None:
    """Count a run among the tab's."""
    runs()  # so that those before it come before it
    session.tab().beside.append(ParkedRun(run, preset, run.initial_experiment))
    if name:
        rename(run, name)


def fork(run: Run, **changes: Any) -> Run:
    """Open a copy that goes on from where the run is now, with other settings, beside it.

    Raises:
        ExperimentError: a value is not allowed.
        LabFull: there is no room for another run.
    """
    child = session.lab().fork(run, **changes)
    keep(child, preset_behind(run))
    return child


def preset_behind(run: Run) -> str | None:
    """The preset that the run was made from, changed since or not."""
    return _shelf(run).preset


def open_on_train_page(run: Run) -> None:
    """Make this the run that the train page shows; the one that it showed stays beside it."""
    here = session.tab()
    if run is here.run:
        return
    shelf = _shelf(run)
    _keep_beside(here)
    here.run, here.preset, here.start, here.picked = run, shelf.preset, shelf.start, None
    here.aside = [other for other in here.aside if other.run is not run]


def show(run: Run) -> None:
    """Work on this run on the train page, whether the tab had it or not."""
    if run in runs():
        open_on_train_page(run)
    else:
        working.turn_to(run)


def came_from_a_wall() -> bool:
    """Whether the run was opened as a member of the wall that this tab still has."""
    here = session.tab()
    wall = here.walls.get(here.run.id, "")
    return wall == st.session_state.get("sweep") and session.lab().sweep(wall) is not None


def remove(run: Run) -> None:
    """Take a run out of the tab. Another tab may be on it, so ending it is left to the Lab.

    A tab is never without a run: the last one stays, and of others the train page goes to the next.
    """
    here = session.tab()
    if run is here.run:
        others = [other for other in runs() if other is not run]
        if not others:
            return
        open_on_train_page(others[-1])
    run.pause()
    here.aside = [shelf for shelf in here.aside if shelf.run is not run]
    here.beside = [shelf for shelf in here.beside if shelf.run is not run]
    here.labels.pop(run.id, None)


def open_side_by_side(experiments: Mapping[str, Experiment]) -> None:
    """Open runs of these experiments, by their names, on the Compare page, where only they are shown, and go there.

    To be called while a page runs, not from a callback.
    """
    for run in runs():
        label_of(run).hidden = True
    for name, experiment in experiments.items():
        try:
            add(experiment, name)
        except (ExperimentError, LabFull) as error:
            session.tab().notices.append(str(error))
    st.switch_page("compare.py")


def _keep_beside(here: Tab) -> None:
    known = {shelf.run.id for shelf in (*here.aside, *here.beside)}
    if here.run.id not in known:
        here.beside.append(ParkedRun(here.run, here.preset, here.start))


def _shelf(run: Run) -> ParkedRun:
    here = session.tab()
    if run is here.run:
        return ParkedRun(run, here.preset, here.start)
    return next(shelf for shelf in (*here.beside, *here.aside) if shelf.run is run)


def settings_in_short(run: Run) -> str:
    """What a run is, in a few words, whatever it is called."""
    return f"{_title(run)}."


def _title(run: Run) -> str:
    return title(run.experiment, _shelf(run).preset)


def _free_colour(here: Tab) -> int:
    """The colour that the fewest of the tab's runs have, the first of equals."""
    taken = [label.colour for label in here.labels.values()]
    return min(range(COLOURS), key=taken.count)

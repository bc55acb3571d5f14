"""What a person does with the run of a browser tab: change it, begin another one, and go back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Literal

from ganlab import data
from ganlab.experiment import LIVE_FIELDS, Experiment, ExperimentError, is_images
from ganlab.presets import PRESETS
from ganlab.runs import LabFull, Run
from ganlab.ui import classroom
from ganlab.ui.fitting import with_what_fits
from ganlab.ui.session import lab, preset_of, tab
from ganlab.ui.tab import DataRequest


def change(name: str, value: Any) -> None:
    """Give one setting a new value: in the run itself if it may change while training, else in a new run.

    A value that is not allowed leaves everything as it was and is complained about beside its setting.
    """
    here = tab()
    try:
        values = with_what_fits(here.run.experiment, name, value)
        changed = here.run.experiment.changed(**values)
        classroom.check_changes(changed.differences(here.run.experiment))
        if set(values) <= set(LIVE_FIELDS) and here.run.iteration > 0:
            here.run.change(**values)
        elif changed != here.run.experiment:
            begin(changed)
    except (ExperimentError, LabFull) as error:
        here.complaints[name] = str(error)


def begin(experiment: Experiment, preset: str | None = None) -> None:
    """Work on a new run of this experiment, the preset's if one is named; if its data are missing, ask for them first.

    Raises:
        ExperimentError, LabFull: see `replace`.
    """
    here = tab()
    if not data.is_here(experiment):
        here.wanted = DataRequest(experiment, preset)
        return
    replace(experiment)
    here.wanted = None
    if preset:
        here.preset, here.start = preset, experiment


def ask_for_own_data() -> None:
    """Let a person hand in points, or images where the run works on images."""
    here = tab()
    if refused := classroom.why_no_own_data():
        here.notices.append(refused)
        return
    name = "own_images" if is_images(here.run.experiment) else "own_points"
    here.wanted = DataRequest(here.run.experiment.changed(data=name, own_data="", own_classes=0), None)


def hand_in(name: Literal["own_points", "own_images"], digest: str, classes: int = 0) -> None:
    """Work on the data that were kept under this digest, in so many classes, with networks that suit them.

    Raises:
        ExperimentError, LabFull: see `replace`.
    """
    if refused := classroom.why_no_own_data():
        raise ExperimentError(refused)
    here = tab()
    asked = here.wanted.experiment if here.wanted else here.run.experiment
    begin(asked.changed(**with_what_fits(asked, "data", name) | {"own_data": digest, "own_classes": classes}))


def forget_wanted() -> None:
    """Forget the data that were asked for, and stay with the present run."""
    tab().wanted = None


def replace(experiment: Experiment) -> None:
    """Work on a new run of this experiment; the old one is paused and kept if it has learnt anything.

    Raises:
        ExperimentError: the experiment can't run on this machine.
        LabFull: there is no room for another run.
    """
    here = tab()
    was_running = here.run.state == "running"
    fresh = lab().create(experiment)
    here.turn_to(fresh)
    if was_running:
        fresh.play()


def turn_to(run: Run) -> None:
    """Work on this run, which the tab did not have; the present one is paused and kept if it has learnt anything."""
    here = tab()
    here.turn_to(run)
    here.preset, here.start, here.wanted = preset_of(run.experiment), run.initial_experiment, None


def earlier() -> Run | None:
    """The run put aside last, of those that the Lab still has."""
    here = tab()
    here.aside = [shelf for shelf in here.aside if lab().get(shelf.run.id) is not None]
    return here.aside[-1].run if here.aside else None


def back() -> None:
    """Work on the run put aside last; the present one takes its place."""
    if earlier() is not None:
        here = tab()
        shelf = here.aside.pop()
        here.put_aside(here.run)
        here.run, here.preset, here.start = shelf.run, shelf.preset, shelf.start


def open_preset(name: str) -> None:
    """Work on a new run of the preset."""
    try:
        begin(PRESETS[name].experiment, name)
    except (ExperimentError, LabFull) as error:
        tab().notices.append(str(error))


def open_trained(name: str) -> None:
    """Work on a run that begins with the preset's trained start."""
    try:
        turn_to(lab().open_trained(name))
    except (ExperimentError, LabFull) as error:
        tab().notices.append(str(error))


def restart_with_defaults() -> None:
    """Work on a new run with the settings that this tab started from."""
    here = tab()
    try:
        begin(here.start, here.preset)
    except (ExperimentError, LabFull) as error:
        here.notices.append(str(error))


def complaints(fields: Iterable[str] | None = None) -> Mapping[str, str]:
    """Why values of these fields, or of any, were refused; each is said once."""
    waiting = tab().complaints
    return {name: waiting.pop(name) for name in tuple(waiting if fields is None else fields) if name in waiting}

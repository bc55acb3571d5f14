"""Runs and settings in a few words."""

from __future__ import annotations

from typing import Any

from ganlab.experiment import Experiment, knob
from ganlab.experiment.label import label
from ganlab.presets import PRESETS
from ganlab.runs.naming import data_and_method
from ganlab.ui.widgets import shown

MOST_NAMED = 2  # settings that a name spells out
IN_A_TITLE = ("data", "model", "loss")  # what a preset's title says, and what must not be said of a run without it


def in_words(name: str, value: Any) -> str:
    """A setting's value as a table shows it."""
    if isinstance(value, bool):
        return "on" if value else "off"
    if choices := knob(name).choices:
        return str(choices[value])
    return str(value) if isinstance(value, str) else shown(name, value)


def title(experiment: Experiment, preset: str | None) -> str:
    """What to call a run: its preset, and what was changed about it; its own data and loss, if these were changed."""
    if preset is None:
        return data_and_method(experiment)
    since = PRESETS[preset].experiment
    renamed = {name: getattr(experiment, name) for name in IN_A_TITLE}
    if any(getattr(since, name) != value for name, value in renamed.items()):
        return data_and_method(experiment)
    return with_changes(PRESETS[preset].title, experiment, since)


def with_changes(base: str, experiment: Experiment, since: Experiment) -> str:
    """The base, and the settings that are no longer as they were."""
    changed = experiment.differences(since)
    if len(changed) > MOST_NAMED:
        return f"{base}, {len(changed)} settings changed"
    return ", ".join((base, *(f"{label(name)} {in_words(name, value)}" for name, value in changed.items())))

"""The settings of an Experiment as widgets, each built from its Knob."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from ganlab.experiment import GROUPS, Experiment, Group, bounds, knob
from ganlab.experiment.label import label
from ganlab.ui import classroom

Change = Callable[[str, Any], None]

# Markdown colours; the theme gives each the hue that stands for it everywhere.
HUES: Mapping[Group, str] = {"generator": "violet", "discriminator": "green"}
VAE_TITLES: Mapping[Group, str] = {"generator": "Generator, as decoder", "discriminator": "Encoder"}
LIVE = "\u26a1\ufe0e"  # a bolt, drawn as text
SUGGESTIONS: Mapping[str, tuple[float, ...]] = {
    "beta1_g": (0.0, 0.5, 0.9),
    "beta1_d": (0.0, 0.5, 0.9),
    "beta2_g": (0.9, 0.99, 0.999),
    "beta2_d": (0.9, 0.99, 0.999),
    "ema_decay": (0.0, 0.9, 0.99, 0.995, 0.999),
    "top_k": (0.1, 0.25, 0.5, 0.75, 0.9, 1.0),
    "adversarial_weight": (0.0, 0.1, 0.5, 1.0),
    "augment_target": (0.2, 0.4, 0.6, 0.8),
    "label_smoothing": (0.0, 0.05, 0.1, 0.2, 0.3),
    "instance_noise": (0.0, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0),
}


def titles(experiment: Experiment) -> Mapping[Group, str]:
    """What each group of settings is called, in the order in which they are shown."""
    return {**GROUPS, **VAE_TITLES} if experiment.model == "vae" else GROUPS


def rows(experiment: Experiment, names: list[str], widths: list[int], change: Change) -> None:
    """The settings side by side, two in a row: level, however long their names are."""
    for first in range(0, len(names), 2):
        columns = st.columns(widths, gap="xsmall", vertical_alignment="bottom")
        for column, name in zip(columns, names[first : first + 2], strict=False):
            with column:
                setting(experiment, name, change)


def setting(experiment: Experiment, name: str, change: Change) -> None:
    """One setting's widget, showing the Experiment's value whatever was typed before."""
    note, value = knob(name), getattr(experiment, name)
    text = shown(name, value)
    may_be_typed = not note.choices and (note.log or isinstance(value, float))
    key = key_for(f"setting_{name}", text if may_be_typed else value)
    common: dict[str, Any] = {
        "key": key,
        "help": _help(name),
        "on_change": _changed,
        "args": (key, name, change),
        "disabled": bool(classroom.why_locked(name)),
    }
    name_shown = label(name, experiment.model)
    told = f"{name_shown} {LIVE}" if note.live else name_shown
    if isinstance(value, bool):
        st.toggle(told, value, **common)
    elif note.choices:
        options = list(note.choices)
        st.selectbox(told, options, options.index(value), format_func=note.choices.__getitem__, **common)
    elif may_be_typed:
        texts = _options(name, value)
        st.selectbox(told, texts, texts.index(text), accept_new_options=True, placeholder="Type a value", **common)
    else:
        low, high = bounds(name)
        st.number_input(told, int(low), int(high), value, step=1, **common)


def _changed(key: str, name: str, change: Change) -> None:
    chosen = st.session_state[key]
    change(name, typed(chosen) if isinstance(chosen, str) and not knob(name).choices else chosen)


def key_for(name: str, value: Any) -> str:
    """The key of a widget that is to show `value`: a new one if the widget shows something else by now.

    Assigning to a widget's key would do, were it not for the browser: what it sends before it has heard of
    the assignment holds the old value, which would then count as a person's change.
    """
    generations: dict[str, int] = st.session_state.setdefault("generations", {})
    generation = generations.setdefault(name, 0)
    shows = st.session_state.get(f"{name}.{generation}", value)
    if shows != value:
        generations[name] += 1
    return f"{name}.{generations[name]}"


def _help(name: str) -> str:
    note = knob(name)
    unit = f" In {note.unit}." if note.unit else ""
    return f"{note.help}{unit}" + (" Takes effect at once, also during training." if note.live else "")


def shown(name: str, value: float) -> str:
    """A number as a setting shows it."""
    if value == 0 and bounds(name)[0] == 0 and not name.startswith("beta"):
        return "off"
    return f"{value:g}" if isinstance(value, float) else str(value)


def typed(text: str) -> Any:
    """The number that a person typed; what is no number is passed on for the Experiment to refuse."""
    text = text.strip()
    if text.lower() == "off":
        return 0
    for number in (int, float):
        try:
            return number(text)
        except ValueError:
            continue
    return text


def _options(name: str, value: float) -> list[str]:
    """Returns values worth trying, in order, including the present one."""
    return [shown(name, option) for option in sorted({*suggestions(name), value})]


def suggestions(name: str) -> tuple[float, ...]:
    """Values of a numeric field that a person might want: a 1-2-5 series, or powers of two for sizes."""
    if name in SUGGESTIONS:
        return SUGGESTIONS[name]
    low, high = bounds(name)
    note = knob(name)
    if note.unit in ("samples", "units", "channels"):
        return tuple(2**n for n in range(math.ceil(math.log2(max(low, 4))), int(math.log2(min(high, 1024))) + 1))
    if note.unit == "iterations":
        series: tuple[float, ...] = tuple(m * 10**e for e in range(2, 6) for m in (1, 2, 5))
    elif low > 0:
        series = tuple(float(f"{m}e{e}") for e in range(-6, 0) for m in (1, 2, 5))
    else:
        series = tuple(float(f"{m}e{e}") for e in range(-3, 3) for m in (1, 2, 5))
    return tuple(option for option in ((0, *series) if low == 0 else series) if low <= option <= high)

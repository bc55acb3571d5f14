"""What a sweep tries: one experiment, and the values that some of its fields take."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import Any

from ganlab.experiment import DEFAULTS, Experiment, ExperimentError, bounds, knob
from ganlab.experiment.label import label

MOST_MEMBERS = 64
FACTORS = (0.1, 0.3, 1.0, 3.0, 10.0)  # times the value that an experiment has
WEIGHTS = (0.0, 0.01, 0.1, 1.0, 10.0)  # where it has none
SEEDS = 16
SAME = (  # for all members
    "data", "own_data", "own_classes", "image_size", "device", "threads", "max_steps", "mistake", "model",
)  # fmt: skip


@dataclass(frozen=True)
class Axis:
    """One field and its values, in the order in which they are shown."""

    field: str
    values: tuple[Any, ...]

    @property
    def label(self) -> str:
        """What a page calls the field."""
        return label(self.field)

    @property
    def names(self) -> tuple[str, ...]:
        """What a page calls the values."""
        choices = knob(self.field).choices
        return tuple(
            f"{value:g}" if isinstance(value, float) else choices.get(value, str(value)) for value in self.values
        )


@dataclass(frozen=True)
class Grid:
    """Each value of every axis with each one of all others; those of the last axis change fastest.

    Raises:
        ExperimentError: a value is not allowed, or a field occurs twice.
    """

    base: Experiment
    axes: tuple[Axis, ...]

    def __post_init__(self) -> None:
        for axis in self.axes:
            if not axis.values:
                raise ExperimentError(f"{axis.label} ({axis.field}) has no values: give at least one.")
            if len(set(axis.values)) < len(axis.values):
                raise ExperimentError(f"{axis.label} ({axis.field}) has the same value twice: give each value once.")
        fields = [axis.field for axis in self.axes]
        if twice := next((axis for axis in self.axes if fields.count(axis.field) > 1), None):
            raise ExperimentError(f"{twice.label} ({twice.field}) is named twice: choose different settings.")
        assert self.experiments  # each of them is checked

    @cached_property
    def settings(self) -> tuple[dict[str, Any], ...]:
        """What sets each member apart."""
        fields = [axis.field for axis in self.axes]
        values = product(*(axis.values for axis in self.axes))
        return tuple(dict(zip(fields, member, strict=True)) for member in values)

    @cached_property
    def experiments(self) -> tuple[Experiment, ...]:
        """The members."""
        return tuple(self.base.changed(**settings) for settings in self.settings)


@dataclass(frozen=True)
class Plan:
    """The members of a wall: each value of `columns` with each of `rows`, of which there may be none.

    Raises:
        ExperimentError: a value is not allowed, a field occurs twice, or there are too many members or none.
    """

    base: Experiment
    columns: Axis
    rows: Axis | None = None

    def __post_init__(self) -> None:
        if self.base.model != "gan":
            raise ExperimentError(
                "A wall trains GANs, and this run is not a GAN: choose a GAN on the Train page first."
            )
        for axis in self.axes:
            if axis.field in SAME:
                raise ExperimentError(
                    f"{axis.label} ({axis.field}) is the same for all members of a wall: choose another setting."
                )
        if self.rows is not None and self.rows.field == self.columns.field:
            raise ExperimentError(
                f"{self.rows.label} ({self.rows.field}) can't be both rows and columns: choose two different settings."
            )
        sizes = [len(axis.values) for axis in self.axes]
        if math.prod(sizes) > MOST_MEMBERS:
            raise ExperimentError(
                f"This wall would have {' x '.join(map(str, sizes))} = {math.prod(sizes)} members, but at most "
                f"{MOST_MEMBERS} are possible: give fewer values."
            )
        assert self.grid  # whose members are checked

    @property
    def axes(self) -> tuple[Axis, ...]:
        """Returns the axes: that of the rows first."""
        return (self.columns,) if self.rows is None else (self.rows, self.columns)

    @cached_property
    def grid(self) -> Grid:
        """What sets the members apart."""
        return Grid(self.base, self.axes)

    @property
    def experiments(self) -> tuple[Experiment, ...]:
        """The members, row by row."""
        return self.grid.experiments

    def title(self, member: int) -> str:
        """What sets a member apart, such as `G: Learning rate 0.001, Seed 3`."""
        columns = self.columns
        parts = [f"{columns.label} {columns.names[member % len(columns.values)]}"]
        if self.rows is not None:
            parts.insert(0, f"{self.rows.label} {self.rows.names[member // len(columns.values)]}")
        return ", ".join(parts)


def fields_to_sweep() -> tuple[str, ...]:
    """The fields that may differ between members."""
    return tuple(name for name in Experiment.model_fields if name not in SAME)


def read_values(field: str, text: str) -> tuple[Any, ...]:
    """The values in a text such as `0.001, 0.003`, as the field takes them; a choice by either of its names.

    Raises:
        ExperimentError: one of them is not allowed.
    """
    by_label = {label: value for value, label in knob(field).choices.items()}
    parts = [part.strip() for part in text.replace(";", ",").split(",") if part.strip()]
    values = [by_label.get(part, _parsed(field, part)) for part in parts]
    return tuple(getattr(Experiment.of(**{field: value}), field) for value in values)


def suggested(e: Experiment, field: str) -> tuple[Any, ...]:
    """Values worth trying, around the one that the experiment has, that go with the rest of it."""
    return tuple(value for value in _around(e, field) if _goes(e, field, value))


def _goes(e: Experiment, field: str, value: Any) -> bool:
    try:
        e.changed(**{field: value})
    except ExperimentError:
        return False
    return True


def _around(e: Experiment, field: str) -> tuple[Any, ...]:
    note, value = knob(field), getattr(e, field)
    low, high = bounds(field)
    if field == "seed":
        return tuple(range(SEEDS))
    if note.choices:
        return tuple(note.choices)
    if isinstance(value, bool):
        return (False, True)
    around: Sequence[float]
    if isinstance(value, int):
        around = [value * 2**k for k in range(-2, 3)] if note.log else [value + k for k in range(-2, 3)]
    elif 0 < high <= 1:
        around = [high * share for share in (0.0, 0.25, 0.5, 0.75, 0.9)]
    else:
        around = [value * factor for factor in FACTORS] if value else WEIGHTS
    kind = type(value)
    return tuple(dict.fromkeys(kind(float(f"{min(max(each, low), high):.3g}")) for each in around))


def _parsed(field: str, text: str) -> Any:
    try:
        value = json.loads(text.lower() if text in ("True", "False") else text)
    except (ValueError, RecursionError):
        return text
    switch = isinstance(getattr(DEFAULTS, field), bool)
    return text if isinstance(value, bool) and not switch else value  # Python takes `true` for 1

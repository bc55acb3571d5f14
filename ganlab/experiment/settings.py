"""How a description of something is declared, checked, written and read; Experiment is one.

Each field is declared once: its type and bounds, and a Knob with all that a person is told about it.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Self, get_args, get_origin

from pydantic import BaseModel, ConfigDict, ValidationError

from ganlab.experiment.choices import Group, Model


class ExperimentError(ValueError):
    """An Experiment does not allow a value. The message says which value, and what is allowed."""


def _always(_: Any) -> bool:
    return True


@dataclass(frozen=True)
class Knob:
    """How a field is shown to a person: everything about it that its type does not say."""

    group: Group
    label: str
    help: str
    unit: str = ""
    choices: Mapping[Any, str] = field(default_factory=dict)  # value -> what the page calls it
    live: bool = False  # may change while the run trains
    common: bool = False  # shown at once; the others are folded away
    log: bool = False  # spans orders of magnitude
    allowed: str = ""  # what a text must be
    model: Model | None = None  # the only one in which it has an effect
    applies: Callable[[Any], bool] = _always  # takes the whole description; False: this field has no effect in it

    def __post_init__(self) -> None:
        if self.model is not None:
            otherwise = self.applies
            object.__setattr__(self, "applies", lambda e: e.model == self.model and otherwise(e))


class Settings(BaseModel):
    """A frozen, validated set of fields that goes through JSON, and through a link, unchanged."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    @classmethod
    def of(cls, /, **values: Any) -> Self:
        """Returns settings with these values, and the defaults for the rest."""
        try:
            return cls.model_validate(values)
        except ValidationError as error:
            raise ExperimentError(cls._sentence(error)) from None

    def changed(self, /, **values: Any) -> Self:
        """A copy with these values, validated."""
        return type(self).of(**(self.model_dump() | values))

    def differences(self, other: Self | None = None) -> dict[str, Any]:
        """The fields whose values differ from `other`'s (the defaults, if None)."""
        other = other or type(self)()
        return {name: value for name, value in self if value != getattr(other, name)}

    def to_json(self) -> str:
        """Every field, indented, in the order of declaration."""
        return self.model_dump_json(indent=2) + "\n"

    @classmethod
    def from_json(cls, text: str | bytes) -> Self:
        """The inverse of `to_json`; fields left out take their defaults."""
        try:
            values = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise ExperimentError(f"This is not JSON: {error}.") from None
        if not isinstance(values, dict):
            raise ExperimentError('An experiment is a JSON object such as {"data": "ring", "lr_g": 0.001}.')
        return cls.of(**values)

    def to_link(self) -> str:
        """The fields that differ from their defaults, as `data:grid,lr_g:0.0003`: for a page's address."""
        return ",".join(f"{name}:{json.dumps(value).strip(chr(34))}" for name, value in self.differences().items())

    @classmethod
    def from_link(cls, text: str) -> Self:
        """The inverse of `to_link`."""
        values: dict[str, Any] = {}
        for part in filter(None, text.split(",")):
            name, colon, value = part.partition(":")
            if not colon:
                raise ExperimentError(f'The link has "{part[:60]}" where a setting such as lr_g:0.001 should be.')
            values[name] = value if cls._is_text(name) else _number(value)
        return cls.of(**values)

    @classmethod
    def knob(cls, name: str) -> Knob:
        """How the field is shown. Raises KeyError for a name that is no field."""
        return next(note for note in cls.model_fields[name].metadata if isinstance(note, Knob))

    @classmethod
    def bounds(cls, name: str) -> tuple[float, float]:
        """The smallest and largest value of a numeric field."""
        low, high = -math.inf, math.inf
        for note in cls.model_fields[name].metadata:
            for bound in (note, *getattr(note, "metadata", ())):
                low, high = getattr(bound, "ge", low), getattr(bound, "le", high)
        return low, high

    @classmethod
    def _is_text(cls, name: str) -> bool:
        """Whether a field's values are words, so that a link's text is taken as it stands."""
        if name not in cls.model_fields:
            return True
        annotation = cls.model_fields[name].annotation
        if annotation is str:
            return True
        return get_origin(annotation) is Literal and all(isinstance(value, str) for value in get_args(annotation))

    @classmethod
    def _sentence(cls, error: ValidationError) -> str:
        """What is wrong with the first bad field, as a person would say it."""
        first = error.errors()[0]
        if first["type"] == "value_error":
            return str(first["ctx"]["error"])
        name = str(first["loc"][0]) if first["loc"] else ""
        if name not in cls.model_fields:
            return f'There is no setting called "{name[:60]}". The settings are: {", ".join(cls.model_fields)}.'
        knob, kind = cls.knob(name), cls.model_fields[name].annotation
        if knob.choices:
            allowed = "one of " + ", ".join(map(str, knob.choices))
        elif knob.allowed:
            allowed = knob.allowed
        elif kind is bool:
            allowed = "true or false"
        else:
            low, high = cls.bounds(name)
            allowed = f"{'a whole number' if kind is int else 'a number'} from {low:g} to {high:,.10g}"
        return f"{knob.label} ({name}) is {_shown(first['input'])}, but must be {allowed}."


def _number(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text


def _shown(value: Any) -> str:
    try:
        return json.dumps(value, default=str)[:60]
    except (ValueError, TypeError, RecursionError):  # circular, keys that are no text, or too deep
        return f"a {type(value).__name__}"

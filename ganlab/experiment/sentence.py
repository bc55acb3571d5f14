"""What a run says, as a template and its values: other languages come next, and a frame has many readers."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, TypeAlias

Value: TypeAlias = "str | int | float"


class Sentence(str):
    """A sentence in English that knows how it was put together.

    It is a text like any other wherever Python shows it. Where it travels, its parts do: the browser has the same
    templates and formats numbers in the same way (ganlab/browser/base/sentences.js).

    Attributes:
        template: with a place for each value, and its format: "{share:.0%} of {count:,} samples".
        values: numbers, names, and sentences that stand in this one.
    """

    template: str
    values: Mapping[str, Value]

    def __new__(cls, template: str, /, **values: Value) -> Sentence:
        sentence = super().__new__(cls, template.format(**values))
        sentence.template, sentence.values = template, values
        return sentence

    def __getnewargs_ex__(self) -> tuple[tuple[str], dict[str, Value]]:
        return (self.template,), dict(self.values)

    def parts(self) -> dict[str, Any]:
        """The template and its values as JSON holds them; a number that JSON lacks is its name."""
        return {"template": self.template, "values": {name: _plain(value) for name, value in self.values.items()}}


def _plain(value: Value) -> Any:
    if isinstance(value, Sentence):
        return value.parts()
    if isinstance(value, float) and not math.isfinite(value):
        return str(float(value))
    return value


def to_plain(text: str | None) -> Any:
    """A sentence's parts, or any other text as it is."""
    return text.parts() if isinstance(text, Sentence) else text


def from_plain(plain: Any) -> Any:
    """The inverse of `to_plain`: runs that older versions stored hold texts only."""
    if not isinstance(plain, Mapping):
        return plain
    values = {name: from_plain(value) for name, value in plain["values"].items()}
    return Sentence(plain["template"], **{name: _number(value) for name, value in values.items()})


def _number(value: Value) -> Value:
    return float(value) if not isinstance(value, Sentence) and value in ("nan", "inf", "-inf") else value

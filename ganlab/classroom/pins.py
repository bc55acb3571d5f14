"""Moments of the class's runs that the teacher has pinned, in the order in which they are shown."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict

MOST_PINNED = 12


class Pin(BaseModel):
    """How a run of a seat stood at one moment.

    Attributes:
        number: counts the pins of the class.
        seat: the number of its seat; name: that seat's name.
        title: the run's data and its method.
        headline, evidence: of its verdict then, each a sentence in parts or a text.
        severity: how much the verdict should worry.
        picture: of its samples: `points`, 200 pairs of bytes as text, or `image`, an address of data; or nothing.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    number: int
    seat: int
    name: str
    title: str
    iteration: int
    headline: Any
    evidence: Any
    severity: str
    picture: dict[str, str]

    def for_board(self, *, nameless: bool) -> dict[str, Any]:
        """What the board shows of it."""
        return self.model_dump(exclude={"name", "picture"}) | self.picture | {"name": "" if nameless else self.name}


def in_order(pins: tuple[Pin, ...], numbers: list[Any]) -> tuple[Pin, ...]:
    """The pins with these numbers, in this order; others go to the end."""
    places = {number: place for place, number in enumerate(numbers)}
    return tuple(sorted(pins, key=lambda pin: places.get(pin.number, len(places))))

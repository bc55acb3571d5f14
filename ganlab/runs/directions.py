"""Directions in latent space that a person named and kept with a run."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

MOST_KEPT = 64


class KeptDirection(BaseModel):
    """A direction in a run's latent space.

    Attributes:
        vector: its numbers, as many as a latent has.
        found: how it was found, in words.
        iteration: of the run when it was kept; a generator that has learnt since may mean something else by it.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    name: Annotated[str, Field(min_length=1, max_length=40)]
    vector: Annotated[list[float], Field(min_length=1, max_length=4096)]
    found: Annotated[str, Field(max_length=60)] = ""
    iteration: Annotated[int, Field(ge=0)] = 0


_SEVERAL: TypeAdapter[tuple[KeptDirection, ...]] = TypeAdapter(tuple[KeptDirection, ...])


def directions_to_json(directions: Iterable[KeptDirection]) -> str:
    """Returns the directions as a JSON list of objects."""
    return _SEVERAL.dump_json(tuple(directions)).decode()


def directions_from_json(text: str) -> tuple[KeptDirection, ...]:
    """The inverse of `directions_to_json`."""
    return _SEVERAL.validate_json(text)

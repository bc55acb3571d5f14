"""The latents that somebody picked of a run, in the order in which they stand on the page."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

from pydantic import Field, FiniteFloat, TypeAdapter, ValidationError

from ganlab.experiment import ExperimentError

MOST_PICKED, LONGEST = 12, 4096
Picks = tuple[tuple[float, ...], ...]

_PICKS: TypeAdapter[tuple[tuple[float, ...], ...]] = TypeAdapter(
    Annotated[
        tuple[Annotated[tuple[FiniteFloat, ...], Field(min_length=1, max_length=LONGEST)], ...],
        Field(max_length=MOST_PICKED),
    ]
)


def picks_of(values: object) -> Picks:
    """The latents in a list of lists of numbers.

    Raises:
        ExperimentError: it is something else, or too much.
    """
    try:
        return _PICKS.validate_python(values)
    except ValidationError as error:
        raise ExperimentError(f"These are no latents to keep: {error.errors()[0]['msg']}.") from None


def picks_from_json(text: str | bytes, length: int) -> Picks:
    """The latents in JSON, each of this length. Raises as `picks_of`."""
    try:
        picks = _PICKS.validate_json(text)
    except ValidationError as error:
        raise ExperimentError(f"These are no latents to keep: {error.errors()[0]['msg']}.") from None
    if any(len(latent) != length for latent in picks):
        raise ExperimentError(f"Every latent of this run has {length} numbers.")
    return picks


def as_lists(picks: Iterable[tuple[float, ...]]) -> list[list[float]]:
    """Returns the picks as JSON holds them."""
    return [list(latent) for latent in picks]

"""Questions about a trained or training generator's latent space, as plain data in and out.

A page asks in JSON; the training thread answers between two steps, with the shown generator in eval mode. Nothing
here changes a bit of the training.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, TypeAdapter, ValidationError

from ganlab.views.questions.find import ByLabels, Components, FirstLayer
from ganlab.views.questions.guess import Guess
from ganlab.views.questions.match import Match
from ganlab.views.questions.plane import Plane
from ganlab.views.questions.question import Question
from ganlab.views.questions.samples import ByCode, OnMap, Real, Samples, Slice, Walk
from ganlab.views.questions.stretch import Folding, Jacobian

__all__ = ["Question", "read_question"]

_ANY = Annotated[
    Samples
    | ByCode
    | OnMap
    | Walk
    | Slice
    | Plane
    | FirstLayer
    | Components
    | ByLabels
    | Jacobian
    | Folding
    | Match
    | Guess
    | Real,
    Field(discriminator="ask"),
]
_QUESTIONS: TypeAdapter[Question] = TypeAdapter(_ANY)


def read_question(text: bytes) -> Question:
    """The question in some JSON.

    Raises:
        ValueError: it is none; the message says what is wrong with it.
    """
    try:
        return _QUESTIONS.validate_json(text)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False)[0]
        place = ".".join(str(part) for part in first["loc"]) or "question"
        raise ValueError(f"{place}: {first['msg']}.") from None

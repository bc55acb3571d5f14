"""A question to the class: one answer a seat, and a tally that shows to all once the teacher reveals it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

LONGEST_QUESTION, LONGEST_ANSWER = 200, 80  # characters
FEWEST_ANSWERS, MOST_ANSWERS = 2, 6


def _tidy(text: str) -> str:
    """Without line breaks and extra spaces."""
    if not (tidied := " ".join(text.split())):
        raise ValueError("there is a text to be written")
    return tidied


def _unlike(answers: tuple[str, ...]) -> tuple[str, ...]:
    if len(set(answers)) < len(answers):
        raise ValueError("two answers are alike")
    return answers


Answer = Annotated[str, AfterValidator(_tidy), Field(max_length=LONGEST_ANSWER)]


class ClassQuestion(BaseModel):
    """A question, and what has been answered.

    Attributes:
        number: counts the questions of the class.
        given: by the number of a seat, the place of its answer.
        revealed: whether all see the tally, and nobody can answer any more.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    number: int
    text: Annotated[str, AfterValidator(_tidy), Field(max_length=LONGEST_QUESTION)]
    answers: Annotated[
        tuple[Answer, ...], Field(min_length=FEWEST_ANSWERS, max_length=MOST_ANSWERS), AfterValidator(_unlike)
    ]
    given: dict[int, int] = {}
    revealed: bool = False

    def answered(self, seat: int, answer: int) -> ClassQuestion:
        """This question with that answer of a seat, in place of one that it gave before."""
        return self.model_copy(update={"given": self.given | {seat: answer}})

    def without(self, seats: Collection[int]) -> ClassQuestion:
        """This question without the answers of these seats."""
        return self.model_copy(update={"given": {each: a for each, a in self.given.items() if each not in seats}})

    @property
    def tally(self) -> list[int] | None:
        """How many seats gave each answer; None until it is revealed."""
        counts = Counter(self.given.values())
        return [counts[place] for place in range(len(self.answers))] if self.revealed else None

    def for_pages(self, looks: int) -> dict[str, Any]:
        """What the page of a seat, or of the teacher, may know of it."""
        return {
            "number": self.number,
            "text": self.text,
            "answers": list(self.answers),
            "yours": self.given.get(looks),
            "tally": self.tally,
        }

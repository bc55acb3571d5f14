"""Why something in a class is not done, each with the status to answer with."""

from __future__ import annotations

CLOSED = "The door of this class is closed: nobody can join now. Ask your teacher to open it."
WRONG = "This is not the code of this class. Look at the board and try again."
FULL = "The class is full: all {} seats are in use. Tell your teacher, who can take seats away."


class CannotDo(Exception):  # noqa: N818 (a reply, not an error in the code)
    """Why something is not done: a sentence, and the status to answer with."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status


class CannotJoin(CannotDo):
    """Why somebody gets no seat."""


class CannotAnswer(CannotDo):
    """Why an answer does not count."""

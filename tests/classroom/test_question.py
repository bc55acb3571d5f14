"""A question to the class: one answer a seat, a tally for nobody before its time, and nothing too long."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from pydantic import ValidationError

from ganlab.classroom.attempts import MOST
from ganlab.classroom.classroom import CannotAnswer, Classroom
from ganlab.classroom.exchange import LONGEST_BODY
from ganlab.classroom.state import TEACHER

ASKED = ("Which loss falls?", ["That of D", "That of G", "Neither"])


def asked(folder: Path | None = None) -> tuple[Classroom, list[int]]:
    """A class of three seats that was asked a question."""
    room = Classroom(folder)
    seats = [room.join(room.state.code)[0].number for _ in range(3)]
    room.ask(*ASKED)
    return room, seats


def shown(room: Classroom, looks: int) -> dict[str, object]:
    assert room.state.question is not None
    return room.state.question.for_pages(looks)


def test_an_answer_can_be_changed_until_the_tally_is_revealed_to_all() -> None:
    room, (first, second, third) = asked()
    room.answer(first, 1, 0)
    room.answer(second, 1, 1)
    for looks in (first, third, TEACHER):
        assert shown(room, looks)["tally"] is None
    room.answer(first, 1, 1)
    assert shown(room, first)["yours"] == 1 and shown(room, third)["yours"] is None
    room.reveal()
    for looks in (first, third, TEACHER):
        assert shown(room, looks)["tally"] == [0, 2, 0]
    with pytest.raises(CannotAnswer, match="have been revealed"):
        room.answer(third, 1, 0)


def test_it_outlives_the_server_and_a_seat_takes_its_answer_with_it(tmp_path: Path) -> None:
    room, (first, second, _) = asked(tmp_path)
    room.answer(first, 1, 2)
    room.answer(second, 1, 0)
    room = Classroom(tmp_path)
    assert shown(room, first)["yours"] == 2
    room.remove(first)
    room.reveal()
    assert shown(room, TEACHER)["tally"] == [1, 0, 0]
    room.end()
    assert room.state.question is None


def test_what_is_no_answer_to_it_does_not_count() -> None:
    room, (first, *_) = asked()
    for place in (-1, 3):
        with pytest.raises(CannotAnswer, match="no such answer"):
            room.answer(first, 1, place)
    room.ask(*ASKED)
    with pytest.raises(CannotAnswer, match="does not ask this question any more"):
        room.answer(first, 1, 0)
    for turn in range(MOST):
        room.answer(first, 2, turn % 2)
    with pytest.raises(CannotAnswer, match="Try again in a minute") as refused:
        room.answer(first, 2, 2)
    assert refused.value.status == 429


@pytest.mark.parametrize(
    ("text", "answers"),
    [
        ("", ["a", "b"]),
        (" \n", ["a", "b"]),
        ("x" * 201, ["a", "b"]),
        ("Which?", ["a"]),
        ("Which?", list("abcdefg")),
        ("Which?", ["a", " a "]),
        ("Which?", ["a", ""]),
        ("Which?", ["a", "x" * 81]),
        ("Which?", ["a", 2]),
    ],
)
def test_a_question_has_a_text_and_two_to_six_short_answers(text: str, answers: list[str]) -> None:
    room = Classroom(None)
    with pytest.raises(ValidationError):
        room.ask(text, answers)
    assert room.state.question is None


def test_the_longest_question_fits_into_what_the_server_reads() -> None:
    said = {"do": "ask", "text": "\u4e2d" * 200, "answers": ["\u6587" * 79 + str(place) for place in range(6)]}
    assert len(json.dumps(said, ensure_ascii=False).encode()) <= LONGEST_BODY

"""The class as the server works with it: who somebody is, whose a run is, and what the teacher does."""

from __future__ import annotations

import hashlib
import hmac
import logging
import secrets
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from ganlab.classroom.attempts import Attempts
from ganlab.classroom.door import Door, tidied
from ganlab.classroom.limits import Limits
from ganlab.classroom.locked_settings import Lock
from ganlab.classroom.pins import MOST_PINNED, Pin, in_order
from ganlab.classroom.question import ClassQuestion
from ganlab.classroom.refusals import CLOSED, FULL, WRONG, CannotAnswer, CannotDo, CannotJoin
from ganlab.classroom.spotlight import Spotlight
from ganlab.classroom.state import TEACHER, ClassState, Seat, new_class, new_code, read, write
from ganlab.runs.gate import Gate

logger = logging.getLogger(__name__)

SEAT_COOKIE, TEACHER_COOKIE = "ganlab_seat", "ganlab_teacher"
MOST_SEATS = 100
MOST_RUNS = 200  # of a seat are remembered as its own; then the oldest are forgotten
EMPTY_SECONDS = 60.0  # after which a seat at which no page was opened counts as empty


class Classroom:
    """One class. Any thread may call every method.

    Attributes:
        state: the class as it is now.
        trouble: why the last change could not be written to the disk; None if it was.
        on_change: called after each change with the new state.
    """

    def __init__(self, folder: Path | None, now: Callable[[], float] = time.monotonic) -> None:
        """The class that is kept in this folder, or else a new one; without a folder it lasts as long as the server.

        `now` is a clock, in seconds.

        Raises:
            ValueError: what is kept there can't be read.
        """
        self._folder = folder
        self._lock = threading.RLock()
        self._now = now
        self._door, self._changes = Door(now), Attempts(now)
        self._given: dict[int, float] = {}  # by seat, when it was given; those of an earlier server are not in it
        self.on_change: Callable[[ClassState], None] = lambda state: None
        self.trouble: str | None = None
        self.state = (None if folder is None else read(folder)) or new_class()
        self._write()

    # Who somebody is

    def who(self, cookies: Mapping[str, str]) -> int | None:
        """The number of the seat that these cookies are of, or TEACHER; None for a stranger."""
        shown = cookies.get(TEACHER_COOKIE, "")
        if hmac.compare_digest(shown.encode(), self._teachers_cookie().encode()):
            return TEACHER
        secret = cookies.get(SEAT_COOKIE, "")
        digest = _digest(secret)
        return next((seat.number for seat in self.state.seats if hmac.compare_digest(seat.digest, digest)), None)

    def seat(self, number: int) -> Seat | None:
        """The seat of this number; None where it was removed."""
        return next((seat for seat in self.state.seats if seat.number == number), None)

    def unlock(self, key: str) -> str | None:
        """The teacher's cookie for the teacher's key; None for any other key."""
        if not hmac.compare_digest(key.encode(), self.state.key.encode()):
            return None
        return self._teachers_cookie()

    def wait(self, code: str, address: str) -> float:
        """For how many seconds whoever types this code waits before `join`.

        Raises:
            CannotJoin: the door is closed, or very many come from this address.
        """
        with self._lock:
            if self.state.closed:
                raise CannotJoin(403, CLOSED)
            return self._door.wait_for_seat(address) if self._is_code(code) else self._door.wait_of_wrong_code()

    def join(self, code: str) -> tuple[Seat, str]:
        """A new seat and its secret, for whoever knows the code. In a full class the oldest empty seat makes room.

        Raises:
            CannotJoin: the door is closed, the code is wrong, or the class is full.
        """
        with self._lock:
            if self.state.closed:
                raise CannotJoin(403, CLOSED)
            if not self._is_code(code):
                raise CannotJoin(403, WRONG)
            state, secret = self.state, secrets.token_hex(16)
            if len(state.seats) >= MOST_SEATS:
                if not (empty := state.seats_without_runs()):
                    raise CannotJoin(409, FULL.format(MOST_SEATS))
                state = state.without_seats({empty[0]})
            self._become(state.with_seat(_digest(secret)))
            seat = self.state.seats[-1]
            self._given[seat.number] = self._now()
            return seat, secret

    def _is_code(self, typed: str) -> bool:
        return hmac.compare_digest(tidied(typed).encode(), self.state.code.encode())

    def empty_seats(self) -> frozenset[int]:
        """The seats that were given a while ago and at which no page was opened."""
        long_ago, given = self._now() - EMPTY_SECONDS, dict(self._given)
        return frozenset(n for n in self.state.seats_without_runs() if given.get(n, long_ago) <= long_ago)

    # Whose a run is

    def claim(self, run_id: str, number: int | None) -> int | None:
        """A run or a sweep has come into memory for this seat, or for the teacher. What has an owner keeps it.

        Returns whose it is: a seat's number, or TEACHER; None for nobody's.
        """
        with self._lock:
            if number is None or run_id in self.state.owners:
                return self.state.owners.get(run_id)
            own = [each for each, owner in self.state.owners.items() if owner == number]
            forgotten = set(own[: max(0, len(own) + 1 - MOST_RUNS)])
            kept = {each: owner for each, owner in self.state.owners.items() if each not in forgotten}
            self._change(owners=kept | {run_id: number})
            return number

    def may_command(self, number: int | None, run_id: str) -> bool:
        """Whether somebody may open and command a run or a sweep, having its id: one's own, or nobody's.

        The teacher may command all.
        """
        return number is not None and (number == TEACHER or self.state.owners.get(run_id, number) == number)

    # What a student does

    def answer(self, seat: int, number: int, answer: int) -> None:
        """A seat answers the question with this number, or changes its answer.

        Raises:
            CannotAnswer: the question is over, there is no such answer, or it was changed too often.
        """
        with self._lock:
            question = self.state.question
            if question is None or question.number != number:
                raise CannotAnswer(409, "Your teacher does not ask this question any more.")
            if question.revealed:
                raise CannotAnswer(409, "The answers have been revealed, so they can't be changed any more.")
            if not 0 <= answer < len(question.answers):
                raise CannotAnswer(400, "There is no such answer.")
            if question.given.get(seat) == answer:
                return
            if self._changes.exhausted(str(seat)):
                raise CannotAnswer(429, "You have changed your answer very often. Try again in a minute.")
            self._changes.note(str(seat))
            self._change(question=question.answered(seat, answer))

    # What the teacher does

    @property
    def gate(self) -> Gate:
        """Who gets turns now: all, or in a paused class the teacher's runs."""
        return Gate(self.state.paused, self.state.owned_by(TEACHER))

    def pause(self, paused: bool) -> None:
        """Hold everybody's runs but the teacher's, or let them go on."""
        self._change(paused=paused)

    def send(self, run_id: str, title: str) -> None:
        """Send a run to all, in place of one that was sent before."""
        self._change(sent=run_id, sent_title=title)

    def recall(self) -> None:
        """Take back what was sent."""
        self._change(sent="", sent_title="")

    def close_door(self, closed: bool) -> None:
        """Let nobody join, or let people join again."""
        self._change(closed=closed)

    def renew_code(self) -> None:
        """Nobody can join with the old code any more. Seats stay."""
        self._change(code=new_code())

    def show_names(self, shown: bool) -> None:
        """Show names on the board, or numbers in their place."""
        self._change(nameless=not shown)

    def limit(self, limits: Limits) -> None:
        """Give every seat these limits. What trains or is kept already gives way where there is too much."""
        self._change(limits=limits)

    def lock(self, locks: tuple[Lock, ...]) -> None:
        """Let no student change the settings of these groups; those of all others can be changed."""
        self._change(locks=locks)

    def show(self, spotlight: Spotlight | None) -> None:
        """Show a run of a seat to all, to look at only; with None, no longer."""
        self._change(spotlight=spotlight)

    def ask(self, text: str, answers: list[str]) -> None:
        """Ask the class a question, in place of one that it was asked before.

        Raises:
            ValidationError: a text is missing or too long, or there are too few or too many answers.
        """
        with self._lock:
            number = self.state.asked + 1
            question = ClassQuestion.model_validate({"number": number, "text": text, "answers": answers})
            self._change(question=question, asked=number)

    def reveal(self) -> None:
        """Show all how many gave each answer."""
        with self._lock:
            if self.state.question is not None:
                self._change(question=self.state.question.model_copy(update={"revealed": True}))

    def drop_question(self) -> None:
        """Ask no more."""
        self._change(question=None)

    def pin(self, seat: int, moment: dict[str, Any]) -> None:
        """Keep a moment of a seat's run, after those that were pinned before; see `moment_of`.

        Raises:
            CannotDo: the seat was taken away, or as many are pinned as can be.
        """
        with self._lock:
            holder = self.seat(seat)
            if holder is None:
                raise CannotDo(409, "This seat was taken away.")
            if len(self.state.pins) >= MOST_PINNED:
                raise CannotDo(409, f"{MOST_PINNED} moments are pinned, as many as can be. Remove one first.")
            number = self.state.pinned + 1
            pin = Pin(number=number, seat=seat, name=holder.name, **moment)
            self._change(pins=(*self.state.pins, pin), pinned=number)

    def order_pins(self, numbers: list[Any]) -> None:
        """Show the pinned moments in this order, by their numbers."""
        with self._lock:
            self._change(pins=in_order(self.state.pins, numbers))

    def unpin(self, number: int) -> None:
        """Forget a pinned moment."""
        with self._lock:
            self._change(pins=tuple(pin for pin in self.state.pins if pin.number != number))

    def remove(self, number: int) -> frozenset[str]:
        """Take a seat away. Returns the ids of its runs, which stay stored; only the teacher can open them then."""
        with self._lock:
            self._become(self.state.without_seats({number}))
            return self.state.owned_by(number)

    def remove_empty(self) -> None:
        """Take the empty seats away."""
        with self._lock:
            self._become(self.state.without_seats(self.empty_seats()))

    def end(self) -> frozenset[str]:
        """End the class: every seat is taken away, and the code is a new one. Returns the ids of all students' runs."""
        with self._lock:
            self._become(self.state.ended())
            return frozenset(run_id for run_id, owner in self.state.owners.items() if owner != TEACHER)

    def _teachers_cookie(self) -> str:
        """Not the key itself, so that who sees one cookie does not have the link."""
        return hmac.digest(self.state.key.encode(), b"the teacher's cookie", "sha256").hex()

    def _change(self, **values: object) -> None:
        with self._lock:
            self._become(self.state.model_copy(update=values))

    def _become(self, state: ClassState) -> None:
        self.state = state
        self._write()
        self.on_change(state)

    def _write(self) -> None:
        if self._folder is None:
            return
        try:
            write(self.state, self._folder)
            self.trouble = None
        except OSError as error:
            self.trouble = f"The class can't be saved in {self._folder} ({error.strerror or error})."
            logger.warning(self.trouble)


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()

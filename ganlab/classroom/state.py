"""All that is known of a class: one frozen value, which a file keeps."""

from __future__ import annotations

import json
import os
import secrets
import tempfile
from collections.abc import Collection
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from ganlab.classroom.limits import Limits
from ganlab.classroom.locked_settings import Lock
from ganlab.classroom.names import free_name
from ganlab.classroom.pins import Pin
from ganlab.classroom.question import ClassQuestion
from ganlab.classroom.spotlight import Spotlight

TEACHER = 0  # in the place of a seat's number
ALPHABET = "ACDEFGHJKMNPQRTUVWXY34679"  # no two of these letters and digits are easily taken for each other
CODE_LENGTH = 6
FILE = "class.json"


class Seat(BaseModel):
    """One student's place in the class.

    Attributes:
        number: counts the seats of the class; none is given twice.
        digest: SHA-256 of the secret in the student's cookie. The secret itself is kept nowhere.
        name: given by the server.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    number: int
    digest: str
    name: str


class ClassState(BaseModel):
    """A class at one moment.

    Attributes:
        code: what students type to join.
        key: the teacher's secret, 32 hexadecimal digits.
        seats: in the order in which they were taken.
        given: how many seats have ever been given.
        closed: whether nobody can join.
        owners: by the id of a run or a sweep, the number of its seat, or TEACHER.
        paused: whether only the teacher's runs train.
        sent: the id of the run that the teacher has sent to all; "" for none.
        sent_title: what that run is called.
        nameless: whether the board shows numbers in place of names.
        limits: of each seat.
        locks: the groups of settings that students can't change.
        spotlight: the run of a seat that the teacher shows to all.
        question: the one that the class is asked; asked: how many have been so far.
        pins: moments of runs, in the order in which they are shown; pinned: how many have been so far.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: str
    key: str
    seats: tuple[Seat, ...] = ()
    given: int = 0
    closed: bool = False
    owners: dict[str, int] = {}
    paused: bool = False
    sent: str = ""
    sent_title: str = ""
    nameless: bool = False
    limits: Limits = Limits()
    locks: tuple[Lock, ...] = ()
    spotlight: Spotlight | None = None
    question: ClassQuestion | None = None
    asked: int = 0
    pins: tuple[Pin, ...] = ()
    pinned: int = 0

    def with_seat(self, digest: str) -> ClassState:
        """This class with one more seat, whose secret has this digest."""
        number = self.given + 1
        seat = Seat(number=number, digest=digest, name=free_name({seat.name for seat in self.seats}))
        return self.model_copy(update={"seats": (*self.seats, seat), "given": number})

    def without_seats(self, numbers: Collection[int]) -> ClassState:
        """This class without these seats. Their runs stay their own, so nobody else can open them but the teacher."""
        seats = tuple(seat for seat in self.seats if seat.number not in numbers)
        shown = self.spotlight if self.spotlight and self.spotlight.seat not in numbers else None
        question = self.question and self.question.without(numbers)
        pins = tuple(pin for pin in self.pins if pin.seat not in numbers)
        return self.model_copy(update={"seats": seats, "spotlight": shown, "question": question, "pins": pins})

    def seats_without_runs(self) -> tuple[int, ...]:
        """The seats that never had a run, which the first page that is opened makes; the oldest first."""
        owners = frozenset(self.owners.values())
        return tuple(seat.number for seat in self.seats if seat.number not in owners)

    def ended(self) -> ClassState:
        """This class without seats and all that was shown to them, with another code. Limits and locks stay."""
        shown: dict[str, Any] = {"sent": "", "sent_title": "", "spotlight": None, "question": None, "pins": ()}
        return self.model_copy(update={"seats": (), "code": new_code(), "paused": False, "closed": False, **shown})

    @property
    def rules(self) -> str:
        """What students' pages show of limits and locks, as a name that changes with them."""
        allowed = (name for name in ("sweeps", "own_data") if getattr(self.limits, name))
        return ",".join((*self.locks, *allowed))

    def owned_by(self, number: int) -> frozenset[str]:
        """The ids of the runs and sweeps of one seat, or of the teacher."""
        return frozenset(run_id for run_id, owner in self.owners.items() if owner == number)


def new_class() -> ClassState:
    """A class that nobody has joined yet."""
    return ClassState(code=new_code(), key=secrets.token_hex(16))


def new_code() -> str:
    """A join code."""
    return "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))


def read(folder: Path) -> ClassState | None:
    """The class that is kept in this folder; None where there is none.

    Raises:
        ValueError: the file is damaged, or can't be read.
    """
    file = folder / FILE
    try:
        return ClassState.model_validate_json(file.read_bytes())
    except FileNotFoundError:
        return None
    except (OSError, ValidationError) as error:
        raise ValueError(
            f"The class in {file} can't be read ({error.__class__.__name__}). Move this file to another folder: GanLab "
            "then begins a new class."
        ) from None


def write(state: ClassState, folder: Path) -> None:
    """Keep the class in this folder, whole or not at all, for its owner's eyes alone.

    Raises:
        OSError: the folder takes no file.
    """
    handle, fresh = tempfile.mkstemp(dir=folder, suffix=".class")  # readable by its owner alone
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(state.model_dump(), file)
            file.flush()
            os.fsync(file.fileno())
        Path(fresh).replace(folder / FILE)
    except BaseException:
        Path(fresh).unlink(missing_ok=True)
        raise

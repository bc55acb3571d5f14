"""What a worker says to the server."""

from __future__ import annotations

from typing import Any, Literal

from ganlab.hosts.messages.message import Looks, Message, OfRun


class Ready(Message):
    """It has imported all that it needs, and trained a few steps of a run that nobody sees."""


class Heartbeat(Message):
    """It is alive.

    Attributes:
        working: for how many seconds it has been at one piece of work.
    """

    working: float


class WorkOn(Message):
    """The worker is about to work on this run, at which some worker may have ended, and waits for `GoAhead`.

    With None, which is not answered: it works on no such run any more.
    """

    run: str | None


class NotMade(OfRun):
    """A run could not be made of the message with which it came, and why."""

    sentence: str


class Facts(OfRun):
    """How a run is, or a part of a wall. `heard` is the number of the last command that it has heard."""

    heard: int
    part: int = 0
    state: str
    message: Any
    iteration: int
    rate: float


class Broken(OfRun):
    """Why each member of a wall that broke did, by its number."""

    members: dict[int, Any]


class Story(OfRun):
    """What was done to a run so far, and where it comes from; sent when it changes."""

    interventions: list[tuple[int, str, dict[str, Any]]]
    origin: dict[str, Any] | None


class Looked(OfRun):
    """What was counted so far of a trial's run and those with it."""

    looks: Looks


class Frame(OfRun):
    """What viewers see, encoded; of a part of a wall, what they see of these members, not yet made light."""

    part: int = 0

    frame: bytes


class Rows(OfRun):
    """A block of the history: 32-bit floats, row after row, of which the first is that of iteration `first` + 1."""

    first: int
    rows: bytes


class Copied(OfRun):
    """A copy of a run that is to be stored; the history up to it was sent before.

    Attributes:
        record: without checkpoints, as JSON has it; checkpoint: its state without the history.
        best: of the best that it has been, the state, if it was not sent before.
        picture: samples to know it by: their shape, whether they are bytes, and their values.
        extent: of the axes on which points are drawn.
        lineage: the same for two copies of which the later one went on from the earlier one.
    """

    record: dict[str, Any]
    checkpoint: bytes
    best: bytes | None
    picture: tuple[list[int], bool, bytes]
    extent: float
    lineage: str


class Answered(OfRun):
    """A reply to `Ask`, `TraceStep` or `Save`: a frame; none to the last."""

    reply: int
    frame: bytes


class Frozen(OfRun):
    """A reply to `Freeze`; the history up to it was sent before."""

    reply: int
    record: dict[str, Any]
    checkpoint: bytes


class MemberTaken(OfRun):
    """A reply to `TakeMember`."""

    reply: int
    checkpoint: bytes


class Refused(OfRun):
    """There is no answer, and why: a question that does not suit the run, a run that could not answer, or one that was
    reset, failed or ended first."""

    reply: int
    kind: Literal["unsuitable", "broken", "cancelled"]
    sentence: str

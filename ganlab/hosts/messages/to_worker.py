"""What the server says to a worker."""

from __future__ import annotations

from typing import Any, Literal

from ganlab.hosts.messages.message import Command, Looks, Message, OfRun

# To a worker: how a run comes to it


class ComeIn(Command):
    """How a run comes to a worker.

    Attributes:
        suspected: whether the worker is to announce its work on it: see `WorkOn`.
    """

    suspected: bool = False


class Begin(ComeIn):
    """Untrained networks of this experiment."""

    experiment: dict[str, Any]


class GoOn(ComeIn):
    """A run of this experiment that goes on from a checkpoint.

    Attributes:
        parent: the id of the run, or of the wall, that the checkpoint is of; it came with GanLab if that is None.
    """

    experiment: dict[str, Any]
    parent: str | None
    checkpoint: bytes
    wall: bool


class Try(ComeIn):
    """A run of a trial (see `TrialRun`) that goes on from a checkpoint of the run `parent`."""

    experiment: dict[str, Any]
    parent: str
    checkpoint: bytes


class Restore(ComeIn):
    """A run as it was stored.

    Attributes:
        record: its record without checkpoints, as JSON has it; checkpoint: its state, None before any training.
        begun: of a fork, the checkpoint that it went on from.
        is_stored: whether what is stored is the run as it is now.
    """

    record: dict[str, Any]
    checkpoint: bytes | None
    begun: bytes | None
    is_stored: bool


class BeginWall(ComeIn):
    """A wall of untrained members: the base, and of the columns and the rows, if there are some, field and values.

    Attributes:
        part, parts: which of how many parts of its members this worker trains.
    """

    experiment: dict[str, Any]
    columns: tuple[str, list[Any]]
    rows: tuple[str, list[Any]] | None
    part: int = 0
    parts: int = 1


Arriving = Begin | GoOn | Try | Restore | BeginWall

# To a worker: what people do with a run


class Play(Command):
    """Train until told otherwise, or until a rest: see `ganlab.runs.trainee.Rest`."""

    rest: tuple[int, Any, bool, bool] | None


class Pause(Command):
    because: Any  # a sentence in parts, a text, or None


class Hold(Command):
    because: Any


class Stop(Command):
    pass


class Reset(Command):
    """`build` is the new one."""


class StepOnce(Command):
    kind: Literal["step", "step_d", "step_g"]


class Change(Command):
    values: dict[str, Any]


class SetView(Command):
    values: dict[str, Any]


class Keep(Command):
    """What a person noted of a run: its name, directions (JSON) and picked latents."""

    name: str
    directions: str
    picks: list[list[float]]


class Belong(OfRun):
    """Whose the run is: see `TrainingJob.seat`."""

    seat: int | None


class CompareWith(OfRun):
    """What was counted so far of the twin of a trial's run."""

    looks: Looks


class Watch(OfRun):
    """Which views somebody looks at now.

    Attributes:
        afresh: whether to show the run even if nothing has changed.
    """

    views: list[str]
    afresh: bool


class TrainTo(OfRun):
    """The iteration beyond which a part of a wall is not to train yet, so that no part runs ahead of the others."""

    until: int


class NextFrame(OfRun):
    """The last frame has been passed on: the next one may come."""


# To a worker: what it is to answer


class Asked(Command):
    """A message that is answered.

    Attributes:
        reply: the number of the answer.
    """

    reply: int


class Ask(Asked):
    question: bytes  # JSON, as the page sent it


class TraceStep(Asked):
    """Train one iteration under a recorder."""


class Freeze(Asked):
    """The record of the run between two steps, with its checkpoint."""


class Save(Asked):
    """Hand over what has changed since the last draft."""


class TakeMember(Asked):
    """A member of a wall as it is now, with its checkpoint."""

    member: int


class Retire(OfRun):
    """End the run; nothing of it is to be saved."""


class GoAhead(Message):
    """The server knows on which run the worker is about to work."""


class SetGate(Message):
    """Which runs get turns: see `ganlab.runs.gate.Gate`."""

    closed: bool
    open_to: list[str]


class Close(Message):
    """Hand over what is still to be saved, and end."""

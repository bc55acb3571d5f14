"""What goes between the server and a worker: plain data, checked when it is made and again when it arrives.

Each message about a run names the run and its build, which counts its resets. What a worker says of another build than
the server's is out of date.
"""

from __future__ import annotations

import io
import pickle
from typing import Any, ClassVar, Literal, NoReturn

from pydantic import BaseModel, ConfigDict, ValidationError

VERSION = 5  # of the messages below: another one for every change of theirs


class NotAMessage(ValueError):  # noqa: N818 (what arrived, not an error in the code)
    """What arrived is no message of this version."""


class Message(BaseModel):
    """Any message."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)
    kinds: ClassVar[dict[str, type[Message]]] = {}

    @classmethod
    def __pydantic_init_subclass__(cls, **_: Any) -> None:
        Message.kinds[cls.__name__] = cls


class OfRun(Message):
    """A message about one run."""

    run: str
    build: int


class Command(OfRun):
    """What a worker is to do with a run.

    Attributes:
        number: counts the commands of a run; a worker's facts name the last one that it has heard.
    """

    number: int


# To a worker: how a run comes to it


class Begin(Command):
    """Untrained networks of this experiment."""

    experiment: dict[str, Any]


class GoOn(Command):
    """A run of this experiment that goes on from a checkpoint.

    Attributes:
        parent: the id of the run, or of the wall, that the checkpoint is of; it came with GanLab if that is None.
    """

    experiment: dict[str, Any]
    parent: str | None
    checkpoint: bytes
    wall: bool


class Try(Command):
    """A run of a trial (see `TrialRun`) that goes on from a checkpoint of the run `parent`."""

    experiment: dict[str, Any]
    parent: str
    checkpoint: bytes


class Restore(Command):
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


class BeginWall(Command):
    """A wall of untrained members: the base, and of the columns and the rows, if there are some, field and values."""

    experiment: dict[str, Any]
    columns: tuple[str, list[Any]]
    rows: tuple[str, list[Any]] | None


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


Looks = dict[int, tuple[list[float], list[float]]]
"""By the iterations since its moment, the modes of each of a trial and their shares of good samples."""


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


class SetGate(Message):
    """Which runs get turns: see `ganlab.runs.gate.Gate`."""

    closed: bool
    open_to: list[str]


class Close(Message):
    """Hand over what is still to be saved, and end."""


# From a worker


class Ready(Message):
    """It has imported all that it needs, and trained a few steps of a run that nobody sees."""


class Heartbeat(Message):
    """It is alive.

    Attributes:
        working: for how many seconds it has been at one piece of work.
    """

    working: float


class NotMade(OfRun):
    """A run could not be made of the message with which it came, and why."""

    sentence: str


class Facts(OfRun):
    """How a run is. `heard` is the number of the last command that it has heard."""

    heard: int
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
    """What viewers see, encoded."""

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


def encode(message: Message) -> bytes:
    """The message as bytes."""
    return pickle.dumps((VERSION, type(message).__name__, vars(message)), protocol=5)


def decode(data: bytes) -> Message:
    """The inverse of `encode`. Only numbers, texts, bytes and lists and dicts of them are read.

    Raises:
        NotAMessage: the bytes are something else, or of another version.
    """
    try:
        version, kind, values = _Plain(io.BytesIO(data)).load()
        if version != VERSION:
            raise NotAMessage(f"This is a message of version {version}; here is version {VERSION}.")
        return Message.kinds[kind](**values)
    except NotAMessage:
        raise
    except (pickle.UnpicklingError, ValidationError, ValueError, TypeError, KeyError, EOFError) as error:
        raise NotAMessage(f"This is no message: {error}") from None


class _Plain(pickle.Unpickler):
    """Reads no object of any class: plain data alone."""

    def find_class(self, module: str, name: str) -> NoReturn:
        raise pickle.UnpicklingError(f"a message holds no {module}.{name}")

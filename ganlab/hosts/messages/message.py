"""What every message is, and how it becomes bytes and comes back."""

from __future__ import annotations

import io
import pickle
from typing import Any, ClassVar, NoReturn

from pydantic import BaseModel, ConfigDict, ValidationError

VERSION = 7  # of the messages in this folder: another one for every change of theirs


class NotAMessage(ValueError):  # noqa: N818 (what arrived, not an error in the code)
    """What arrived is no message of this version."""


Looks = dict[int, tuple[list[float], list[float]]]
"""By the iterations since its moment, the modes of each of a trial and their shares of good samples."""


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

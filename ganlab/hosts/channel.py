"""Messages through a pipe: written by a thread of their own, so that nobody waits for the other end."""

from __future__ import annotations

import struct
import threading
import time
from collections import deque
from collections.abc import Callable
from typing import IO

from ganlab.hosts.messages import Message, decode, encode

HEADER = struct.Struct("<Q")  # the length of a message in bytes
BEAT_SECONDS = 1.0  # between two heartbeats

Late = Callable[[], Message]  # a message that is only made when it is sent


class Outbox:
    """Messages on their way into a pipe, in order; any thread puts them in."""

    def __init__(self, pipe: IO[bytes], beat: Callable[[], Message] | None = None) -> None:
        """`beat` makes a heartbeat, which is sent every second."""
        self._pipe, self._beat = pipe, beat
        self._waiting: deque[Message | Late] = deque()
        self._news = threading.Condition()
        self._closing = False
        self._beaten = time.monotonic()
        self._thread = threading.Thread(target=self._send, name="ganlab-outbox", daemon=True)

    def begin(self) -> None:
        """Begin to send."""
        self._thread.start()

    def __len__(self) -> int:
        return len(self._waiting)

    def put(self, message: Message | Late) -> None:
        """Send this after all that was put in before it."""
        with self._news:
            self._waiting.append(message)
            self._news.notify()

    def close(self) -> None:
        """Send what waits, then close the pipe."""
        with self._news:
            self._closing = True
            self._news.notify()
        if self._thread.ident is not None:
            self._thread.join()

    def _send(self) -> None:
        try:
            while (message := self._next()) is not None:
                write_encoded(self._pipe, encode(message))
            self._pipe.close()
        except (OSError, ValueError):  # the other end is gone: whoever reads from it sees that, too
            return

    def _next(self) -> Message | None:
        """The next message to send; None when there will be no more."""
        while True:
            with self._news:
                if self._beat is not None and time.monotonic() - self._beaten >= BEAT_SECONDS:
                    self._beaten = time.monotonic()
                    return self._beat()
                if self._waiting:
                    message = self._waiting.popleft()
                    break
                if self._closing:
                    return None
                self._news.wait(BEAT_SECONDS if self._beat is not None else None)
        return message if isinstance(message, Message) else message()


def read(pipe: IO[bytes]) -> Message | None:
    """The next message in a pipe; None when the other end is closed.

    Raises:
        NotAMessage: what comes is none.
    """
    data = read_encoded(pipe)
    return None if data is None else decode(data)


def read_encoded(pipe: IO[bytes]) -> bytes | None:
    """The next message in a pipe as the bytes that it was encoded to; None when the other end is closed."""
    header = pipe.read(HEADER.size)
    if len(header) < HEADER.size:
        return None
    length = HEADER.unpack(header)[0]
    data = pipe.read(length)
    return data if len(data) == length else None


def write_encoded(pipe: IO[bytes], data: bytes) -> None:
    """Write the bytes of a message to a pipe.

    Raises:
        OSError, ValueError: the other end is closed.
    """
    pipe.write(HEADER.pack(len(data)) + data)
    pipe.flush()

"""A worker as the server sees it, wherever it is: written to, listened to, and found out when it ends."""

from __future__ import annotations

import logging
import time
from abc import ABC, abstractmethod
from collections.abc import Callable

from ganlab.hosts import messages as m

logger = logging.getLogger(__name__)

KINDNESS = 10  # of workers towards the server: pages come first
END_SECONDS = 20.0  # that a worker may take to hand over what is still to be saved
LONGEST_TICK = 1.0  # seconds of silence that one look counts at most: the server itself may have been stopped meanwhile

Received = Callable[["WorkerHandle", m.Message], None]
Ended = Callable[["WorkerHandle"], None]


class WorkerHandle(ABC):
    """A worker that trains runs; see `ganlab.hosts.worker`.

    Attributes:
        number: of the worker, for people.
        is_ready: whether it has imported all that it needs.
        silence: seconds since it was last heard of; working: seconds for which it has been at one piece of work.
        pid: its process's id; None before it is started.
        announced: the id of the run under suspicion at which it is at work.
        at_work_on: once it has ended, the id of the run that it was at work on.
        status: once it has ended, how: see `subprocess.Popen.returncode`; None where nobody knows.
        is_riddle: whether it has ended where nobody could see at which run it was at work.
    """

    def __init__(self, number: int, received: Received, ended: Ended) -> None:
        """Both functions are called on another thread.

        Args:
            received: with each message that comes from it, and with this worker.
            ended: with this worker, when it has ended and all its messages were received.
        """
        self.number = number
        self.is_ready = False
        self.silence = self.working = 0.0
        self.pid: int | None = None
        self.at_work_on: str | None = None
        self.announced: str | None = None
        self.status: int | None = None
        self.is_riddle = False
        self._received, self._ended = received, ended
        self._looked_at = time.monotonic()

    @property
    def has_a_place(self) -> bool:
        """Whether there is a processor for it, as far as one knows."""
        return True

    def look(self) -> None:
        """Count the silence since the last look."""
        now = time.monotonic()
        self.silence += min(now - self._looked_at, LONGEST_TICK)
        self._looked_at = now

    @abstractmethod
    def put(self, message: m.Message) -> None:
        """Send it a message. Returns at once, from any thread."""

    @abstractmethod
    def kill(self) -> None:
        """End it at once."""

    @abstractmethod
    def close(self) -> None:
        """Let it hand over what is still to be saved, and end; one that is not ready yet has nothing."""

    @abstractmethod
    def join(self) -> None:
        """Wait until it has ended; if it takes too long, end it."""

    def _hear(self, message: m.Message) -> None:
        """Pass on what it says."""
        self.silence = 0.0
        if isinstance(message, m.Heartbeat):
            self.working = message.working
            return
        if isinstance(message, m.WorkOn):
            self.announced = message.run
            if message.run is not None:
                self.put(m.GoAhead())
            return
        self.is_ready |= isinstance(message, m.Ready)
        try:
            self._received(self, message)
        except Exception:
            logger.exception("A message of worker %d could not be used", self.number)

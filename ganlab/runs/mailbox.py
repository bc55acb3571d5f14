"""Commands on their way to the thread that trains."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

Command = Callable[[], None]


class Mailbox:
    """Commands in order, each put in by any thread and taken out by one; the answers they owe are never left open."""

    def __init__(self) -> None:
        self._lock = threading.RLock()  # a signal's handler may put while its own thread takes
        self._waiting: deque[tuple[Command, Future[Any] | None]] = deque()
        self._closed = False

    def __bool__(self) -> bool:
        return bool(self._waiting)

    def put(self, command: Command, answer: Future[Any] | None = None) -> None:
        """Add a command, and the answer that it will give if it gives one."""
        with self._lock:
            if not self._closed:
                self._waiting.append((command, answer))
                return
        if answer is not None:
            answer.cancel()

    def take(self) -> Command | None:
        """The oldest command, or None."""
        with self._lock:
            return self._waiting.popleft()[0] if self._waiting else None

    def clear(self) -> None:
        """Drop what waits; its answers are cancelled."""
        with self._lock:
            dropped, self._waiting = self._waiting, deque()
        for _, answer in dropped:
            if answer is not None:
                answer.cancel()

    def close(self) -> None:
        """Drop what waits and all that is still to come."""
        with self._lock:
            self._closed = True
        self.clear()

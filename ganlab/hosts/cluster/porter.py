"""The actor of a worker: it starts one as a process beside it, and carries messages in and out.

The worker is not in the actor's own process: so the actor outlives it, and knows at which run it was at work.
"""

from __future__ import annotations

import os
import platform
import threading
import time
from importlib.metadata import version
from queue import Empty, Queue
from typing import NamedTuple

import ray

from ganlab import __version__
from ganlab.hosts.black_box import read_black_box
from ganlab.hosts.channel import read_encoded, write_encoded
from ganlab.hosts.worker_process import new_box, start_worker

MOST_WAITING = 64  # messages that nobody has carried away; with more, the worker waits
GATHER_SECONDS = 0.02  # that a message waits for others: each trip costs Ray a millisecond or two of a processor's time


class Software(NamedTuple):
    """What decides whether a worker understands the server, and comes to the same bits."""

    ganlab: str
    torch: str
    python: str


def software() -> Software:
    """What is installed here."""
    return Software(__version__, version("torch"), platform.python_version())


class Porter:
    """A worker's process, and the messages to and from it as bytes.

    Orders come one after another; `read`, which waits, is in a concurrency group of its own.
    """

    def __init__(self, *, shared: bool) -> None:
        self._box = new_box()
        self._process = start_worker(self._box, shared=shared)
        self._waiting: Queue[bytes | None] = Queue(MOST_WAITING)
        threading.Thread(target=self._listen, name="ganlab-porter", daemon=True).start()

    def about(self) -> tuple[Software, int, int]:
        """What is installed here, the id of the worker's process and that of the actor's."""
        return software(), self._process.pid, os.getpid()

    def write(self, message: bytes) -> None:
        """Pass a message on to the worker; in vain if it has ended."""
        assert self._process.stdin is not None
        try:
            write_encoded(self._process.stdin, message)
        except (OSError, ValueError):
            return

    @ray.method(concurrency_group="reading")  # type: ignore[untyped-decorator]
    def read(self) -> list[bytes]:
        """What the worker says next, soon after it says something; nothing once it has ended."""
        first = self._waiting.get()
        if first is None:
            return []
        time.sleep(GATHER_SECONDS)
        messages = [first]
        try:
            while (message := self._waiting.get_nowait()) is not None:
                messages.append(message)
            self._waiting.put(None)
        except Empty:
            pass
        return messages

    def ended(self) -> tuple[int, str | None]:
        """How the worker has ended, and at work on which run."""
        status = self._process.wait()
        at_work_on = read_black_box(self._box) if self._box.exists() else None
        self._box.unlink(missing_ok=True)
        return status, at_work_on

    def _listen(self) -> None:
        assert self._process.stdout is not None
        while (message := read_encoded(self._process.stdout)) is not None:
            self._waiting.put(message)
        self._process.kill()
        self._waiting.put(None)

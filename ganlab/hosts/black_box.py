"""Which run a worker is at work on, written where the worker's death leaves it to be read."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

LENGTH = 32  # bytes of a run's id
NOTHING = bytes(LENGTH)


class BlackBox:
    """A small file that names the run at work. Writing to it takes microseconds: the operating system keeps it."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("r+b", buffering=0)
        self._since: float | None = None

    @property
    def working(self) -> float:
        """For how many seconds it has been at one piece of work; 0 if it is at none. From any thread."""
        since = self._since
        return 0.0 if since is None else time.monotonic() - since

    @contextmanager
    def at_work_on(self, run_id: str) -> Iterator[None]:
        """The training thread works on this run until the end of the block."""
        self._write(run_id.encode()[:LENGTH])
        self._since = time.monotonic()
        try:
            yield
        finally:
            self._since = None
            self._write(NOTHING)

    def _write(self, content: bytes) -> None:
        self._file.seek(0)
        self._file.write(content)


def read_black_box(path: Path) -> str | None:
    """The run that a worker was at work on when it ended; None if it was at none."""
    content = path.read_bytes()[:LENGTH].strip(b"\0")
    return content.decode() or None

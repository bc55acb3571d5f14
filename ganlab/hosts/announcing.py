"""What a worker says beforehand of runs under suspicion: a machine that is lost takes the black box with it."""

from __future__ import annotations

import threading
from collections.abc import Callable

from ganlab.hosts import messages as m

PATIENCE = 10.0  # seconds that work waits, at most, until the server has heard


class Announcer:
    """Tells the server at which run under suspicion the worker is at work. Only the training thread announces."""

    def __init__(self, put: Callable[[m.Message], None]) -> None:
        self._put = put
        self._said: str | None = None
        self._heard = threading.Event()

    def begin(self, run_id: str | None) -> None:
        """The work that begins now is on this run under suspicion; None: on another one, or there is none.

        The first returns once the server knows.
        """
        if run_id == self._said:
            return
        self._said = run_id
        self._heard.clear()
        self._put(m.WorkOn(run=run_id))
        if run_id is not None:
            self._heard.wait(PATIENCE)

    def heard(self) -> None:
        """The server knows what was said last. From any thread."""
        self._heard.set()

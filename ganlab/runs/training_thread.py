"""The one background thread on which all jobs of a process take turns.

One thread, not one a run: sixteen threads that train share one interpreter lock, and a page that
needs it for a millisecond waits seconds (benchmarks, `lab.eight_runs.click_s`).
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

logger = logging.getLogger(__name__)


class TrainingThread:
    """Goes round as long as there is something to do, and rests until it is woken."""

    def __init__(self, go_round: Callable[[], float | None], at_end: Callable[[], None]) -> None:
        """The two functions are called on the thread.

        Args:
            go_round: does a little of all that there is to do; returns for how many seconds there is no more, or None
                until something wakes it.
            at_end: puts away what is there.
        """
        self._go_round, self._at_end = go_round, at_end
        self._work = threading.Event()
        self._closing = False
        self._thread: threading.Thread | None = None

    def begin(self) -> None:
        """Begin to go round, unless it has begun."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._loop, name="ganlab-training", daemon=True)
            self._thread.start()

    def wake(self) -> None:
        """There is something new to do. From any thread."""
        self._work.set()

    def close(self) -> None:
        """End it, after the step that it is in."""
        self._closing = True
        self._work.set()
        if self._thread is not None:
            self._thread.join()

    def _loop(self) -> None:
        while True:
            self._work.clear()
            if self._closing:  # after the clear, or a `close` in between would not be seen
                self._at_end()
                return
            try:
                rest = self._go_round()
            except Exception:
                # Each job catches its own errors; one of ours must not end the training of all.
                logger.exception("A round of the training thread failed")
                rest = None
            if rest != 0:
                self._work.wait(rest)

"""How far a training in a terminal is."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TextIO


class Bar:
    """A line that is redrawn on a terminal; elsewhere (a log file) a new line every tenth of the way."""

    def __init__(self, steps: int, file: TextIO) -> None:
        self._steps = steps
        self._file = file
        self._redraws = file.isatty()
        self._begun = time.monotonic()
        self._shown = 0  # tenths, or seconds, at which the line was last drawn

    def show(self, done: int, rate: float, facts: Callable[[], str]) -> None:
        """Draw the line, if it is time to: with the iterations done, how many a second, and what else is to be told."""
        moment = int((time.monotonic() - self._begun) * 5) if self._redraws else 10 * done // self._steps
        if moment == self._shown and (done < self._steps or not self._redraws):
            return
        self._shown = moment
        filled = 24 * done // self._steps
        left = f"{(self._steps - done) / rate:.0f} s left" if rate else ""
        bar = "█" * filled + "░" * (24 - filled)
        line = f"{bar} {done:,}/{self._steps:,}  {rate:.0f} iterations/s  {facts()}  {left}"
        self._file.write(f"\r\x1b[K{line}" if self._redraws else line.rstrip() + "\n")
        self._file.flush()

    def close(self) -> None:
        """End the line."""
        if self._redraws:
            self._file.write("\n")

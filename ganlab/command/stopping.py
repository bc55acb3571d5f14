"""Ctrl-C, and the signals with which terminals and batch systems end a program, as a request to stop soon."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

NAMES = ("SIGINT", "SIGTERM", "SIGHUP")  # the last is unknown to Windows


@contextmanager
def stopping(stop: Callable[[], None]) -> Iterator[None]:
    """Call `stop` when the program is told to end for the first time. The second time, end it.

    Only the main thread may use this.
    """
    signals = [getattr(signal, name) for name in NAMES if hasattr(signal, name)]
    before = {each: signal.getsignal(each) for each in signals}

    def restore() -> None:
        for each, handler in before.items():
            signal.signal(each, handler)

    def told(_number: int, _frame: FrameType | None) -> None:
        restore()
        stop()

    for each in signals:
        signal.signal(each, told)
    try:
        yield
    finally:
        restore()

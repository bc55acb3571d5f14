"""What trains in a server rests for five sixths of the time: a core that trains is one that no browser gets."""

from __future__ import annotations

import time
from collections.abc import Callable

from ganlab.runs import lab
from ganlab.runs.training_thread import TrainingThread


class UnhurriedThread(TrainingThread):
    def __init__(self, go_round: Callable[[], float | None], at_end: Callable[[], None]) -> None:
        def go_round_and_rest() -> float | None:
            began = time.thread_time()
            wait = go_round()
            time.sleep(5 * (time.thread_time() - began))
            return wait

        super().__init__(go_round_and_rest, at_end)


lab.TrainingThread = UnhurriedThread

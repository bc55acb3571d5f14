"""The steps that runs have recorded last, as they were answered: an address opens the same step again."""

from __future__ import annotations

from collections import OrderedDict
from typing import Any

MOST = 32  # runs; each answer is at most 60 kB


class RecordedSteps:
    """The newest recorded step of each of the last few runs. A run that was reset has none."""

    def __init__(self) -> None:
        self._frames: OrderedDict[tuple[str, int], bytes] = OrderedDict()

    def keep(self, run: Any, frame: bytes) -> None:
        """Keep the answer in the place of the run's last one."""
        self._frames[run.id, run.build] = frame
        self._frames.move_to_end((run.id, run.build))
        while len(self._frames) > MOST:
            self._frames.popitem(last=False)

    def of(self, run: Any) -> bytes | None:
        """The newest answer of this run since its last reset; None where there is none."""
        return self._frames.get((run.id, run.build))

"""Does what is slow the first time, before anybody waits for it."""

from __future__ import annotations

from ganlab.experiment import Experiment
from ganlab.live.frames import encode
from ganlab.live.wire import lighten
from ganlab.runs.engine import Engine
from ganlab.views import all_names

STEPS = 3


def warm_up(experiment: Experiment) -> bytes:
    """Train a few steps, compute every view once, and return the frame. Nobody is sent it.

    The first use of many of torch's operations, and of its optimisers, takes a second or more in each process.
    """
    engine = Engine(experiment)
    for _ in range(STEPS):
        engine.step()
    engine.settle()
    return encode(lighten({"views": engine.probes.answer(all_names())}))

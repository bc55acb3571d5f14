"""Where a run begins: with untrained networks, as it was stored, where another run was, or trained beforehand.

Each of these readies an engine that was just built, and returns the record of the run at that moment; the training
thread calls it, when the run is first needed.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import CancelledError, Future
from dataclasses import replace

from ganlab.experiment.sentence import Sentence
from ganlab.runs import record
from ganlab.runs.checkpoint import Checkpoint
from ganlab.runs.engine import Engine
from ganlab.runs.fork import Origin
from ganlab.runs.record import RunRecord
from ganlab.runs.state import MOVED, Intervention
from ganlab.runs.trouble import Trouble

GONE = "This run should go on from another run, but that run was reset, failed or was closed first."
RESET_IT = "Reset it to start from untrained networks."
HAS_MOVED = (
    "This run was trained on another kind of device. It goes on from where it was, but with new random numbers, so "
    "its results will differ from those on the other device."
)

Start = Callable[[Engine], RunRecord]


def untrained(engine: Engine) -> RunRecord:
    """Begin with untrained networks, at iteration 0."""
    return record.untrained(engine.trainer.experiment)


def as_stored(read: Callable[[], RunRecord]) -> Start:
    """Go on from where the run was when it was stored. `read` reads its record."""

    def start(engine: Engine) -> RunRecord:
        stored = read()
        same = stored.checkpoint is None or engine.take_back(stored.checkpoint)
        if same:
            return replace(stored, message=None)
        moved = Intervention(stored.iteration, MOVED)
        return replace(stored, message=Sentence(HAS_MOVED), interventions=(*stored.interventions, moved))

    return start


def going_on(parent: str, checkpoint: Future[Checkpoint], obey: Callable[[], object], wall: bool = False) -> Start:
    """Where the run, or the `wall`, `parent` was, as far as its networks fit; `obey` sees to the checkpoint."""

    def start(engine: Engine) -> RunRecord:
        obey()  # by the one thread that owns both
        try:
            begun = checkpoint.result(timeout=0)
        except CancelledError:
            raise Trouble(Sentence(GONE), Sentence(RESET_IT)) from None
        origin = Origin.of(parent, begun, engine.go_on_from(begun), engine.trainer.experiment)
        return replace(untrained(engine), origin=replace(origin, wall=wall))

    return start


def trained_beforehand(checkpoint: Checkpoint) -> Start:
    """Where a run was that was trained before GanLab was installed, and whose checkpoint came with it."""

    def start(engine: Engine) -> RunRecord:
        return replace(untrained(engine), origin=Origin.of_shipped(checkpoint, engine.go_on_from(checkpoint)))

    return start

"""Where a run begins: with untrained networks, as it was stored, or where another run was.

Each of these readies an engine that was just built; the training thread calls it, when the run is first needed.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import CancelledError, Future
from dataclasses import dataclass

from ganlab.experiment import Experiment
from ganlab.runs.engine import Engine
from ganlab.runs.fork import Frozen, Origin
from ganlab.runs.keeping.kept import Entry
from ganlab.runs.state import Intervention
from ganlab.runs.trouble import Trouble

Load = Callable[[tuple[str, ...]], tuple[Frozen, Origin | None]]

GONE = "The run that this one was to go on from was reset, failed or was put away first."


@dataclass(frozen=True)
class Start:
    """A run's settings when it began, what was done to it since, and what it went on from if it is a fork."""

    experiment: Experiment
    interventions: list[Intervention]
    origin: Origin | None = None


Thaw = Callable[[Engine], Start]


def untrained(engine: Engine) -> Start:
    """At iteration 0."""
    return Start(engine.trainer.experiment, [])


def as_stored(entry: Entry, load: Load) -> Thaw:
    """Where it was when it was stored; `load` reads that, histories in the order of the scalars that it is given."""

    def thaw(engine: Engine) -> Start:
        frozen, origin = load(engine.history.scalars)
        engine.take_back(frozen)
        return Start(entry.initial_experiment, list(entry.interventions), origin)

    return thaw


def going_on(parent: str, frozen: Future[Frozen], obey: Callable[[], object]) -> Thaw:
    """Where the run with the id `parent` was, as far as its networks fit; `obey` sees to it that `frozen` is there."""

    def thaw(engine: Engine) -> Start:
        obey()  # by the one thread that owns both
        try:
            start = frozen.result(timeout=0)
        except CancelledError:
            raise Trouble(GONE, "Reset it to start from untrained networks.") from None
        return Start(engine.trainer.experiment, [], Origin(parent, start, engine.go_on_from(start)))

    return thaw

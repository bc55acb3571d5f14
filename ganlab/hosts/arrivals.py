"""How a run comes to a worker: the message that it begins with, made when it is first needed."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import CancelledError, Future
from dataclasses import replace
from typing import Any

from ganlab.experiment import Experiment
from ganlab.experiment.sentence import Sentence
from ganlab.hosts import messages as m
from ganlab.hosts.packing import pack, pack_with_history
from ganlab.runs.checkpoint import Checkpoint
from ganlab.runs.keeping.stored_run import values_of
from ganlab.runs.record import RunRecord
from ganlab.runs.start import GONE, RESET_IT
from ganlab.runs.state import State
from ganlab.runs.sweeps.plan import Axis, Plan
from ganlab.runs.trouble import Trouble

PARENT_LOST = "This run should go on from another run, but the process that trained that one ended first."
COPY_AGAIN = "Make the copy again, or reset this run to start from untrained networks."

Arrival = Callable[[str, int], tuple[m.Arriving, Checkpoint | None]]
"""Makes the message for the run of an id and a build. Returns the checkpoint that a fork goes on from, too.

Raises:
    Trouble, ExperimentError: the run can't be had.
"""


def untrained(experiment: Experiment) -> Arrival:
    """With untrained networks."""

    def arrive(run: str, build: int) -> tuple[m.Begin, None]:
        return m.Begin(run=run, build=build, number=0, experiment=experiment.model_dump()), None

    return arrive


def wall(plan: Plan) -> Arrival:
    """With the untrained members of a wall."""

    def plain(axis: Axis) -> tuple[str, list[Any]]:
        return axis.field, list(axis.values)

    def arrive(run: str, build: int) -> tuple[m.BeginWall, None]:
        rows, base = None if plan.rows is None else plain(plan.rows), plan.base.model_dump()
        return m.BeginWall(
            run=run, build=build, number=0, experiment=base, columns=plain(plan.columns), rows=rows
        ), None

    return arrive


def going_on(experiment: Experiment, parent: str | None, checkpoint: Future[Checkpoint], *, wall: bool) -> Arrival:
    """From where another run, or a wall, was; to be called once the checkpoint is there.

    Without a parent, the checkpoint came with GanLab.
    """

    def arrive(run: str, build: int) -> tuple[m.GoOn, Checkpoint]:
        begun = _in_time(checkpoint)
        message = m.GoOn(
            run=run,
            build=build,
            number=0,
            experiment=experiment.model_dump(),
            parent=parent,
            checkpoint=pack_with_history(begun),
            wall=wall,
        )
        return message, begun

    return arrive


def trying(experiment: Experiment, parent: str, checkpoint: Future[Checkpoint]) -> Arrival:
    """As a part of a trial, from where another run was; to be called once the checkpoint is there."""

    def arrive(run: str, build: int) -> tuple[m.Try, Checkpoint]:
        begun, settings = _in_time(checkpoint), experiment.model_dump()
        packed = pack_with_history(begun)
        return m.Try(run=run, build=build, number=0, experiment=settings, parent=parent, checkpoint=packed), begun

    return arrive


def _in_time(checkpoint: Future[Checkpoint]) -> Checkpoint:
    """The checkpoint that a run is to go on from.

    Raises:
        Trouble: the run that it is of was lost first.
    """
    try:
        return checkpoint.result(timeout=0)
    except CancelledError:
        raise Trouble(Sentence(GONE), Sentence(RESET_IT)) from None
    except Trouble:
        raise Trouble(Sentence(PARENT_LOST), Sentence(COPY_AGAIN)) from None


def as_stored(read: Callable[[], RunRecord], state: State, message: str | None) -> Arrival:
    """As it was stored, in this state and with this message."""

    def arrive(run: str, build: int) -> tuple[m.Restore, Checkpoint | None]:
        record = read()
        begun = None if record.origin is None else record.origin.checkpoint
        restored = m.Restore(
            run=run,
            build=build,
            number=0,
            record=values_of(replace(record, id=run, state=state, message=message)),
            checkpoint=None if record.checkpoint is None else pack_with_history(record.checkpoint),
            begun=None if begun is None else pack(begun),
            is_stored=True,
        )
        return restored, begun

    return arrive

"""A run, a trial and a wall in a worker, and how they are made of the message with which they come."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import replace

from ganlab.experiment import Experiment
from ganlab.hosts import messages as m
from ganlab.hosts.announcing import Announcer
from ganlab.hosts.black_box import BlackBox
from ganlab.hosts.packing import unpack, unpack_with_history
from ganlab.runs.audience import Audience
from ganlab.runs.checkpoint import Checkpoint
from ganlab.runs.keeping.stored_run import record_of
from ganlab.runs.record import RunRecord
from ganlab.runs.run import Run
from ganlab.runs.state import State
from ganlab.runs.sweeps.plan import Axis, Plan
from ganlab.runs.sweeps.sweep import Sweep
from ganlab.runs.training_job import TrainingJob
from ganlab.runs.trials.trial_run import TrialMoment, TrialRun

FIRST_UNTIL = 8  # iterations that a part of a wall may train before it hears of the others


class WorkerJob(TrainingJob):
    """What a worker trains.

    Attributes:
        box: says which job the worker is at work on; announcer: says it beforehand of those that are suspected.
        suspected: whether some worker may have ended because of it.
        heard: the number of the last command that it was given.
    """

    box: BlackBox
    announcer: Announcer
    suspected = False
    heard = 0

    @contextmanager
    def _guarded(self) -> Iterator[None]:
        self.announcer.begin(self.id if self.suspected else None)
        with self.box.at_work_on(self.id), super()._guarded():
            yield


class WorkerRun(WorkerJob, Run):
    """A run in a worker.

    Attributes:
        built_as: the build that its networks are of: a reset has not been carried out yet where `build` is another one.
    """

    built_as = 0

    def _rebuild(self) -> None:
        build = self.build
        super()._rebuild()
        self.built_as = build


class WorkerTrial(WorkerRun, TrialRun):
    """A run of a trial in a worker."""


class WorkerWall(WorkerJob, Sweep):
    """A wall in a worker, or a part of one, which keeps pace with the other parts.

    Attributes:
        until: the iteration beyond which a part may not train yet. It rests only there, where all others rest, too.
    """

    until = FIRST_UNTIL
    _resting = False  # as soon as it is level with the others

    @property
    def waits(self) -> bool:
        return self.parts > 1 and self.iteration >= self.until and not self._resting

    def play(self) -> None:
        self._resting = False
        super().play()

    def pause(self, because: str | None = None) -> None:
        if self.parts == 1 or self.waits or self.state is not State.RUNNING:
            super().pause(because)
        else:
            self._resting = True

    def hold(self, because: str) -> None:
        if self.state is State.RUNNING:
            self.pause(because)
        else:
            super().hold(because)

    def _hold_if_due(self) -> bool:
        if super()._hold_if_due():
            return True
        if self._resting and self.iteration >= self.until:
            self._hold(State.PAUSED, "")
            return True
        return self.waits


def job_of(message: m.Arriving, audience: Audience) -> WorkerRun | WorkerWall:
    """The run or the wall of a message with which one comes to a worker.

    Raises:
        ExperimentError, ValueError: it can't be made here.
    """
    if not isinstance(message, m.BeginWall):
        return _run_of(message, audience)
    columns, rows = (each and Axis(each[0], tuple(each[1])) for each in (message.columns, message.rows))
    assert columns is not None
    plan = Plan(Experiment.of(**message.experiment), columns, rows)
    return WorkerWall(plan, audience, message.part, message.parts)


def _run_of(message: m.Begin | m.GoOn | m.Try | m.Restore, audience: Audience) -> WorkerRun:
    match message:
        case m.Begin():
            return WorkerRun(Experiment.of(**message.experiment), audience)
        case m.GoOn():
            begun = _there(message.checkpoint)
            if message.parent is None:
                made = WorkerRun.trained(begun.result(), audience)
            else:
                experiment = Experiment.of(**message.experiment)
                made = WorkerRun.from_checkpoint(
                    experiment, message.parent, begun, lambda: None, audience, wall=message.wall
                )
        case m.Try():
            tried = WorkerTrial(Experiment.of(**message.experiment), audience)
            tried.go_on_at(TrialMoment(message.parent, _there(message.checkpoint)))
            return tried
        case m.Restore():
            record = _whole(message)
            made = WorkerRun.restored(replace(record, checkpoint=None), lambda: record, audience)
    assert isinstance(made, WorkerRun)
    return made


def _there(checkpoint: bytes) -> Future[Checkpoint]:
    """A checkpoint that has come with a message."""
    there: Future[Checkpoint] = Future()
    there.set_result(unpack_with_history(checkpoint))
    return there


def _whole(message: m.Restore) -> RunRecord:
    """The record in a message, with its checkpoints."""
    record = record_of(message.record)
    origin = record.origin
    if origin is not None and message.begun is not None:
        origin = replace(origin, checkpoint=unpack(message.begun))
    checkpoint = None if message.checkpoint is None else unpack_with_history(message.checkpoint)
    return replace(record, origin=origin, checkpoint=checkpoint)

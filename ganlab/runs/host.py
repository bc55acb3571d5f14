"""Where runs train: on the Lab's own thread, or elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from typing import Protocol

from ganlab.experiment import Experiment
from ganlab.runs.audience import Audience
from ganlab.runs.checkpoint import Checkpoint
from ganlab.runs.gate import Gate
from ganlab.runs.record import RunRecord
from ganlab.runs.run import Run
from ganlab.runs.sweeps.plan import Plan
from ganlab.runs.sweeps.sweep import Sweep
from ganlab.runs.trials.trial_run import TrialMoment, TrialRun


class Host(Protocol):
    """Makes the runs of a Lab. What it makes is all that pages may touch, wherever the networks are.

    Any thread may call it, and its methods return at once. Each may raise an ExperimentError: this machine has no such
    device.
    """

    @property
    def trouble(self) -> str | None:
        """Why no run can be trained at present, as a sentence for a page; None if runs can be."""
        ...

    @property
    def places(self) -> int:
        """How many threads or processes train."""
        ...

    def begin(self, experiment: Experiment) -> Run:
        """A run with untrained networks, in state "ready"."""
        ...

    def begin_wall(self, plan: Plan) -> Sweep:
        """A wall of untrained members, in state "ready"."""
        ...

    def go_on(
        self,
        experiment: Experiment,
        parent: str,
        checkpoint: Future[Checkpoint],
        obey: Callable[[], object],
        *,
        wall: bool = False,
    ) -> Run:
        """A paused run that goes on from a checkpoint of another one: see `Run.from_checkpoint`."""
        ...

    def try_from(self, moment: TrialMoment, experiment: Experiment, twin: TrialRun | None = None) -> TrialRun:
        """A paused run that goes on from this moment, and is compared with this twin: see `TrialRun`."""
        ...

    def restore(self, record: RunRecord, read: Callable[[], RunRecord]) -> Run:
        """A run as it was stored: see `Run.restored`."""
        ...

    def go_on_trained(self, checkpoint: Checkpoint) -> Run:
        """A paused run that goes on from a checkpoint that came with GanLab: see `Run.trained`."""
        ...

    def set_gate(self, gate: Gate) -> None:
        """Let only some runs get turns, or all of them, from now on."""
        ...

    def close(self) -> None:
        """Hand over all that is still to be saved, and end what trains elsewhere."""
        ...


class OwnThread:
    """The Lab's own thread: a run is itself what pages touch."""

    trouble, places = None, 1

    def __init__(self, audience: Audience) -> None:
        self._audience = audience

    def begin(self, experiment: Experiment) -> Run:
        """See `Host`; so for all others."""
        return Run(experiment, self._audience)

    def begin_wall(self, plan: Plan) -> Sweep:
        return Sweep(plan, self._audience)

    def go_on(
        self,
        experiment: Experiment,
        parent: str,
        checkpoint: Future[Checkpoint],
        obey: Callable[[], object],
        *,
        wall: bool = False,
    ) -> Run:
        return Run.from_checkpoint(experiment, parent, checkpoint, obey, self._audience, wall=wall)

    def try_from(self, moment: TrialMoment, experiment: Experiment, twin: TrialRun | None = None) -> TrialRun:
        run = TrialRun(experiment, self._audience)
        run.go_on_at(moment, twin)
        return run

    def restore(self, record: RunRecord, read: Callable[[], RunRecord]) -> Run:
        return Run.restored(record, read, self._audience)

    def go_on_trained(self, checkpoint: Checkpoint) -> Run:
        return Run.trained(checkpoint, self._audience)

    def set_gate(self, gate: Gate) -> None:
        pass  # the Lab's own turns have it

    def close(self) -> None:
        pass

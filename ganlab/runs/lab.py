"""The process's Runs and Sweeps: made, found by their ids, trained in fair turns, and put away."""

from __future__ import annotations

import math
import threading
import time
from collections import deque
from concurrent.futures import Future
from dataclasses import replace
from types import TracebackType
from typing import Any, Self, TypeVar

from ganlab.experiment import Experiment, ExperimentError
from ganlab.runs.audience import Audience, Nobody
from ganlab.runs.checkpoint import Checkpoint
from ganlab.runs.gate import Gate
from ganlab.runs.host import Host, OwnThread
from ganlab.runs.keeping.keeper import Keeper
from ganlab.runs.pace import ShowingBudget
from ganlab.runs.policy import MOST_RUNNING, MOST_RUNS, NoPolicy, Policy
from ganlab.runs.record import RunRecord
from ganlab.runs.run import Run
from ganlab.runs.state import State
from ganlab.runs.sweeps.plan import Plan
from ganlab.runs.sweeps.sweep import Sweep
from ganlab.runs.trained.starts import trained_start
from ganlab.runs.training_job import TrainingJob
from ganlab.runs.training_thread import TrainingThread
from ganlab.runs.trials.trial_run import PAIRS, TrialMoment, TrialRun
from ganlab.runs.turns import SMALLER, TURN_SECONDS, Turns
from ganlab.training.cost import in_words, seconds_of_a_step

ABANDONED_SECONDS = 90.0  # a running run whose tabs have all been closed for so long is put to sleep
LONGEST_STEP = 2.0  # seconds that an iteration may take on a server that others use too
MOST_SWEEPS = 8  # likewise
LOOK_SECONDS = 1.0  # between two looks at runs that train elsewhere, and at whether somebody looks at those held

Turned = TypeVar("Turned", bound=TrainingJob)


class LabFull(RuntimeError):  # noqa: N818 (a state of affairs, not an error in the code)
    """No room for another run; the message says what to do."""


class Lab:
    """Creates Runs, finds them by their id, and trains them in fair turns; with a keeper, they outlive it."""

    def __init__(
        self,
        audience: Audience | None = None,
        abandoned_seconds: float = ABANDONED_SECONDS,
        keeper: Keeper | None = None,
        shared: bool = False,
        host: Host | None = None,
        policy: Policy | None = None,
    ) -> None:
        """
        Args:
            policy: who shares the Lab and what each may do; without one, everybody may do everything.
            shared: people who don't know of each other use it, so nobody may hold up the others.
            host: where all of it trains; without one, on the Lab's own thread.
        """
        self._audience = audience or Nobody()
        self._host = host or OwnThread(self._audience)
        self.keeper = keeper
        self._leaving: deque[Run] = deque()
        self._shared = shared
        self._policy = policy or NoPolicy()
        self._showing = ShowingBudget()
        longest_step = LONGEST_STEP if shared else math.inf
        self._turns = Turns(self._audience, abandoned_seconds, longest_step, self._policy, self._most_running)
        self._lock = threading.Lock()
        self._runs: dict[str, Run] = {}
        self._sweeps: dict[str, Sweep] = {}
        self._thread = TrainingThread(self._round, self._put_away)
        if keeper is not None:
            keeper.on_saved(self._keep_within_limits)

    @property
    def trouble(self) -> str | None:
        """Why no run can be trained at present, as a sentence for a page; None if runs can be."""
        return self._host.trouble

    def create(self, experiment: Experiment) -> Run:
        """A new run in state "ready".

        Raises:
            LabFull: every run that is kept is training or being watched.
            ExperimentError: the experiment's device is not there.
        """
        self._allow(experiment)
        return self._take_in(self._host.begin(experiment))

    def fork(self, run: Run, **changes: Any) -> Run:
        """A paused run that goes on from where another one is now, with other settings: see `Run.fork`.

        Raises:
            LabFull: every run that is kept is training or being watched.
            ExperimentError: a value is not allowed.
        """
        self._allow(run.experiment.changed(**changes))
        return self._take_in(run.fork(self._host.go_on, **changes))

    def begin_trial(self, run: Run) -> TrialRun:
        """The untreated twin of all remedies that are tried on a run as it is now: see `TrialRun`.

        Raises:
            LabFull: every run that is kept is training or being watched.
            ExperimentError: others who share this server would have to wait.
        """
        self._allow(run.experiment, times=PAIRS)
        twin = self._host.try_from(TrialMoment(run.id, run.checkpoint(), run.obey), run.experiment)
        self._take_in(twin)
        return twin

    def try_remedy(self, twin: TrialRun, **changes: Any) -> TrialRun:
        """A paused run that goes on from the same moment as this twin, with other settings.

        Raises:
            LabFull: every run that is kept is training or being watched.
            ExperimentError: a value is not allowed.
        """
        experiment = twin.initial_experiment.changed(**changes)
        self._allow(experiment, times=PAIRS)
        run = self._host.try_from(twin.moment, experiment, twin)
        self._take_in(run)
        return run

    def go_on_from(self, experiment: Experiment, checkpoint: Checkpoint) -> Run:
        """A paused run that goes on from a checkpoint that was kept in a file.

        Raises:
            LabFull: every run that is kept is training or being watched.
            ExperimentError: the experiment's device is not there.
        """
        self._allow(experiment)
        read: Future[Checkpoint] = Future()
        read.set_result(checkpoint)
        return self._take_in(self._host.go_on(experiment, "", read, lambda: None))

    def bring_back(self, record: RunRecord) -> Run:
        """A run as it was recorded, at rest.

        Raises:
            LabFull: every run that is kept is training or being watched.
            ExperimentError: this machine does not have its settings.
        """
        return self._take_in(self._host.restore(replace(record, checkpoint=None), lambda: record))

    def open_trained(self, preset: str) -> Run:
        """A paused run of a preset that goes on from the checkpoint that came with GanLab: see `trained_start`.

        Raises:
            LabFull: every run that is kept is training or being watched.
            ExperimentError: there is no such checkpoint, or it is damaged.
        """
        start = trained_start(preset)
        self._policy.permit(Experiment.of(**start.plain["experiment"]), self.runs())
        return self._take_in(self._host.go_on_trained(start))

    def create_sweep(self, plan: Plan, instead_of: str = "") -> Sweep:
        """A new sweep in state "ready", which takes the place of the one with the id `instead_of`, if there is one.

        Raises:
            LabFull: every sweep that is kept is training or being watched.
            ExperimentError: the experiment's device is not there.
        """
        self._allow(plan.base, times=len(plan.experiments), sweep=True)
        for experiment in plan.experiments:
            self._policy.permit(experiment, self.runs(), sweep=True)
        sweep = self._host.begin_wall(plan)
        sweep.on_wake(self._thread.wake)
        with self._lock:
            replaced = self._sweeps.pop(instead_of, None)
            self._make_room_for_a_sweep()
            self._sweeps[sweep.id] = sweep
            self._thread.begin()
        if replaced is not None:
            replaced.retire()
            self._audience.forget(replaced.id)
        sweep.seat = self._policy.claim(sweep.id)
        sweep.refresh()
        return sweep

    def open_member(self, sweep: Sweep, member: int) -> Run:
        """A paused run that goes on from where this member is; from the start, if it broke or has not begun.

        Raises:
            LabFull: every run that is kept is training or being watched.
        """
        experiment = sweep.plan.experiments[member]
        if member in sweep.broken or sweep.iteration == 0:
            return self._take_in(self._host.begin(experiment))
        checkpoint = sweep.checkpoint(member)
        return self._take_in(self._host.go_on(experiment, sweep.id, checkpoint, sweep.obey, wall=True))

    def _allow(self, experiment: Experiment, times: int = 1, *, sweep: bool = False) -> None:
        """Refuse what whoever asks may not have, and what would hold up everybody else for long at each iteration.

        Raises:
            ExperimentError: one of both.
        """
        self._policy.permit(experiment, self.runs(), sweep=sweep)
        if self._shared and (seconds := times * seconds_of_a_step(experiment)) > LONGEST_STEP:
            raise ExperimentError(
                f"One iteration with these settings would take about {in_words(seconds)}, and other people on this "
                f"server would have to wait. The limit here is {LONGEST_STEP:.0f} seconds. {SMALLER}"
            )

    def _take_in(self, run: Run) -> Run:
        run.on_wake(self._thread.wake)
        run.stand_before(lambda: self._turns.gate.lets(run.id))
        run.seat = self._policy.claim(run.id)
        with self._lock:
            if run.id in self._runs:  # two tabs brought it back at once
                return self._runs[run.id]
            self._make_room(run)
            self._runs[run.id] = run
            self._thread.begin()
        run.refresh()
        return run

    def get(self, run_id: str) -> Run | None:
        """The run with this id if it is in memory, or None."""
        with self._lock:
            return self._runs.get(run_id)

    def find(self, run_id: str) -> Run | None:
        """The run with this id, brought back from the store if need be, or None.

        Raises:
            LabFull: see `create`.
            ExperimentError: it was stored with settings that this version or this machine does not have.
        """
        if (run := self.get(run_id)) is not None or self.keeper is None:
            return run
        found = self._called_back(run_id) or self.keeper.restore(run_id, self._host.restore)
        return None if found is None else self._take_in(found)

    def find_best(self, run_id: str) -> Run | None:
        """A new, paused run that goes on from the best weights of a stored one; None if there are none.

        Raises:
            LabFull, ExperimentError: see `find`.
        """
        best = None if self.keeper is None else self.keeper.restore_best(run_id, self._host.restore)
        return None if best is None else self._take_in(best)

    def _called_back(self, run_id: str) -> Run | None:
        """Returns a run that was about to make room, so that it stays."""
        with self._lock:
            run = next((run for run in self._leaving if run.id == run_id), None)
            if run is not None:
                self._leaving.remove(run)
            return run

    def sweep(self, sweep_id: str) -> Sweep | None:
        """The sweep with this id, or None."""
        with self._lock:
            return self._sweeps.get(sweep_id)

    def watchable(self, watched_id: str) -> Run | Sweep | None:
        """The run or the sweep with this id, or None."""
        return self.get(watched_id) or self.sweep(watched_id)

    def runs(self) -> tuple[Run, ...]:
        """All runs, the oldest first."""
        with self._lock:
            return tuple(self._runs.values())

    def remove(self, run_id: str) -> None:
        """Stop a run, or a sweep, and forget it."""
        with self._lock:
            run = self._runs.pop(run_id, None) or self._sweeps.pop(run_id, None)
        if run is not None:
            if self.keeper is not None:
                self.keeper.forget(run_id)
            run.retire()
            self._audience.forget(run_id)

    def in_use(self, run_id: str) -> bool:
        """Whether a run trains, or is open in a tab."""
        run = self.get(run_id)
        return run is not None and (run.state is State.RUNNING or self._audience.present(run_id))

    def refresh(self, run_id: str) -> None:
        """Somebody began to look at a run or a sweep: show it, even while it holds still."""
        if (run := self.watchable(run_id)) is not None:
            run.last_watched = time.monotonic()
            run.refresh()

    def set_gate(self, gate: Gate) -> None:
        """Let only some runs get turns, or all of them, wherever they train."""
        self._turns.gate = gate
        self._host.set_gate(gate)
        self._thread.wake()

    def close(self) -> None:
        """End the training thread, after the step that it is in, and what trains elsewhere."""
        self._thread.close()
        self._host.close()
        if self.keeper is not None:
            self.keeper.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def _most_running(self) -> int:
        return MOST_RUNNING * self._host.places

    def _make_room(self, coming: Run) -> None:
        """Put away a run that no open tab is on: untrained ones first, then those not watched for longest.

        A seat that has as many as it may keep makes room itself.
        """
        most = self._policy.most_kept(coming.seat)
        own = {each.id: each for each in self._runs.values() if each.seat == coming.seat}
        if most is not None and len(own) >= most:
            self._put_aside(self._least_missed(own, "of your runs"))
        if len(self._runs) >= MOST_RUNS + MOST_RUNNING * (self._host.places - 1):
            self._put_aside(self._least_missed(self._runs, "runs"))

    def _put_aside(self, victim: Run) -> None:
        del self._runs[victim.id]
        self._leaving.append(victim)
        self._audience.forget(victim.id)

    def _keep_within_limits(self, saved: str) -> None:
        """A run was saved: take the oldest without a name off the list where its seat has more than it may keep.

        What is in memory stays.
        """
        with self._lock:
            runs = (*self._runs.values(), *self._leaving)
        seat = self._policy.seat_of(saved)
        most = self._policy.most_kept(seat)
        if most is not None and self.keeper is not None:
            here = {each.id for each in runs if each.seat == seat and each.iteration > 0}
            self.keeper.store.trim(self._policy.owned_by(seat) - here, most - len(here))

    def _make_room_for_a_sweep(self) -> None:
        """Make room for another sweep. The one that makes room is lost."""
        if len(self._sweeps) >= MOST_SWEEPS:
            victim = self._least_missed(self._sweeps, "walls")
            del self._sweeps[victim.id]
            victim.retire()
            self._audience.forget(victim.id)

    def _least_missed(self, kept: dict[str, Turned], what: str) -> Turned:
        idle = [
            each for each in kept.values() if each.state is not State.RUNNING and not self._audience.present(each.id)
        ]
        if not idle:
            raise LabFull(
                f"{len(kept)} {what} are open, and all of them are in use. Close or pause one, then try again."
            )
        return min(idle, key=lambda each: (each.iteration > 0, each.last_watched))

    # The training thread

    def _round(self) -> float | None:
        """Obey and show every run and sweep, and give one its turn. Returns for how long there is no more to do.

        However much people ask of runs, half of the time goes into training.
        """
        started = time.perf_counter()
        with self._lock:
            jobs: tuple[TrainingJob, ...] = (*self._runs.values(), *self._sweeps.values())
        busy = False
        self._let_go()
        for job in self._showing.in_order(jobs):
            if job.is_elsewhere:
                continue
            busy |= job.obey(TURN_SECONDS)
            job.show(self._showing)
            if self.keeper is not None and isinstance(job, Run):
                self.keeper.copy_if_due(job)
        if self._turns.give(jobs, time.perf_counter() - started) or busy:
            return 0
        waiting = any(job.is_elsewhere or job.state is State.RUNNING for job in jobs)
        return LOOK_SECONDS if waiting else None

    def _let_go(self) -> None:
        """Save the runs that had to make room, and end them."""
        while (run := self._first_leaving()) is not None:
            if run.is_elsewhere:
                run.save_now()
            elif self.keeper is not None:
                self.keeper.finish([run])
            with self._lock:
                if self._leaving and self._leaving[0] is run:  # else it is wanted again
                    self._leaving.popleft().retire()

    def _first_leaving(self) -> Run | None:
        with self._lock:
            return self._leaving[0] if self._leaving else None

    def _put_away(self) -> None:
        """The Lab closes: save what has changed since it was saved last."""
        self._let_go()
        if self.keeper is not None:
            self.keeper.finish(run for run in self.runs() if not run.is_elsewhere)

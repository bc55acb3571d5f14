"""Runs trained by workers: placed where the fewest are, and brought back when a worker ends."""

from __future__ import annotations

import logging
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import count
from typing import TypeVar

from ganlab.experiment import Experiment, ExperimentError
from ganlab.hosts import messages as m
from ganlab.hosts.arrivals import going_on
from ganlab.hosts.correspondent import Correspondent
from ganlab.hosts.remote_run import RemoteRun
from ganlab.hosts.remote_sweep import RemoteSweep
from ganlab.hosts.remote_trial import RemoteTrial
from ganlab.hosts.worker_handle import WorkerHandle
from ganlab.runs.audience import Audience
from ganlab.runs.checkpoint import Checkpoint
from ganlab.runs.fork import Origin
from ganlab.runs.gate import OPEN, Gate
from ganlab.runs.keeping.draft import Draft
from ganlab.runs.keeping.keeper import Keeper
from ganlab.runs.record import RunRecord
from ganlab.runs.sweeps.plan import Plan
from ganlab.runs.trials.trial_run import TrialMoment, TrialRun
from ganlab.runs.trouble import Trouble

logger = logging.getLogger(__name__)

Job = TypeVar("Job", bound=Correspondent)
LOOK_SECONDS = 0.5  # between two looks at workers and viewers
LONGEST_SILENCE = 15.0  # seconds after which a worker that sends no heartbeat is replaced
LONGEST_WORK = 120.0  # seconds after which a worker that is still at one iteration or command is replaced
NO_WORKER = "There is no process that could train this run."
TRY_AGAIN = "Press Train to try again."
FIRST_DELAY, LAST_DELAY = 1.0, 60.0  # seconds before another worker takes the place of one that could not start


class Pool(ABC):
    """A host (see `ganlab.runs.host.Host`) with workers, started with it so that they are warm when needed.

    Attributes:
        trouble: why no run can be trained at present, as a sentence; None if there is a worker, or soon will be.
    """

    trouble: str | None = None

    def __init__(
        self,
        workers: int,
        audience: Audience,
        pass_on: Callable[[str, bytes], None],
        keeper: Keeper | None = None,
        *,
        shared: bool = False,
    ) -> None:
        """
        Args:
            workers: how many there are to be at first.
            pass_on: shows a frame of a run to whoever looks; from any thread.
            keeper: stores runs; without one, each run's last copy stays in memory.
            shared: people who don't know of each other use the server.
        """
        self._audience, self._keeper, self._shared = audience, keeper, shared
        self._pass_on = pass_on
        self._lock = threading.Lock()  # never held while a run's is waited for
        self._runs: dict[str, Correspondent] = {}
        self._copies: dict[str, RunRecord] = {}  # of runs that nothing else keeps
        self._restored: dict[str, Callable[[], RunRecord]] = {}  # likewise: how to read what they came from
        self._numbers = count(1)
        self._failed_starts = 0
        self._gate = OPEN
        self._background = ThreadPoolExecutor(2, thread_name_prefix="ganlab-arrivals")
        self._closing = threading.Event()
        self._woken = threading.Event()  # a worker has ended, or all are to
        self._wanted = workers
        with self._lock:  # one that can't start ends before the others are there
            self._workers = [self._new_worker() for _ in range(workers)]
        self._thread = threading.Thread(target=self._look_after, name="ganlab-workers", daemon=True)
        self._thread.start()

    @property
    def workers(self) -> tuple[WorkerHandle, ...]:
        """Those that there are now."""
        with self._lock:
            return tuple(self._workers)

    # What a Lab asks of it

    @property
    def places(self) -> int:
        return max(1, len(self.workers))

    def begin(self, experiment: Experiment) -> RemoteRun:
        """See `Host`; so for all others."""
        return self._known(RemoteRun(experiment, self._audience, self))

    def begin_wall(self, plan: Plan) -> RemoteSweep:
        return self._known(RemoteSweep(plan, self._audience, self))

    def go_on(
        self,
        experiment: Experiment,
        parent: str,
        checkpoint: Future[Checkpoint],
        obey: Callable[[], object],
        *,
        wall: bool = False,
    ) -> RemoteRun:
        run = RemoteRun(experiment, self._audience, self)
        run.come_from(going_on(experiment, parent, checkpoint, wall=wall), checkpoint)
        return self._known(run)

    def try_from(self, moment: TrialMoment, experiment: Experiment, twin: TrialRun | None = None) -> RemoteTrial:
        run = RemoteTrial(experiment, self._audience, self)
        run.go_on_at(moment, twin)
        return self._known(run)

    def restore(self, record: RunRecord, read: Callable[[], RunRecord]) -> RemoteRun:
        if self._keeper is None:
            self._restored[record.id] = read
        return self._known(RemoteRun.stored(record, read, self._audience, self))

    def go_on_trained(self, checkpoint: Checkpoint) -> RemoteRun:
        experiment, read = Experiment.of(**checkpoint.plain["experiment"]), Future[Checkpoint]()
        read.set_result(checkpoint)
        run = RemoteRun(experiment, self._audience, self)
        run.come_from(going_on(experiment, None, read, wall=False), read, Origin.of_shipped(checkpoint, {}))
        return self._known(run)

    def set_gate(self, gate: Gate) -> None:
        with self._lock:
            self._gate = gate
            for worker in self._workers:
                worker.put(_message_of(gate))

    def close(self) -> None:
        with self._lock:
            self._closing.set()
            workers, runs = tuple(self._workers), tuple(self._runs.values())
        self._woken.set()
        self._thread.join()
        for worker in workers:
            worker.close()
        for worker in workers:
            worker.join()
        self._leave()
        self._background.shutdown()
        for run in runs:
            run.retire()  # nobody answers any more

    def _known(self, run: Job) -> Job:
        with self._lock:
            self._runs.setdefault(run.id, run)
        return run

    # What a run asks of it

    def place(self, seat: int | None) -> WorkerHandle:
        """The worker on which the fewest other seats train, then that with the fewest runs that train, or at all.

        So a seat with many runs slows itself down before others. Without a class all that counts are runs.

        Raises:
            Trouble: there is none.
        """
        return self.place_parts(seat, 1)[0]

    def place_parts(self, seat: int | None, most: int) -> tuple[WorkerHandle, ...]:
        """At most so many workers, those first that `place` would name first.

        Raises:
            Trouble: there is none.
        """
        with self._lock:
            if not self._workers:
                raise Trouble(*self._why_none())
            runs = [(run.workers, run.state == "running", run.seat) for run in self._runs.values()]

            def load(worker: WorkerHandle) -> tuple[bool, int, int, int]:
                there = [(running, whose) for homes, running, whose in runs if worker in homes]
                others = {whose for running, whose in there if running and whose != seat}
                return not worker.has_a_place, len(others), sum(running for running, _ in there), len(there)

            first, *others = sorted(self._workers, key=load)
            return (first, *(each for each in others if each.has_a_place))[:most]

    def in_background(self, work: Callable[[], None]) -> None:
        """Do this on another thread, where reading a file may take its time."""
        if not self._closing.is_set():
            self._background.submit(work)

    def pass_on(self, run_id: str, frame: bytes) -> None:
        """Show a frame of a run to whoever looks."""
        self._pass_on(run_id, frame)

    def store(self, draft: Draft) -> None:
        """Keep this copy of a run."""
        if self._keeper is not None:
            self._keeper.put(draft)
        else:
            self._copies[draft.record.id] = draft.record

    def latest(self, run_id: str) -> RunRecord:
        """The run as it was copied last.

        Raises:
            ExperimentError: its copy can't be read.
        """
        if self._keeper is not None:
            return self._keeper.latest(run_id)
        if (kept := self._copies.get(run_id)) is not None:
            return kept
        if (read := self._restored.get(run_id)) is not None:
            return read()
        raise ExperimentError("There is no copy of this run: reset it to start from untrained networks.")

    def drop(self, run_id: str) -> None:
        """The run is gone."""
        with self._lock:
            self._runs.pop(run_id, None)
            self._copies.pop(run_id, None)
            self._restored.pop(run_id, None)

    # The threads of the workers, and one that looks after them

    @abstractmethod
    def _hire(self, number: int, delay: float) -> WorkerHandle:
        """Begin to start another worker, after so many seconds."""

    def _leave(self) -> None:  # noqa: B027 (most pools have nothing to do)
        """All workers have ended, and there will be no others."""

    def _why_none(self) -> tuple[str, str]:
        """Why there is no worker, and what to do."""
        return NO_WORKER, TRY_AGAIN

    def _look(self) -> None:  # noqa: B027
        """Look whether more workers are needed; called twice a second."""

    def _want(self, workers: int) -> None:
        """So many workers are to be there from now on. Those that are too many stay until they end."""
        with self._lock:
            self._wanted = workers
            while len(self._workers) < workers and not self._closing.is_set():
                self._workers.append(self._new_worker())

    def _new_worker(self, delay: float = 0.0) -> WorkerHandle:
        worker = self._hire(next(self._numbers), delay)
        if self._gate.closed:
            worker.put(_message_of(self._gate))
        return worker

    def _received(self, worker: WorkerHandle, message: m.Message) -> None:
        if isinstance(message, m.Ready):
            self._failed_starts = 0
        elif isinstance(message, m.OfRun):
            with self._lock:
                run = self._runs.get(message.run)
            if run is not None and worker in run.workers:
                run.hear(message)

    def _ended(self, worker: WorkerHandle) -> None:
        """Put another worker in the place of one that has ended, if it is still wanted."""
        if self._closing.is_set():
            return
        logger.warning("Worker %d has ended (status %s), and its runs are brought back", worker.number, worker.status)
        delay = 0.0
        if not worker.is_ready:
            delay = min(FIRST_DELAY * 2**self._failed_starts, LAST_DELAY)
            self._failed_starts += 1
        with self._lock:
            if self._closing.is_set():
                return
            place = self._workers.index(worker)
            self._workers[place : place + 1] = [self._new_worker(delay)] if len(self._workers) <= self._wanted else []
        self._woken.set()

    def _bring_back(self) -> None:
        """Bring back the runs of workers that have ended, also those that came to one at the moment of its end."""
        with self._lock:
            runs = tuple(self._runs.values())
        homes = [(run, run.workers) for run in runs]
        workers = self.workers  # after their homes: a worker that came since is no one's home yet
        for run, there in homes:
            gone = [home for home in there if isinstance(home, WorkerHandle) and home not in workers]
            if gone:
                riddle = any(home.is_riddle for home in gone)
                run.lose_worker(at_work=None if riddle else any(run.id == home.at_work_on for home in gone))

    def _look_after(self) -> None:
        while True:
            self._woken.wait(LOOK_SECONDS)
            self._woken.clear()
            if self._closing.is_set():
                return
            self._bring_back()
            for worker in self.workers:
                worker.look()
                if worker.is_ready and (worker.silence > LONGEST_SILENCE or worker.working > LONGEST_WORK):
                    logger.warning("Worker %d has not answered for long, and is replaced", worker.number)
                    worker.kill()
            self._look()
            with self._lock:
                runs = tuple(self._runs.values())
            for run in runs:
                run.look_after()


def _message_of(gate: Gate) -> m.SetGate:
    return m.SetGate(closed=gate.closed, open_to=sorted(gate.open_to))

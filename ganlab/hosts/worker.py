"""A worker: a process that trains many runs and walls in turns, as the server's messages say."""

from __future__ import annotations

import logging
import math
import time
from collections import deque
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from ganlab.experiment.sentence import from_plain
from ganlab.hosts import messages as m
from ganlab.hosts.announcing import Announcer
from ganlab.hosts.black_box import BlackBox
from ganlab.hosts.channel import Outbox
from ganlab.hosts.packing import unpack_looks
from ganlab.hosts.reports import Reports, member_taken
from ganlab.hosts.viewers import Viewers
from ganlab.hosts.worker_run import WorkerRun, WorkerTrial, WorkerWall, job_of
from ganlab.live.answers import answer_frame
from ganlab.live.frames import encode
from ganlab.live.wire import lighten
from ganlab.runs.directions import directions_from_json
from ganlab.runs.gate import Gate
from ganlab.runs.keeping.copier import Copier
from ganlab.runs.keeping.draft import Draft
from ganlab.runs.keeping.intervals import SAVE_SECONDS
from ganlab.runs.keeping.stored_run import record_of
from ganlab.runs.lab import LONGEST_STEP, LOOK_SECONDS
from ganlab.runs.pace import ShowingBudget
from ganlab.runs.picks import picks_of
from ganlab.runs.state import State
from ganlab.runs.trainee import Rest
from ganlab.runs.training_thread import TrainingThread
from ganlab.runs.turns import TURN_SECONDS, Turns
from ganlab.views.questions import read_question

logger = logging.getLogger(__name__)

PREPARERS = 2  # threads that make ready what a question needs beside the networks


class Worker:
    """Does what messages say, and sends what comes of it.

    One thread reads messages and calls `take`; another one trains.
    """

    def __init__(self, outbox: Outbox, box: BlackBox, *, shared: bool, save_seconds: float = SAVE_SECONDS) -> None:
        self._outbox, self._box = outbox, box
        self._runs: dict[str, WorkerRun | WorkerWall] = {}
        self._viewers = Viewers(self._show)
        self._showing = ShowingBudget()
        self._turns = Turns(self._viewers, math.inf, LONGEST_STEP if shared else math.inf)
        self._copier = Copier(self._hand_over, save_seconds)
        self._preparers = ThreadPoolExecutor(PREPARERS, thread_name_prefix="ganlab-preparing")
        self._errands: deque[Callable[[], None]] = deque()  # for the training thread
        self._reports = Reports(outbox)
        self._announcer = Announcer(outbox.put)
        self._thread = TrainingThread(self._round, self._put_away)

    def take(self, message: m.Message) -> None:
        """Do what a message says."""
        match message:
            case m.Begin() | m.GoOn() | m.Try() | m.Restore() | m.BeginWall():
                self._take_in(message)
            case m.Retire():
                self._forget(message.run)
            case m.GoAhead():
                self._announcer.heard()
            case m.SetGate():
                self._turns.gate = Gate(message.closed, frozenset(message.open_to))
            case m.OfRun() if (run := self._runs.get(message.run)) is not None:
                self._command(run, message)
                if isinstance(message, m.Command):
                    run.heard = max(run.heard, message.number)
        self._thread.wake()

    def begin(self) -> None:
        """Begin to train what is to be trained."""
        self._thread.begin()

    def close(self) -> None:
        """Hand over what is still to be saved, and train no further."""
        self._thread.close()

    def _take_in(self, message: m.Arriving) -> None:
        try:
            run = job_of(message, self._viewers)
        except Exception as error:
            logger.exception("A run could not be made")
            sentence = f"This run can't be trained here: {error}"
            self._outbox.put(m.NotMade(run=message.run, build=message.build, sentence=sentence))
            return
        run.id, run.build, run.heard, run.suspected = message.run, message.build, message.number, message.suspected
        run.box, run.announcer = self._box, self._announcer
        run.on_wake(self._thread.wake)
        self._runs[run.id] = run
        if isinstance(message, m.Restore) and isinstance(run, WorkerRun):
            self._copier.note(run, record_of(message.record).best, is_stored=message.is_stored)
        run.refresh()

    def _command(self, run: WorkerRun | WorkerWall, message: m.OfRun) -> None:
        """What a run and a wall may be told; all else is for one of both."""
        match message:
            case m.Pause():
                run.pause(from_plain(message.because))
            case m.Hold():
                run.hold(from_plain(message.because))
            case m.Belong():
                run.seat = message.seat
            case m.Stop():
                run.stop()
            case m.Watch():
                self._viewers.watch(run.id, frozenset(message.views))
                if message.afresh:
                    run.refresh()
            case m.NextFrame():
                self._viewers.arrived(run.id)
            case _ if isinstance(run, WorkerRun):
                self._command_run(run, message)
            case _:
                self._command_wall(run, message)

    def _command_wall(self, wall: WorkerWall, message: m.OfRun) -> None:
        match message:
            case m.Play():
                wall.play()
            case m.TrainTo():
                wall.until = message.until
            case m.TakeMember() if wall.has(message.member):
                taken = lambda: wall.checkpoint(message.member)
                self._reply(wall, message, taken, lambda found: member_taken(wall, message, found))

    def _command_run(self, run: WorkerRun, message: m.OfRun) -> None:
        match message:
            case m.Play():
                run.play(_rest(message))
            case m.CompareWith() if isinstance(run, WorkerTrial):
                run.compare_with(unpack_looks(message.looks))
            case m.Reset():
                run.reset()
            case m.StepOnce():
                {"step": run.step, "step_d": run.step_d, "step_g": run.step_g}[message.kind]()
            case m.Change():
                run.change(**message.values)
            case m.SetView():
                run.set_view(**message.values)
            case m.Keep():
                run.name, run.picks = message.name, picks_of(message.picks)
                run.directions = {kept.name: kept for kept in directions_from_json(message.directions)}
            case m.Ask():
                self._preparers.submit(self._ask, run, message)
            case m.TraceStep():
                self._reply(run, message, run.trace, self._answered(run, message))
            case m.Freeze():
                self._reply(run, message, run.record, lambda record: self._reports.frozen(run, message, record))
            case m.Save():
                self._errands.append(lambda: self._save(run, message))

    def _forget(self, run_id: str) -> None:
        if (run := self._runs.pop(run_id, None)) is not None:
            run.retire()
            self._copier.forget(run_id)
            self._viewers.forget(run_id)
            self._reports.forget(run_id)

    # Answers

    def _ask(self, run: WorkerRun, message: m.Ask) -> None:
        self._reply(run, message, lambda: run.reply_to(read_question(message.question)), self._answered(run, message))

    def _answered(self, run: WorkerRun, message: m.Asked) -> Callable[[Any], m.Message | Callable[[], m.Message]]:
        """Makes the message of an answer; it is encoded when it is sent."""

        def answered(found: Mapping[str, Any]) -> Callable[[], m.Message]:
            return lambda: m.Answered(
                run=run.id, build=message.build, reply=message.reply, frame=answer_frame(run, found)
            )

        return answered

    def _reply(
        self,
        run: WorkerRun | WorkerWall,
        message: m.Asked,
        ask: Callable[[], Future[Any]],
        answered: Callable[[Any], m.Message | Callable[[], m.Message]],
    ) -> None:
        """Ask the run, and send what it answers or why it does not."""

        def refused(kind: Any, sentence: str) -> m.Refused:
            return m.Refused(run=run.id, build=message.build, reply=message.reply, kind=kind, sentence=sentence)

        def broken(error: BaseException) -> m.Refused:
            if isinstance(error, ValueError):
                return refused("unsuitable", str(error))
            logger.error("Run %s could not answer", run.id, exc_info=error)
            return refused("broken", str(error))

        def send(done: Future[Any]) -> None:
            if done.cancelled():
                self._outbox.put(refused("cancelled", ""))
            elif (error := done.exception()) is not None:
                self._outbox.put(broken(error))
            else:
                self._outbox.put(answered(done.result()))

        try:
            coming = ask()
        except Exception as error:
            self._outbox.put(broken(error))
        else:
            coming.add_done_callback(send)

    def _save(self, run: WorkerRun, message: m.Save) -> None:
        self._copier.finish([run])
        self._outbox.put(m.Answered(run=run.id, build=message.build, reply=message.reply, frame=b""))

    # The training thread

    def _round(self) -> float | None:
        """Obey and show every run, and give one its turn: see `Lab`. Returns for how long there is no more to do."""
        started = time.perf_counter()
        runs = tuple(self._runs.values())
        busy = bool(self._errands)
        while self._errands:
            self._errands.popleft()()
        for run in self._showing.in_order(runs):
            busy |= run.obey(TURN_SECONDS)
            run.show(self._showing)
            if isinstance(run, WorkerRun) and not self._reports.may_wait:
                self._copier.copy_if_due(run)
        trains = self._turns.give(runs, time.perf_counter() - started)
        self._reports.tell_all(runs, urgent=busy or not trains)
        if trains or busy:
            return 0
        self._announcer.begin(None)
        return LOOK_SECONDS if any(run.state is State.RUNNING for run in runs) else None

    def _put_away(self) -> None:
        self._copier.finish(run for run in self._runs.values() if isinstance(run, WorkerRun))

    def _show(self, run_id: str, snapshot: Mapping[str, Any]) -> None:
        if (run := self._runs.get(run_id)) is not None:
            self._reports.tell(run)  # first: a page that hears of the frame looks at the facts
            part = run.part if isinstance(run, WorkerWall) else 0
            is_whole = not isinstance(run, WorkerWall) or run.parts == 1
            frame = encode(lighten(snapshot) if is_whole else snapshot)
            self._outbox.put(m.Frame(run=run_id, build=snapshot["build"], frame=frame, part=part))

    def _hand_over(self, draft: Draft) -> None:
        if isinstance(run := self._runs.get(draft.record.id), WorkerRun):
            self._reports.copied(run, draft)


def _rest(message: m.Play) -> Rest | None:
    if message.rest is None:
        return None
    iteration, because, once_collapsed, since_fork = message.rest
    return Rest(iteration, from_plain(because), once_collapsed, since_fork)

"""A worker: a process that trains many runs in turns, as the server's messages say."""

from __future__ import annotations

import logging
import math
import os
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import torch

from ganlab.experiment import Experiment
from ganlab.experiment.sentence import from_plain, to_plain
from ganlab.hosts import messages as m
from ganlab.hosts.black_box import BlackBox
from ganlab.hosts.channel import Outbox, read
from ganlab.hosts.packing import pack, pack_picture, unpack, unpack_with_history
from ganlab.live.answers import answer_frame
from ganlab.live.frames import encode
from ganlab.live.warm_up import warm_up
from ganlab.live.wire import lighten
from ganlab.presets import DEFAULT
from ganlab.runs.checkpoint import Checkpoint
from ganlab.runs.directions import directions_from_json
from ganlab.runs.fork import Origin
from ganlab.runs.gate import Gate
from ganlab.runs.keeping.copier import Copier
from ganlab.runs.keeping.draft import Draft
from ganlab.runs.keeping.stored_run import origin_values, record_of, values_of
from ganlab.runs.lab import LONGEST_STEP, LOOK_SECONDS
from ganlab.runs.pace import ShowingBudget
from ganlab.runs.picks import picks_of
from ganlab.runs.record import RunRecord
from ganlab.runs.run import Run
from ganlab.runs.state import State
from ganlab.runs.trainee import Rest
from ganlab.runs.training_thread import TrainingThread
from ganlab.runs.turns import TURN_SECONDS, Turns
from ganlab.training.history import Floats, History
from ganlab.views.questions import read_question

logger = logging.getLogger(__name__)

TELL_SECONDS = 0.2  # between two messages of facts about a run that trains
MOST_WAITING = 200  # messages; with more, the server is busy, and facts and copies wait
PREPARERS = 2  # threads that make ready what a question needs beside the networks


class WorkerRun(Run):
    """A run in a worker.

    Attributes:
        box: says which run the worker is at work on.
        heard: the number of the last command that it was given.
        built_as: the build that its networks are of: a reset has not been carried out yet where `build` is another one.
    """

    box: BlackBox
    heard = built_as = 0

    def _rebuild(self) -> None:
        build = self.build
        super()._rebuild()
        self.built_as = build

    @contextmanager
    def _guarded(self) -> Iterator[None]:
        with self.box.at_work_on(self.id), super()._guarded():
            yield


class Viewers:
    """An audience at the other end of a pipe. Of each run only one frame is on its way at a time."""

    def __init__(self, show: Callable[[str, Mapping[str, Any]], None]) -> None:
        self._show = show
        self._views: dict[str, frozenset[str]] = {}
        self._on_its_way: set[str] = set()

    def watch(self, run_id: str, views: frozenset[str]) -> None:
        """These views of the run are looked at from now on."""
        self._views[run_id] = views

    def arrived(self, run_id: str) -> None:
        """The frame on its way has been passed on."""
        self._on_its_way.discard(run_id)

    def watched(self, run_id: str) -> frozenset[str]:
        """See `Audience`; so for all others."""
        return frozenset() if run_id in self._on_its_way else self._views.get(run_id, frozenset())

    def present(self, run_id: str) -> bool:
        return True  # the server pauses the runs that nobody has open

    def publish(self, run_id: str, snapshot: Mapping[str, Any]) -> None:
        self._on_its_way.add(run_id)
        self._show(run_id, snapshot)

    def forget(self, run_id: str) -> None:
        self._views.pop(run_id, None)
        self._on_its_way.discard(run_id)


@dataclass
class Told:
    """What the server was told of a run.

    Attributes:
        at: when it was last told facts (`time.monotonic`).
        story: how much was done to the run by then, and where it comes from.
        rows: how many rows of `history` it has.
    """

    facts: m.Facts | None = None
    at: float = 0.0
    story: tuple[int, int, Origin | None] = (0, 0, None)
    history: History | None = None
    rows: int = 0


class Worker:
    """Does what messages say, and sends what comes of it.

    One thread reads messages and calls `take`; another one trains.
    """

    def __init__(self, outbox: Outbox, box: BlackBox, *, shared: bool) -> None:
        self._outbox, self._box = outbox, box
        self._runs: dict[str, WorkerRun] = {}
        self._viewers = Viewers(self._show)
        self._showing = ShowingBudget()
        self._turns = Turns(self._viewers, math.inf, LONGEST_STEP if shared else math.inf)
        self._copier = Copier(self._hand_over)
        self._preparers = ThreadPoolExecutor(PREPARERS, thread_name_prefix="ganlab-preparing")
        self._errands: deque[Callable[[], None]] = deque()  # for the training thread
        self._told: dict[str, Told] = {}
        self._sending_rows = threading.Lock()
        self._thread = TrainingThread(self._round, self._put_away)

    def take(self, message: m.Message) -> None:
        """Do what a message says."""
        match message:
            case m.Begin() | m.GoOn() | m.Restore():
                self._take_in(message)
            case m.Retire():
                self._forget(message.run)
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

    def _take_in(self, message: m.Begin | m.GoOn | m.Restore) -> None:
        try:
            run = self._made(message)
        except Exception as error:
            logger.exception("A run could not be made")
            sentence = f"This run can't be trained here: {error}"
            self._outbox.put(m.NotMade(run=message.run, build=message.build, sentence=sentence))
            return
        run.id, run.build, run.box, run.heard = message.run, message.build, self._box, message.number
        run.on_wake(self._thread.wake)
        self._runs[run.id] = run
        if isinstance(message, m.Restore):
            self._copier.note(run, record_of(message.record).best, is_stored=message.is_stored)
        run.refresh()

    def _made(self, message: m.Begin | m.GoOn | m.Restore) -> WorkerRun:
        match message:
            case m.Begin():
                return WorkerRun(Experiment.of(**message.experiment), self._viewers)
            case m.GoOn():
                begun: Future[Checkpoint] = Future()
                begun.set_result(unpack_with_history(message.checkpoint))
                if message.parent is None:
                    made = WorkerRun.trained(begun.result(), self._viewers)
                else:
                    experiment = Experiment.of(**message.experiment)
                    made = WorkerRun.from_checkpoint(
                        experiment, message.parent, begun, lambda: None, self._viewers, wall=message.wall
                    )
            case m.Restore():
                record = _whole(message)
                made = WorkerRun.restored(replace(record, checkpoint=None), lambda: record, self._viewers)
        assert isinstance(made, WorkerRun)
        return made

    def _command(self, run: WorkerRun, message: m.OfRun) -> None:
        match message:
            case m.Play():
                run.play(message.rest and Rest(message.rest[0], from_plain(message.rest[1]), message.rest[2]))
            case m.Pause():
                run.pause(from_plain(message.because))
            case m.Hold():
                run.hold(from_plain(message.because))
            case m.Belong():
                run.seat = message.seat
            case m.Stop():
                run.stop()
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
            case m.Watch():
                self._viewers.watch(run.id, frozenset(message.views))
                if message.afresh:
                    run.refresh()
            case m.NextFrame():
                self._viewers.arrived(run.id)
            case m.Ask():
                self._preparers.submit(self._ask, run, message)
            case m.TraceStep():
                self._reply(run, message, run.trace, self._answered(run, message))
            case m.Freeze():
                self._reply(run, message, run.record, lambda record: self._frozen(run, message, record))
            case m.Save():
                self._errands.append(lambda: self._save(run, message))

    def _forget(self, run_id: str) -> None:
        if (run := self._runs.pop(run_id, None)) is not None:
            run.retire()
            self._copier.forget(run_id)
            self._viewers.forget(run_id)
            self._told.pop(run_id, None)

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
        run: WorkerRun,
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

    def _frozen(self, run: WorkerRun, message: m.Freeze, record: RunRecord) -> Callable[[], m.Message]:
        assert record.checkpoint is not None
        checkpoint = record.checkpoint
        self._send_rows(run, checkpoint.history)
        return lambda: m.Frozen(
            run=run.id,
            build=message.build,
            reply=message.reply,
            record=values_of(record),
            checkpoint=pack(checkpoint),
        )

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
            if len(self._outbox) < MOST_WAITING:
                self._copier.copy_if_due(run)
        trains = self._turns.give(runs, time.perf_counter() - started)
        for run in runs:
            self._tell(run, urgent=busy or not trains)
        if trains or busy:
            return 0
        return LOOK_SECONDS if any(run.state is State.RUNNING for run in runs) else None

    def _put_away(self) -> None:
        self._copier.finish(self._runs.values())

    def _show(self, run_id: str, snapshot: Mapping[str, Any]) -> None:
        if (run := self._runs.get(run_id)) is not None:
            self._tell(run, urgent=True)  # first: a page that hears of the frame looks at the facts
            self._outbox.put(m.Frame(run=run_id, build=snapshot["build"], frame=encode(lighten(snapshot))))

    def _tell(self, run: WorkerRun, *, urgent: bool) -> None:
        """Send the facts about a run, if they have changed and it is time to."""
        told, now = self._told.setdefault(run.id, Told()), time.monotonic()
        if not urgent and (now - told.at < TELL_SECONDS or len(self._outbox) >= MOST_WAITING):
            return
        heard, story = run.heard, (run.build, len(run.interventions), run.origin)  # before what may follow from it
        facts = m.Facts(
            run=run.id,
            build=run.build,
            heard=heard,
            state=str(run.state),
            message=to_plain(run.message),
            iteration=run.iteration,
            rate=run.rate,
        )
        if story != told.story:
            self._outbox.put(_story(run))
        if facts != told.facts:
            self._outbox.put(facts)
        told.at, told.facts, told.story = now, facts, story

    def _hand_over(self, draft: Draft) -> None:
        """Send a copy of a run, so that the server stores it."""
        run, record = self._runs.get(draft.record.id), draft.record
        if run is None or record.checkpoint is None:
            return
        checkpoint, build = record.checkpoint, run.built_as
        self._send_rows(run, checkpoint.history)
        best = None if record.best is None else record.best.checkpoint
        self._outbox.put(
            lambda: m.Copied(
                run=record.id,
                build=build,
                record=values_of(record),
                checkpoint=pack(checkpoint),
                best=None if best is None else pack(best),
                picture=pack_picture(draft.samples),
                extent=draft.samples.extent,
                lineage=draft.lineage,
            )
        )

    def _send_rows(self, run: WorkerRun, rows: Floats) -> None:
        """Send what the server lacks of these rows, which are all of the run's history so far."""
        with self._sending_rows:
            told = self._told.setdefault(run.id, Told())
            if told.history is not run.history:
                told.history, told.rows = run.history, 0
            if len(rows) > told.rows or told.rows == 0:
                fresh = rows[told.rows :].tobytes()
                self._outbox.put(m.Rows(run=run.id, build=run.built_as, first=told.rows, rows=fresh))
                told.rows = len(rows)


def _whole(message: m.Restore) -> RunRecord:
    """The record in a message, with its checkpoints."""
    record = record_of(message.record)
    origin = record.origin
    if origin is not None and message.begun is not None:
        origin = replace(origin, checkpoint=unpack(message.begun))
    checkpoint = None if message.checkpoint is None else unpack_with_history(message.checkpoint)
    return replace(record, origin=origin, checkpoint=checkpoint)


def _story(run: WorkerRun) -> m.Story:
    done = [(each.iteration, each.kind, dict(each.values)) for each in run.interventions]
    origin = None if run.origin is None else origin_values(run.origin)
    return m.Story(run=run.id, build=run.build, interventions=done, origin=origin)


def main(box: str, kindness: int, *, shared: bool) -> None:
    """Be a worker: read messages from standard input and write others to standard output, until the server is gone.

    Args:
        box: the path of the file that names the run at work.
        kindness: towards the server, whose pages come first.
        shared: people who don't know of each other use the server.
    """
    if hasattr(os, "nice"):
        os.nice(kindness)
    incoming, outgoing = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what libraries print must not get between the messages
    torch.set_num_threads(1)
    path = Path(box)
    black_box = BlackBox(path)
    outbox = Outbox(outgoing, lambda: m.Heartbeat(working=black_box.working))
    outbox.begin()
    warm_up(DEFAULT.experiment)
    outbox.put(m.Ready())
    worker = Worker(outbox, black_box, shared=shared)
    worker.begin()
    while (message := read(incoming)) is not None:
        if isinstance(message, m.Close):
            worker.close()
            outbox.close()
            break
        worker.take(message)
    sys.stderr.flush()
    path.unlink(missing_ok=True)
    os._exit(0)  # whatever it is at work on: without the server nobody wants it

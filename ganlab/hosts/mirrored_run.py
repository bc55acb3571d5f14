"""A run whose networks are in a worker, as the server keeps up with it: how it comes there, and what is said of it."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import replace
from typing import Any, Protocol

from ganlab.experiment import LIVE_FIELDS, Experiment
from ganlab.experiment.sentence import Sentence, from_plain
from ganlab.hosts import messages as m
from ganlab.hosts.arrivals import Arrival, as_stored, untrained
from ganlab.hosts.packing import rows_of, unpack, unpack_picture
from ganlab.runs.audience import Audience
from ganlab.runs.checkpoint import Checkpoint
from ganlab.runs.directions import directions_to_json
from ganlab.runs.keeping.draft import Draft
from ganlab.runs.keeping.stored_run import origin_of, record_of
from ganlab.runs.picks import as_lists
from ganlab.runs.record import RunRecord
from ganlab.runs.run import Run
from ganlab.runs.state import Intervention, State
from ganlab.runs.trouble import Trouble
from ganlab.training.history import SCALARS_OF, History

ENDED = (
    "The process that trained this run ended at iteration {at:,}. Here the run is at iteration {iteration:,}, where it "
    "was saved last: press Train to go on."
)
BEGUN_AGAIN = "The process that trained this run ended before the run was saved: press Train to begin it again."
SET_ASIDE = (
    "This run is set aside: the process that trained it has ended {times} times while it worked on this run, which is "
    "saved at iteration {iteration:,}. The computer may not have enough memory for it: choose a smaller batch, fewer "
    "channels or units, or smaller images, and reset it."
)
LOST = "The process that trained the run ended before it could answer."
ASK_AGAIN = "The run is brought back as it was saved last: try again."
MOST_DEATHS = 2  # of processes that worked on a run, after which it is set aside
REMEMBERED = 600.0  # seconds for which a death counts


class Workplace(Protocol):
    """A worker that a run can be in."""

    def put(self, message: m.Message) -> None:
        """Send it a message."""
        ...


class Home(Protocol):
    """What a run in a worker asks of its host. Any thread may call it, and its methods return at once."""

    def place(self, seat: int | None) -> Workplace:
        """The worker for the next run of this seat of a class, or of nobody's.

        It may take its time, until it is known whether there is one.

        Raises:
            Trouble: there is none.
        """
        ...

    def in_background(self, work: Callable[[], None]) -> None:
        """Do this on another thread."""
        ...

    def pass_on(self, run_id: str, frame: bytes) -> None:
        """Show a frame to whoever looks."""
        ...

    def store(self, draft: Draft) -> None:
        """Keep a copy of a run."""
        ...

    def latest(self, run_id: str) -> RunRecord:
        """The run as it was copied last. It reads files, so it may take its time. Raises ExperimentError."""
        ...

    def drop(self, run_id: str) -> None:
        """The run is gone."""
        ...


class MirroredRun(Run):
    """The part of a remote run that its worker hears and is heard by. See `RemoteRun`."""

    is_elsewhere = True

    def __init__(self, experiment: Experiment, audience: Audience, home: Home) -> None:
        super().__init__(experiment, audience)
        self._home = home
        self._arrival: Arrival = untrained(experiment)
        self._ready: Future[Any] | None = None  # what has to be there before it can come to a worker
        self._worker: Workplace | None = None
        self._coming = False  # on its way to a worker; what it is told meanwhile waits
        self._early: list[m.OfRun] = []
        self._is_over = False  # it can't be brought to a worker: only a reset helps
        self._number = self._asked = 0
        self._replies: dict[int, tuple[Future[Any], Callable[[Any], Any]]] = {}
        self._mirror = History(SCALARS_OF[experiment.model])
        self._begun: Checkpoint | None = None
        self._views: frozenset[str] = frozenset()
        self._rate = 0.0
        self._saved = 0  # the iteration of the last copy
        self._deaths: list[float] = []  # when processes ended that worked on it

    @property
    def worker(self) -> Workplace | None:
        """The worker that has it, or None."""
        return self._worker

    def look_after(self) -> None:
        """Tell the worker whether others look now than before."""
        if self._audience.watched(self.id) != self._views:
            self._watch(afresh=False)

    # The way to a worker

    def _watch(self, *, afresh: bool) -> None:
        views = self._audience.watched(self.id)
        with self._lock:
            if self._worker is not None or (views and not self._is_over):
                self._views = views
                self._send(m.Watch(run=self.id, build=self.build, views=sorted(views), afresh=afresh))
            elif self._is_over and afresh and views:
                self._show_without_networks()

    def _post(self, kind: type[m.Command], /, **values: Any) -> None:
        with self._lock:
            self._number += 1
            self._send(kind(run=self.id, build=self.build, number=self._number, **values))

    def _send(self, message: m.OfRun) -> None:
        if self._worker is not None:
            self._worker.put(message)
        elif not self._is_over:
            self._early.append(message)
            if not self._coming:
                self._coming = True
                self._set_out()

    def _set_out(self) -> None:
        """Come to a worker as soon as that can be."""
        if self._ready is None:
            self._home.in_background(self._come)
        else:
            self._ready.add_done_callback(lambda _: self._home.in_background(self._come))

    def _come(self) -> None:
        arrival, build = self._arrival, self.build
        try:
            self._home.place(self.seat)  # first: without any worker, files are not read in vain
        except Trouble as none:
            self._stay_out(none)
            return
        try:
            message, begun = arrival(self.id, build)
        except Exception as error:
            with self._lock:
                if arrival is self._arrival:
                    self._give_up(_said(error))
            return
        with self._lock:
            if arrival is not self._arrival or build != self.build:  # it was reset meanwhile
                self._set_out()
                return
            try:
                worker = self._home.place(self.seat)
            except Trouble as none:
                self._stay_out(none)
                return
            self._worker, self._coming, self._begun = worker, False, begun
            early, self._early = self._early, []
            heard = self._number - sum(isinstance(each, m.Command) for each in early)
            worker.put(message.model_copy(update={"number": heard}))
            self._introduce(message)
            for each in early:
                worker.put(each)

    def _notes(self) -> dict[str, Any]:
        directions = directions_to_json(self.directions.values())
        return {"name": self.name, "directions": directions, "picks": as_lists(self.picks)}

    def _introduce(self, message: m.Begin | m.GoOn | m.Restore) -> None:
        """Tell the worker what else it must know, before what people did meanwhile."""
        about: dict[str, Any] = {"run": self.id, "build": self.build, "number": 0}
        found: list[m.OfRun] = [m.SetView(values=vars(self.view), **about), m.Keep(**self._notes(), **about)]
        found.append(m.Belong(run=self.id, build=self.build, seat=self.seat))
        there = message.record["experiment"] if isinstance(message, m.Restore) else message.experiment
        changed = self.experiment.differences(Experiment.of(**there))
        if changed and changed.keys() <= set(LIVE_FIELDS):  # since it was saved last
            found.append(m.Change(values=changed, **about))
        for each in found:
            assert self._worker is not None
            self._worker.put(each)

    def _stay_out(self, none: Trouble) -> None:
        """There is no worker now. The next command, or whoever looks at it then, lets it look for one again."""
        with self._lock:
            if self.state is State.RUNNING or (self.message is None and self.state in (State.READY, State.PAUSED)):
                self.state = State.PAUSED if self.state is State.RUNNING else self.state
                self.message = _said(none)
            self._coming, self._early, self._views = False, [], frozenset()
            self._refuse_all(none)
            self._show_without_networks()

    def _give_up(self, because: str) -> None:
        """It can't be brought to a worker."""
        self.state, self.message, self._is_over, self._coming, self._early = State.FAILED, because, True, False, []
        self._refuse_all(None)
        self._show_without_networks()

    def _show_without_networks(self) -> None:
        """Let whoever looks know of the state and the message."""
        self._audience.publish(self.id, self._facts(None, {}))

    # What its worker says

    def hear(self, message: m.OfRun) -> None:
        """Take in what the worker says of it; of a build before a reset, only answers count."""
        with self._lock:
            is_current = message.build == self.build
            if isinstance(message, m.Answered | m.Frozen | m.Refused):
                self._answer(message)
            elif is_current:
                self._note(message)
        if isinstance(message, m.Frame):
            if is_current:
                self._home.pass_on(self.id, message.frame)
            self._ask_for_next_frame()

    def _ask_for_next_frame(self) -> None:
        with self._lock:
            if self._worker is not None:
                self._worker.put(m.NextFrame(run=self.id, build=self.build))

    def _note(self, message: m.OfRun) -> None:
        match message:
            case m.NotMade():
                self._worker = None
                self._give_up(message.sentence)
            case m.Facts():
                self._iteration, self._rate = message.iteration, message.rate
                if message.heard >= self._number:
                    self.state, self.message = State(message.state), from_plain(message.message)
            case m.Story():
                self.interventions = [Intervention(*each) for each in message.interventions]
                self.origin = (
                    None if message.origin is None else replace(origin_of(message.origin), checkpoint=self._begun)
                )
            case m.Rows():
                width = len(self._mirror.scalars)
                if message.first == 0:
                    self._mirror = History(self._mirror.scalars)
                self._mirror.append(rows_of(message.rows, width))
            case m.Copied():
                self._saved = message.record["iteration"]
                self._home.store(self._draft(message))

    def _answer(self, message: m.Answered | m.Frozen | m.Refused) -> None:
        answer, wanted = self._replies.pop(message.reply, (None, None))
        if answer is None or wanted is None:
            return
        if isinstance(message, m.Refused) and message.kind == "cancelled":
            answer.cancel()
        elif answer.set_running_or_notify_cancel():
            try:
                answer.set_result(wanted(_answer_in(message)))
            except Exception as error:
                answer.set_exception(error)

    def _refuse_all(self, error: Exception | None) -> None:
        """Leave no question open: each gets this error, or is cancelled."""
        replies, self._replies = self._replies, {}
        for answer, _ in replies.values():
            if error is None:
                answer.cancel()
            elif answer.set_running_or_notify_cancel():
                answer.set_exception(error)

    def _frozen(self, message: m.Frozen) -> RunRecord:
        return self._whole(message.record, message.checkpoint, None)

    def _draft(self, message: m.Copied) -> Draft:
        record = self._whole(message.record, message.checkpoint, message.best)
        return Draft(record, unpack_picture(message.picture, message.extent), message.lineage, self.hold)

    def _whole(self, values: dict[str, Any], checkpoint: bytes, best: bytes | None) -> RunRecord:
        """The record in a message, with its checkpoints, and with the history until then from the mirror."""
        record, rows = record_of(values), self._mirror.rows()
        if record.best is not None and best is not None:
            at_best = unpack(best, rows)
            record = replace(record, best=replace(record.best, checkpoint=at_best))
        origin = record.origin and replace(record.origin, checkpoint=self._begun)
        return replace(record, origin=origin, checkpoint=unpack(checkpoint, rows))

    # Its worker has ended

    def lose_worker(self, *, at_work: bool) -> None:
        """Come back as it was copied last, at rest; `at_work`: the worker was at work on it when it ended."""
        with self._lock:
            at, trained = self.iteration, self.state is State.RUNNING
            self._worker, self._views, self._rate = None, frozenset(), 0.0
            self._early, self._coming = [], False
            self._refuse_all(Trouble(LOST, ASK_AGAIN))
            if self.state not in (State.FAILED, State.STOPPED) and (trained or at != self._saved):
                self.state, self.message = State.PAUSED, self._why_back(at)
            self._iteration = self._saved or (0 if self.origin is None else self.origin.iteration)
            if self._saved:
                self._arrival = as_stored(lambda: self._home.latest(self.id), self.state, self.message)
            else:
                self.interventions = []
            if at_work and self._too_many_deaths():
                self._give_up(Sentence(SET_ASIDE, times=len(self._deaths), iteration=self._saved))
            else:
                self._show_without_networks()  # until a worker shows them
        self.refresh()

    def _why_back(self, at: int) -> str:
        if not self._saved:
            return BEGUN_AGAIN
        return Sentence(ENDED, at=at, iteration=self._saved)

    def _too_many_deaths(self) -> bool:
        now = time.monotonic()
        self._deaths = [*(each for each in self._deaths if now - each < REMEMBERED), now]
        return len(self._deaths) >= MOST_DEATHS


def _answer_in(message: m.Answered | m.Frozen | m.Refused) -> m.Answered | m.Frozen:
    """The message, if it is an answer.

    Raises:
        ValueError: the question does not suit the run.
        RuntimeError: the run could not answer.
    """
    if not isinstance(message, m.Refused):
        return message
    raise (ValueError if message.kind == "unsuitable" else RuntimeError)(message.sentence)


def _said(error: Exception) -> str:
    """Why a run can't be brought to a worker."""
    if isinstance(error, Trouble):
        return Sentence("{happened} {advice}", happened=error.happened, advice=error.advice)
    return str(error) or type(error).__name__

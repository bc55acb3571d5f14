"""What trains in a worker, as the server writes to it and hears of it: a run, or a wall."""

from __future__ import annotations

import math
import time
from abc import abstractmethod
from collections.abc import Callable, Sequence
from concurrent.futures import Future, wait
from typing import Any

from ganlab.experiment.sentence import Sentence, from_plain, to_plain
from ganlab.hosts import messages as m
from ganlab.hosts.arrivals import Arrival
from ganlab.hosts.home import Home, Workplace
from ganlab.runs.state import State
from ganlab.runs.training_job import TrainingJob
from ganlab.runs.trouble import Trouble

PATIENCE = 30.0  # seconds that others wait for an answer of a run
MOST_DEATHS = 2  # of processes that worked on a run, after which it is set aside
Answer = m.Answered | m.Frozen | m.MemberTaken
REMEMBERED = 600.0  # seconds for which a death counts
LOST = "The process that trained it ended before it could answer."


class Correspondent(TrainingJob):
    """A job whose networks are in a worker: it comes there when it is first needed, and commands follow it as messages.

    A command takes effect here at once, as in any job; what the worker says of a state before it heard of the command
    is passed over.
    """

    is_elsewhere = True
    _once_back: str  # what to do for an answer that a worker owed when it ended

    def _correspond(self, home: Home, arrival: Arrival) -> None:
        """Be ready to come to a worker of this host, in this way."""
        self._home, self._arrival = home, arrival
        self._ready: Future[Any] | None = None  # what has to be there before it can come to a worker
        self._worker: Workplace | None = None
        self._coming = False  # on its way to a worker; what it is told meanwhile waits
        self._early: list[m.OfRun] = []
        self._iteration = self._saved = 0  # as the worker said last, and in the last copy
        self._is_over = False  # it can't be brought to a worker: only a reset helps
        self._number = self._asked = 0
        self._replies: dict[int, tuple[Future[Any], Callable[[Any], Any]]] = {}
        self._views: frozenset[str] = frozenset()
        self._deaths: list[float] = []  # when processes ended that worked on it
        self._suspected_until = 0.0  # as `time.monotonic` has it

    @property
    def worker(self) -> Workplace | None:
        """The worker that has it, or None."""
        return self._worker

    @property
    def workers(self) -> Sequence[Workplace]:
        """All workers that have a part of it."""
        return () if self._worker is None else (self._worker,)

    # What people do with it

    def pause(self, because: str | None = None) -> None:
        with self._lock:
            if self.state is State.RUNNING:
                super().pause(because)
                self._post(m.Pause, because=to_plain(because))

    def hold(self, because: str) -> None:
        with self._lock:
            super().hold(because)
            self._post(m.Hold, because=to_plain(because))

    def stop(self) -> None:
        with self._lock:
            before = self.state
            super().stop()
            if self.state is not before:
                self._post(m.Stop)

    def refresh(self) -> None:
        """Show the run anew to whoever looks; if somebody does, it comes to a worker."""
        self._watch(afresh=True)

    def retire(self) -> None:
        with self._lock:
            if self._worker is not None:
                self._worker.put(m.Retire(run=self.id, build=self.build))
            self._worker, self._is_over, self.state = None, True, State.STOPPED
            self._refuse_all(None)
        self._home.drop(self.id)

    # What it is asked

    def obey(self, seconds: float = math.inf) -> bool:
        """Wait for what it was asked, for those on the server that go on from it."""
        with self._lock:
            waiting = [answer for answer, _ in self._replies.values()]
        wait(waiting, min(seconds, PATIENCE))
        return False

    def _ask_for(self, kind: type[m.Asked], wanted: Callable[[Any], Any], /, **values: Any) -> Future[Any]:
        """The answer to a message, of which `wanted` makes what is wanted."""
        answer: Future[Any] = Future()
        with self._lock:
            if self._is_over:
                answer.cancel()
                return answer
            self._asked += 1
            self._replies[self._asked] = answer, wanted
            self._post(kind, reply=self._asked, **values)
        return answer

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
                worker = self._place()
            except Trouble as none:
                self._stay_out(none)
                return
            self._worker, self._coming, self._begun = worker, False, begun
            early, self._early = self._early, []
            heard = self._number - sum(isinstance(each, m.Command) for each in early)
            suspected = time.monotonic() < self._suspected_until
            worker.put(message.model_copy(update={"number": heard, "suspected": suspected}))
            self._introduce(message)
            for each in early:
                worker.put(each)

    def _place(self) -> Workplace:
        """The worker to come to. Raises Trouble where there is none."""
        return self._home.place(self.seat)

    def _stay_out(self, none: Trouble) -> None:
        """There is no worker now. The next command, or whoever looks at it then, lets it look for one again."""
        with self._lock:
            if self.state is State.RUNNING or (self.message is None and self.state in (State.READY, State.PAUSED)):
                self.message = _said(none)  # first: a page that sees the state also says why
                self.state = State.PAUSED if self.state is State.RUNNING else self.state
            self._coming, self._early, self._views = False, [], frozenset()
            self._refuse_all(none)
            self._show_without_networks()

    def _give_up(self, because: str) -> None:
        """It can't be brought to a worker."""
        self.message, self.state, self._is_over, self._coming, self._early = because, State.FAILED, True, False, []
        self._refuse_all(None)
        self._show_without_networks()

    @abstractmethod
    def _introduce(self, message: m.Arriving) -> None:
        """Tell the worker what else it must know, before what people did meanwhile."""

    @abstractmethod
    def _show_without_networks(self) -> None:
        """Let whoever looks know of the state and the message."""

    # What its worker says

    def hear(self, message: m.OfRun) -> None:
        """Take in what the worker says of it; of a build before a reset, only answers count."""
        with self._lock:
            is_current = message.build == self.build
            if isinstance(message, m.Answered | m.Frozen | m.MemberTaken | m.Refused):
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
        """Take in what the worker says of its present build."""
        match message:
            case m.NotMade():
                self._worker = None
                self._give_up(message.sentence)
            case m.Facts():
                self._iteration = message.iteration
                if message.heard >= self._number:
                    self.message, self.state = from_plain(message.message), State(message.state)

    def _answer(self, message: Answer | m.Refused) -> None:
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

    # Its worker has ended

    def lose_worker(self, *, at_work: bool | None) -> None:
        """Come back as it was copied last, at rest.

        Args:
            at_work: whether the worker was at work on it when it ended; None where nobody knows. Then the next worker
                announces its work on it.
        """
        with self._lock:
            if at_work is None:
                self._suspected_until = time.monotonic() + REMEMBERED
            at, trained = self.iteration, self.state is State.RUNNING
            self._worker, self._views, self._early, self._coming = None, frozenset(), [], False
            self._refuse_all(Trouble(LOST, self._once_back))
            if self.state not in (State.FAILED, State.STOPPED) and (trained or at != self._saved):
                self.message, self.state = self._why_back(at), State.PAUSED
            self._go_back()
            if at_work and self._too_many_deaths():
                self._give_up(self._why_set_aside(len(self._deaths)))
            else:
                self._show_without_networks()  # until a worker shows them
        self.refresh()

    @abstractmethod
    def _go_back(self) -> None:
        """Be as it was copied last, with the state and the message that it has."""

    @abstractmethod
    def _why_back(self, at: int) -> str:
        """What to say of a run whose worker has ended at this iteration."""

    @abstractmethod
    def _why_set_aside(self, deaths: int) -> str:
        """What to say of a run at which so many workers were at work when they ended."""

    def _too_many_deaths(self) -> bool:
        now = time.monotonic()
        self._deaths = [*(each for each in self._deaths if now - each < REMEMBERED), now]
        return len(self._deaths) >= MOST_DEATHS

    # In place of what a job here would do

    def _command(self, *_: Any) -> None:
        """A run's own commands are functions for a thread; here messages are posted in their place."""


def _answer_in(message: Answer | m.Refused) -> Answer:
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

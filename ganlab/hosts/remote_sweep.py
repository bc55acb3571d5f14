"""A wall whose members are in workers: those that are trained as one computation are in one, others in another."""

from __future__ import annotations

import time
from collections.abc import Sequence
from concurrent.futures import Future
from typing import Any

from ganlab.experiment.sentence import Sentence, from_plain
from ganlab.hosts import messages as m
from ganlab.hosts.arrivals import wall
from ganlab.hosts.correspondent import Correspondent
from ganlab.hosts.home import Home, Workplace
from ganlab.hosts.packing import unpack_with_history
from ganlab.hosts.parts import Spread, merged, wall_in
from ganlab.hosts.worker_run import FIRST_UNTIL
from ganlab.live.frames import header
from ganlab.runs.audience import Audience
from ganlab.runs.checkpoint import Checkpoint
from ganlab.runs.state import State
from ganlab.runs.sweeps.plan import Plan
from ganlab.runs.sweeps.sweep import Sweep
from ganlab.training.batched import families

WALL_ENDED = (
    "A process that trained this wall ended at iteration {at:,}. A wall is not saved while it trains: press Go on to "
    "begin it again."
)
WALL_SET_ASIDE = (
    "This wall is set aside: the process that trained it has ended {times} times while it worked on it. The computer "
    "may not have enough memory for it: choose fewer members, a smaller batch, fewer channels or units, or smaller "
    "images."
)
BEGIN_AGAIN = "Train the wall again."
AHEAD_SECONDS = 0.5  # about so long the slowest part takes to where the others may be
MOST_AHEAD = 10_000  # iterations


class RemoteSweep(Correspondent, Sweep):
    """A wall that mirrors one in workers, and passes commands on to it as messages: see `Correspondent`.

    Families of members (see `together`) are shared out among as many workers as there are, and each trains to the same
    bits as in one worker. So that members are compared at the same iteration, no part trains far ahead of the slowest,
    and all of them rest at the same iteration.
    """

    _once_back = BEGIN_AGAIN

    def __init__(self, plan: Plan, audience: Audience, home: Home) -> None:
        super().__init__(plan, audience)
        self._correspond(home, wall(plan))
        self._begin_parts()

    def _begin_parts(self) -> None:
        self._done: dict[int, int] = {}  # iterations by part
        self._ended: set[int] = set()  # the parts that are finished
        self._shown: dict[int, tuple[float, dict[str, Any]]] = {}  # by part, its rate and its view
        self._until, self._ahead = FIRST_UNTIL, FIRST_UNTIL
        self._led_at, self._led_from = time.monotonic(), 0

    @property
    def iteration(self) -> int:
        """Iterations that every member has done, as the worker said last."""
        return self._iteration

    def play(self) -> None:
        """See `Sweep`; so for all others."""
        with self._lock:
            if self.state in (State.READY, State.PAUSED, State.FINISHED):
                super().play()
                self._post(m.Play, rest=None)

    def checkpoint(self, member: int) -> Future[Checkpoint]:
        return self._ask_for(m.TakeMember, lambda taken: unpack_with_history(taken.checkpoint), member=member)

    @property
    def workers(self) -> Sequence[Workplace]:
        return self._worker.workers if isinstance(self._worker, Spread) else super().workers

    def hear(self, message: m.OfRun) -> None:
        if isinstance(message, m.Frame) and len(workers := self.workers) > 1:
            with self._lock:
                if message.build == self.build and self._worker is not None:
                    self._show_part(message)
            workers[message.part].put(m.NextFrame(run=self.id, build=self.build))
        else:
            super().hear(message)

    def lose_worker(self, *, at_work: bool | None) -> None:
        with self._lock:
            if self._worker is not None:  # to whoever has the other parts
                self._worker.put(m.Retire(run=self.id, build=self.build))
            self.build += 1  # what was on its way from there is of no use
            super().lose_worker(at_work=at_work)

    def _place(self) -> Workplace:
        workers = self._home.place_parts(self.seat, len(families(self.plan.experiments)))
        return workers[0] if len(workers) == 1 else Spread(workers)

    def _introduce(self, message: m.Arriving) -> None:
        assert self._worker is not None
        self._worker.put(m.Belong(run=self.id, build=self.build, seat=self.seat))

    def _note(self, message: m.OfRun) -> None:
        if isinstance(message, m.Broken):
            self.broken |= {member: from_plain(why) for member, why in message.members.items()}
            self._rest_if_all_broke()
        elif isinstance(message, m.Facts) and len(self.workers) > 1:
            self._note_part(message)
        else:
            super()._note(message)

    # In several parts

    def _note_part(self, facts: m.Facts) -> None:
        """Take in how a part is. Only what it does by itself changes the state of the whole."""
        self._done[facts.part] = facts.iteration
        parts = len(self.workers)
        self._iteration = min(self._done.get(part, 0) for part in range(parts))
        state = State(facts.state)
        (self._ended.add if state is State.FINISHED else self._ended.discard)(facts.part)
        if self.state is not State.RUNNING or facts.heard < self._number:
            return
        if len(self._ended) == parts or state is State.FAILED:
            self.message, self.state = from_plain(facts.message), state
            if state is State.FAILED:
                self._post(m.Pause, because=None)  # to the others
                self._show_without_networks()
        elif state is State.PAUSED:
            self.pause(from_plain(facts.message))
        else:
            self._lead()

    def _lead(self) -> None:
        """Let all parts train on when the slowest has done half of what it may, for about so many seconds more."""
        now, done = time.monotonic(), self._iteration - self._led_from
        if self._until - self._iteration > self._ahead // 2:
            return
        fit = int(done * AHEAD_SECONDS / max(now - self._led_at, 1e-3))
        self._ahead = min(max(fit, 2), 2 * self._ahead, MOST_AHEAD)
        self._led_at, self._led_from = now, self._iteration
        self._until = max(self._until, self._iteration + self._ahead)  # never back: some part may be there already
        assert self._worker is not None
        self._worker.put(m.TrainTo(run=self.id, build=self.build, until=self._until))

    def _show_part(self, message: m.Frame) -> None:
        rate = header(message.frame).get("rate", 0.0)
        if view := wall_in(message.frame):
            self._shown[message.part] = rate, view
        parts = [self._shown[part] for part in range(len(self.workers)) if part in self._shown]
        if len(parts) == len(self.workers):
            rate = sum(each for each, _ in parts) if self.state is State.RUNNING else 0.0
            facts = self._facts({"wall": merged(self.plan, [view for _, view in parts])})
            self._audience.publish(self.id, facts | {"rate": rate})

    def _show_without_networks(self) -> None:
        self._audience.publish(self.id, self._facts({}))

    def _go_back(self) -> None:
        self._iteration, self.broken = 0, {}
        self._begin_parts()

    def _why_back(self, at: int) -> str:
        return Sentence(WALL_ENDED, at=at)

    def _why_set_aside(self, deaths: int) -> str:
        return Sentence(WALL_SET_ASIDE, times=deaths)

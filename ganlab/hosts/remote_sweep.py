"""A wall whose members are in a worker, all in one: they are trained as one computation."""

from __future__ import annotations

from concurrent.futures import Future

from ganlab.experiment.sentence import Sentence, from_plain
from ganlab.hosts import messages as m
from ganlab.hosts.arrivals import wall
from ganlab.hosts.correspondent import Correspondent
from ganlab.hosts.home import Home
from ganlab.hosts.packing import unpack_with_history
from ganlab.runs.audience import Audience
from ganlab.runs.checkpoint import Checkpoint
from ganlab.runs.state import State
from ganlab.runs.sweeps.plan import Plan
from ganlab.runs.sweeps.sweep import Sweep

WALL_ENDED = (
    "The process that trained this wall ended at iteration {at:,}. A wall is not saved while it trains: press Go on to "
    "begin it again."
)
WALL_SET_ASIDE = (
    "This wall is set aside: the process that trained it has ended {times} times while it worked on it. The computer "
    "may not have enough memory for it: choose fewer members, a smaller batch, fewer channels or units, or smaller "
    "images."
)
BEGIN_AGAIN = "Train the wall again."


class RemoteSweep(Correspondent, Sweep):
    """A wall that mirrors one in a worker, and passes commands on to it as messages: see `Correspondent`."""

    _once_back = BEGIN_AGAIN

    def __init__(self, plan: Plan, audience: Audience, home: Home) -> None:
        super().__init__(plan, audience)
        self._correspond(home, wall(plan))

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

    def _introduce(self, message: m.Arriving) -> None:
        assert self._worker is not None
        self._worker.put(m.Belong(run=self.id, build=self.build, seat=self.seat))

    def _note(self, message: m.OfRun) -> None:
        if isinstance(message, m.Broken):
            self.broken = {member: from_plain(why) for member, why in message.members.items()}
        else:
            super()._note(message)

    def _show_without_networks(self) -> None:
        self._audience.publish(self.id, self._facts({}))

    def _go_back(self) -> None:
        self._iteration, self.broken = 0, {}

    def _why_back(self, at: int) -> str:
        return Sentence(WALL_ENDED, at=at)

    def _why_set_aside(self, deaths: int) -> str:
        return Sentence(WALL_SET_ASIDE, times=deaths)

"""What a worker tells the server of its runs: how they are, their curves, and copies to be stored."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from ganlab.experiment.sentence import to_plain
from ganlab.hosts import messages as m
from ganlab.hosts.channel import Outbox
from ganlab.hosts.packing import pack, pack_looks, pack_picture, pack_with_history
from ganlab.hosts.worker_run import WorkerRun, WorkerTrial, WorkerWall
from ganlab.runs.checkpoint import Checkpoint
from ganlab.runs.fork import Origin
from ganlab.runs.keeping.draft import Draft
from ganlab.runs.keeping.stored_run import origin_values, values_of
from ganlab.runs.record import RunRecord
from ganlab.runs.trials.comparison import Looks
from ganlab.training.history import Floats, History

TELL_SECONDS = 0.2  # between two looks at the facts about runs that train
MOST_WAITING = 200  # messages; with more, the server is busy, and facts and copies wait


@dataclass
class Told:
    """What the server was told of a run.

    Attributes:
        story: how much was done to the run by then, and where it comes from; of a wall, how many members had broken.
        looks: what was counted in a trial by then.
        rows: how many rows of `history` it has.
    """

    facts: m.Facts | None = None
    story: tuple[int, int, Origin | None] = (0, 0, None)
    looks: Looks = field(default_factory=dict)
    history: History | None = None
    rows: int = 0


class Reports:
    """Sends the server what it does not know yet."""

    def __init__(self, outbox: Outbox) -> None:
        self._outbox = outbox
        self._told: dict[str, Told] = {}
        self._told_at = 0.0  # when the facts about all runs were looked at last (`time.monotonic`)
        self._sending_rows = threading.Lock()

    @property
    def may_wait(self) -> bool:
        """Whether so much is on its way that what is not urgent had better wait."""
        return len(self._outbox) >= MOST_WAITING

    def forget(self, run_id: str) -> None:
        """The run is gone."""
        self._told.pop(run_id, None)

    def tell_all(self, runs: Iterable[WorkerRun | WorkerWall], *, urgent: bool) -> None:
        """Send the facts about all of them, if it is time to: together, since each trip through a cluster costs."""
        if not urgent and (time.monotonic() - self._told_at < TELL_SECONDS or self.may_wait):
            return
        self._told_at = time.monotonic()
        for run in runs:
            self.tell(run)

    def tell(self, run: WorkerRun | WorkerWall) -> None:
        """Send the facts about a run or a wall, if they have changed."""
        told = self._told.setdefault(run.id, Told())
        heard, story = run.heard, _so_far(run)  # before what may follow from it
        looks = run.looks if isinstance(run, WorkerTrial) else told.looks
        facts = m.Facts(
            run=run.id,
            build=run.build,
            heard=heard,
            state=str(run.state),
            message=to_plain(run.message),
            iteration=run.iteration,
            rate=run.rate if isinstance(run, WorkerRun) else 0.0,
            part=run.part if isinstance(run, WorkerWall) else 0,
        )
        if story != told.story:
            self._outbox.put(_story(run))
        if looks is not told.looks:
            self._outbox.put(m.Looked(run=run.id, build=run.build, looks=pack_looks(looks)))
        if facts != told.facts:
            self._outbox.put(facts)
        told.facts, told.story, told.looks = facts, story, looks

    def frozen(self, run: WorkerRun, message: m.Freeze, record: RunRecord) -> Callable[[], m.Message]:
        """Makes the reply to `Freeze`, after what it lacks of the history."""
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

    def copied(self, run: WorkerRun, draft: Draft) -> None:
        """Send a copy of a run, so that the server stores it."""
        record = draft.record
        if record.checkpoint is None:
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


def member_taken(wall: WorkerWall, message: m.TakeMember, checkpoint: Checkpoint) -> Callable[[], m.Message]:
    """Makes the reply to `TakeMember`."""
    return lambda: m.MemberTaken(
        run=wall.id, build=message.build, reply=message.reply, checkpoint=pack_with_history(checkpoint)
    )


def _so_far(run: WorkerRun | WorkerWall) -> tuple[int, int, Origin | None]:
    """How much has happened to it that is told once, when it happens."""
    if isinstance(run, WorkerRun):
        return run.build, len(run.interventions), run.origin
    return run.build, len(run.broken), None


def _story(run: WorkerRun | WorkerWall) -> m.Story | m.Broken:
    if isinstance(run, WorkerWall):
        broken = {member: to_plain(why) for member, why in run.broken.items()}
        return m.Broken(run=run.id, build=run.build, members=broken)
    done = [(each.iteration, each.kind, dict(each.values)) for each in run.interventions]
    origin = None if run.origin is None else origin_values(run.origin)
    return m.Story(run=run.id, build=run.build, interventions=done, origin=origin)

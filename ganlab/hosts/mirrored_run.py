"""A run whose networks are in a worker, as the server keeps up with it: how it comes there, and what is said of it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ganlab.experiment import LIVE_FIELDS, Experiment
from ganlab.experiment.sentence import Sentence
from ganlab.hosts import messages as m
from ganlab.hosts.arrivals import as_stored, untrained
from ganlab.hosts.correspondent import Correspondent
from ganlab.hosts.home import Home
from ganlab.hosts.packing import rows_of, unpack, unpack_picture
from ganlab.runs.audience import Audience
from ganlab.runs.checkpoint import Checkpoint
from ganlab.runs.directions import directions_to_json
from ganlab.runs.keeping.draft import Draft
from ganlab.runs.keeping.stored_run import origin_of, record_of
from ganlab.runs.picks import as_lists
from ganlab.runs.record import RunRecord
from ganlab.runs.run import Run
from ganlab.runs.state import Intervention
from ganlab.training.history import SCALARS_OF, History

ENDED = (
    "The process that trained this run ended at iteration {at:,}. Here the run is at iteration {iteration:,}, where it "
    "was saved last: press Train to go on."
)
BEGUN_AGAIN = "The process that trained this run ended before the run was saved: press Train to begin it again."
SET_ASIDE = (
    "This run is set aside: the process that trained it has ended {times} times while it worked on this run. {saved} "
    "The computer may not have enough memory for it: choose a smaller batch, fewer channels or units, or smaller "
    "images, and reset it."
)
SAVED, NOT_SAVED = "It is saved at iteration {iteration:,}.", "It was not saved yet."
ASK_AGAIN = "The run is brought back as it was saved last: try again."


class MirroredRun(Correspondent, Run):
    """The part of a remote run that its worker hears and is heard by. See `RemoteRun`."""

    _once_back = ASK_AGAIN

    def __init__(self, experiment: Experiment, audience: Audience, home: Home) -> None:
        super().__init__(experiment, audience)
        self._correspond(home, untrained(experiment))
        self._mirror = History(SCALARS_OF[experiment.model])
        self._begun: Checkpoint | None = None
        self._rate = 0.0

    def _notes(self) -> dict[str, Any]:
        directions = directions_to_json(self.directions.values())
        return {"name": self.name, "directions": directions, "picks": as_lists(self.picks)}

    def _introduce(self, message: m.Arriving) -> None:
        assert not isinstance(message, m.BeginWall)
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

    def _show_without_networks(self) -> None:
        self._audience.publish(self.id, self._facts(None, {}))

    # What its worker says

    def _note(self, message: m.OfRun) -> None:
        match message:
            case m.Facts():
                super()._note(message)
                self._rate = message.rate
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
            case _:
                super()._note(message)

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

    def _go_back(self) -> None:
        self._rate = 0.0
        self._iteration = self._saved or (0 if self.origin is None else self.origin.iteration)
        if self._saved:
            self._arrival = as_stored(lambda: self._home.latest(self.id), self.state, self.message)
        else:
            self.interventions = []

    def _why_back(self, at: int) -> str:
        return Sentence(ENDED, at=at, iteration=self._saved) if self._saved else BEGUN_AGAIN

    def _why_set_aside(self, deaths: int) -> str:
        saved = Sentence(SAVED, iteration=self._saved) if self._saved else NOT_SAVED
        return Sentence(SET_ASIDE, times=deaths, saved=saved)

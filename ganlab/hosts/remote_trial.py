"""A run of a trial whose networks are in a worker, with those that are tried with it."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future

from ganlab.experiment.sentence import Sentence
from ganlab.hosts import messages as m
from ganlab.hosts.arrivals import trying
from ganlab.hosts.packing import pack_looks, unpack_looks
from ganlab.hosts.remote_run import RemoteRun
from ganlab.runs.checkpoint import Checkpoint
from ganlab.runs.trials.comparison import Looks
from ganlab.runs.trials.trial_run import TrialRun

TRIAL_ENDED = (
    "The process that trained this trial ended {since:,} iterations after the fork. A trial is not saved while it "
    "trains: press Train to begin it again from the same moment. It will come to the same numbers."
)


class RemoteTrial(RemoteRun, TrialRun):
    """A trial that mirrors one in a worker; what is counted of its twin, in another one perhaps, comes by the server.

    Its copies are stored as those of any run. But they hold nothing of the others that are tried with it: as long as it
    is compared, it comes back as it was at its moment.
    """

    def compare_with(self, looks: Looks) -> None:
        """See `TrialRun`; so for all others."""
        super().compare_with(looks)
        with self._lock:
            if self._worker is not None:  # else it is told when it comes there
                self._tell_of_twin()

    def reset(self) -> None:
        super().reset()
        self._know({})

    def _go_on(
        self, parent: str, checkpoint: Future[Checkpoint], obey: Callable[[], object], wall: bool = False
    ) -> None:
        self.come_from(trying(self.experiment, parent, checkpoint), checkpoint)

    def _introduce(self, message: m.Arriving) -> None:
        super()._introduce(message)
        if isinstance(message, m.Try):
            self._tell_of_twin()

    def _tell_of_twin(self) -> None:
        assert self._worker is not None
        self._worker.put(m.CompareWith(run=self.id, build=self.build, looks=pack_looks(self.twin_looks)))

    def _note(self, message: m.OfRun) -> None:
        if isinstance(message, m.Looked):
            self._know(unpack_looks(message.looks))
            return
        super()._note(message)
        if isinstance(message, m.Copied) and _is_compared(message):
            self._saved = 0

    def _why_back(self, at: int) -> str:
        if self._saved or self.origin is None:
            return super()._why_back(at)
        return Sentence(TRIAL_ENDED, since=at - self.origin.iteration)


def _is_compared(copied: m.Copied) -> bool:
    """Whether it was neither reset nor changed by hand by then."""
    return copied.record["origin"] is not None and not copied.record["interventions"]

"""Saves the runs of a Lab as they go, without holding up training: the training thread copies, another one writes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from ganlab.experiment.sentence import Sentence
from ganlab.runs.keeping.copier import Copier
from ganlab.runs.keeping.draft import Draft
from ganlab.runs.keeping.intervals import SAVE_SECONDS
from ganlab.runs.keeping.store import Store
from ganlab.runs.keeping.writer import Writer
from ganlab.runs.record import RunRecord
from ganlab.runs.run import Run
from ganlab.runs.state import State
from ganlab.runs.training_job import new_id

AT_ITS_BEST = "A new run that goes on from the best weights, those of iteration {iteration:,}."
PARTED = (
    "Another GanLab has trained this run further since you opened it here. Both are kept: what you train here is "
    "saved as a new run, which is listed under Runs. Press Train to go on."
)

Restore = Callable[[RunRecord, Callable[[], RunRecord]], Run]  # as `Run.restored` does


class Keeper:
    """Stores each run as soon as it trains, when it comes to rest, and every few seconds in between."""

    def __init__(self, store: Store, save_seconds: float = SAVE_SECONDS) -> None:
        self.store = store
        self._writer = Writer(store, lambda draft: draft.hold(Sentence(PARTED)))
        self._copier = Copier(self._writer.put, save_seconds)

    # Any thread

    @property
    def trouble(self) -> str | None:
        """Why the last state could not be saved, and what to do; None once one can be again."""
        return self._writer.trouble

    def on_saved(self, saved: Callable[[str], None]) -> None:
        """Call this with the id of each run after it was written, on the thread that writes."""
        self._writer.saved = saved

    def restore(self, run_id: str, restored: Restore) -> Run | None:
        """A stored run, at rest as it was saved; None if it is not here. Its weights are read when it is built.

        Args:
            restored: makes the run, as `Run.restored` does.

        Raises:
            ExperimentError: it was saved with settings that this version or this machine does not have.
        """
        self.wait()
        if (draft := self._writer.waiting(run_id)) is not None:  # the disk does not take it at present
            run = restored(draft.record, lambda: draft.record)
            self._copier.note(run, draft.record.best, draft.lineage, is_stored=False)
            return run
        stored = self.store.run(run_id)
        if stored is None:
            return None
        run = restored(stored.record, lambda: self._read(run_id))
        self._copier.note(run, stored.best)
        return run

    def restore_best(self, run_id: str, restored: Restore) -> Run | None:
        """Another run that goes on from the best that a stored one has been; None if there is none.

        Raises:
            ExperimentError: as `restore`, or its weights are gone.
        """
        self.wait()
        stored = self.store.run(run_id)
        if stored is None or stored.best is None:
            return None
        best = self.store.best_record(run_id)
        best = replace(
            best,
            id=new_id(),
            name=f"{best.name} at its best" if best.name else "",
            state=State.PAUSED,
            message=Sentence(AT_ITS_BEST, iteration=best.iteration),
            best=None,  # not its own
        )
        run = restored(best, lambda: best)
        self._copier.note(run)
        return run

    def latest(self, run_id: str) -> RunRecord:
        """All of a run as it was saved last, on the disk or on its way there.

        Raises:
            ExperimentError: it was never saved, or can't be read.
        """
        self.wait()
        draft = self._writer.waiting(run_id)
        return self.store.record(self._writer.stored_as(run_id)) if draft is None else draft.record

    def _read(self, run_id: str) -> RunRecord:
        """All of a run as it is stored now; another process may have stored it anew since it was found here."""
        if (stored := self.store.run(run_id)) is not None:
            self._writer.read_from(run_id, stored.file)
        return self.store.record(run_id)

    def put(self, draft: Draft) -> None:
        """Save this copy of a run, which another process has made."""
        self._writer.put(draft)

    def forget(self, run_id: str) -> None:
        """Drop what still waits to be written of a run."""
        self._writer.forget(run_id)
        self._copier.forget(run_id)

    def wait(self) -> None:
        """Wait until all copies so far are written, or have failed."""
        self._writer.wait()

    def close(self) -> None:
        """Write what waits, and end the writing thread."""
        self._writer.close()

    # The training thread

    def copy_if_due(self, run: Run) -> None:
        """Copy the run, if it is time to save it."""
        self._copier.copy_if_due(run)

    def finish(self, runs: Iterable[Run]) -> None:
        """Copy what has changed of these runs, whenever they were saved last: nobody will train them any more."""
        self._copier.finish(runs)

"""Writes records to the store, on a thread of its own, and goes on trying where the disk does not take them."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import replace

from ganlab.runs.keeping.database import StoreUnusable
from ganlab.runs.keeping.draft import Draft
from ganlab.runs.keeping.rows import ConflictingSave
from ganlab.runs.keeping.store import Store
from ganlab.runs.record import BestCheckpoint
from ganlab.runs.training_job import new_id

logger = logging.getLogger(__name__)

FIRST_RETRY_SECONDS, LAST_RETRY_SECONDS = 1.0, 60.0  # after a save that failed; each wait is twice the one before


class Writer:
    """Takes drafts from any thread and writes them, of each run only the newest.

    A draft that could not be written is kept and tried again, after a pause that grows, until it is written.

    Attributes:
        trouble: why the last draft could not be saved, and what to do; None once one can be again.
    """

    def __init__(self, store: Store, parted: Callable[[Draft], None]) -> None:
        """`parted` is called on the writing thread, with a draft of a run that another process has stored since it was
        read here."""
        self.store = store
        self.trouble: str | None = None
        self.saved: Callable[[str], None] = lambda run_id: None  # called with the id of each run that was written
        self._parted = parted
        self._best: dict[str, BestCheckpoint] = {}  # the best weights of each run, until they are on the disk
        self._stored_as: dict[str, str] = {}  # the ids under which runs are stored that another process stores, too
        self._news = threading.Condition()
        self._waiting: dict[str, Draft] = {}
        self._files: dict[str, str] = {}  # of the newest state of each run, as far as this process knows
        self._writing = False
        self._closing = False
        self._pause = 0.0  # before the next attempt
        self._retry_at = 0.0
        self._thread: threading.Thread | None = None

    def put(self, draft: Draft) -> None:
        """Write it soon. Of the best weights a run's later drafts name only the figures: they are kept until then."""
        with self._news:
            self._waiting[draft.record.id] = self._with_best(draft)
            if self._thread is None:
                self._thread = threading.Thread(target=self._write, name="ganlab-saving", daemon=True)
                self._thread.start()
            self._news.notify_all()

    def waiting(self, run_id: str) -> Draft | None:
        """What still has to be written of a run."""
        with self._news:
            return self._waiting.get(run_id)

    def stored_as(self, run_id: str) -> str:
        """The id under which a run is stored: another one where another process stores the run, too."""
        with self._news:
            return self._stored_as.get(run_id, run_id)

    def forget(self, run_id: str) -> None:
        """Drop what still waits to be written of a run."""
        with self._news:
            self._waiting.pop(run_id, None)
            self._best.pop(run_id, None)

    def _with_best(self, draft: Draft) -> Draft:
        best, kept = draft.record.best, self._best.get(draft.record.id)
        if best is None or best.checkpoint is not None:
            self._best |= {} if best is None else {draft.record.id: best}
        elif kept is not None and kept.iteration == best.iteration:
            return replace(draft, record=replace(draft.record, best=kept))
        return draft

    def read_from(self, run_id: str, file: str) -> None:
        """A run is gone on with from this file: who stores it later must have seen it."""
        with self._news:
            self._files[run_id] = file
            self._stored_as = {own: other for own, other in self._stored_as.items() if other != run_id}

    def wait(self) -> None:
        """Wait until all drafts so far are written, or have failed."""
        with self._news:
            self._news.wait_for(lambda: not self._writing and (not self._waiting or self._pause > 0))

    def close(self) -> None:
        """Write what waits, as far as the disk takes it, and end the thread."""
        with self._news:
            self._closing = True
            self._news.notify_all()
        if self._thread is not None:
            self._thread.join()

    # The thread that writes

    def _write(self) -> None:
        while (draft := self._next()) is not None:
            try:
                self._save(draft)
            except (OSError, StoreUnusable) as error:
                self._try_again(draft, error)
            except Exception as error:
                logger.exception("A run could not be saved")
                self._say(error)
            with self._news:
                self._writing = False
                self._news.notify_all()

    def _next(self) -> Draft | None:
        """The draft that has waited longest; None when there will be no more."""
        with self._news:
            while not self._closing and not (self._waiting and time.monotonic() >= self._retry_at):
                self._news.wait(max(0.0, self._retry_at - time.monotonic()) if self._waiting else None)
            if not self._waiting:
                return None
            self._writing = True
            return self._waiting.pop(next(iter(self._waiting)))

    def _save(self, draft: Draft) -> None:
        record = draft.record
        record = replace(record, id=self._stored_as.get(record.id, record.id))
        try:
            saved = self.store.save(record, draft.samples, draft.lineage, self._files.get(record.id))
        except ConflictingSave:
            self._stored_as[draft.record.id] = new_id()
            self._parted(draft)
            return self._save(draft)
        with self._news:
            self._files[record.id] = saved.file
            self._pause, self._retry_at = 0.0, 0.0
            if self._best.get(draft.record.id) is record.best:
                self._best.pop(draft.record.id, None)
        self.saved(draft.record.id)
        self.trouble = None
        if saved.excess > 0:
            self.trouble = (
                f"The runs that have a name take more than the {self.store.most_bytes / 1024**3:.0f} GB set aside for "
                f"runs, by {saved.excess / 1024**2:.0f} MB: delete some of them (under Runs)."
            )
        return None

    def _try_again(self, draft: Draft, error: Exception) -> None:
        self._say(error)
        with self._news:
            self._pause = min(2 * self._pause or FIRST_RETRY_SECONDS, LAST_RETRY_SECONDS)
            self._retry_at = time.monotonic() + self._pause
            if not self._closing:
                self._waiting.setdefault(draft.record.id, draft)

    def _say(self, error: Exception) -> None:
        self.trouble = (
            f"Runs can't be saved now ({error}). Training goes on, but what it learns is lost when the app closes: "
            f"free some space on the disk of {self.store.folder}."
        )

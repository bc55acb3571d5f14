"""Runs on the disk: a list of them in SQLite, and beside it the files of each.

A run has a safetensors file of its newest state, others of its best and of what it went on from, and a file of its
scalars. Any thread and any number of processes may use one folder at a time. A run's row names its files, and changes
only once they are whole, so that whatever breaks off half-way leaves the state saved before. Each file says all that
the row does, so that a list that is lost is made again.
"""

from __future__ import annotations

import json
import os
import secrets
import sqlite3
import sys
import time
from collections.abc import Collection, Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from ganlab.experiment import Experiment, ExperimentError
from ganlab.runs.checkpoint import Checkpoint
from ganlab.runs.fork import Origin
from ganlab.runs.keeping import checkpoint_file, history_file, rows
from ganlab.runs.keeping.database import Database, StoreUnusable, read_scalars
from ganlab.runs.keeping.files import files_left, new_checkpoints, orphans
from ganlab.runs.keeping.picture import SamplePreview, draw
from ganlab.runs.keeping.recovery import found_again
from ganlab.runs.keeping.rows import FILES, Storage, Which
from ganlab.runs.keeping.stored_run import StoredRun, values_of
from ganlab.runs.record import RunRecord
from ganlab.training.history import SCALARS_OF, Floats

MOST_BYTES = 4 * 1024**3  # of all runs together; then the oldest without a name go
UNDO_SECONDS = 3600.0  # how long a deleted run can be had back
ORPHAN_SECONDS = 3600.0  # a file that no row names may belong to a process that is about to name it
EMPTY_SECONDS = 10.0  # likewise where the list names no run at all, as one that somebody has emptied
GONE = "This run is no longer stored."


def place() -> Path:
    """Where runs are kept: $GANLAB_RUNS, else ganlab/runs under the user's own data."""
    if chosen := os.environ.get("GANLAB_RUNS"):
        return Path(chosen).expanduser()
    users = os.environ.get("XDG_DATA_HOME") or os.environ.get("LOCALAPPDATA")
    if users:
        data = Path(users)
    else:
        data = Path.home() / ("Library/Application Support" if sys.platform == "darwin" else ".local/share")
    return data / "ganlab" / "runs"


@dataclass(frozen=True)
class SaveResult:
    """The result of a save.

    Attributes:
        file: of the state that was saved.
        excess: by how many bytes all runs are over the limit.
    """

    file: str
    excess: int


class Store:
    """The runs in one folder, which is made if need be; a folder that may only be read is read.

    Attributes:
        folder: where the files are.
        most_bytes: of all runs together; then the oldest without a name go.

    Raises:
        StoreUnusable: the folder can't be used, or holds the runs of a newer GanLab.
    """

    def __init__(self, folder: Path, most_bytes: int = MOST_BYTES) -> None:
        self.folder = folder
        self.most_bytes = most_bytes
        self._database = Database(folder)
        try:
            self._make_ready()
        except OSError as error:
            raise _unusable(folder, error) from None
        except StoreUnusable as error:
            if not self._database.readable():
                raise _unusable(folder, error.__cause__) if error.__cause__ is not None else error from None
        with suppress(OSError, StoreUnusable):  # a folder that is full or may only be read is read as it is
            self._sweep()

    def save(self, record: RunRecord, samples: SamplePreview, lineage: str, after: str | None = None) -> SaveResult:
        """Put this record of a run in place of the one before.

        Args:
            samples: a few, to make a picture of.
            lineage: the same for two records of which the later one went on from the earlier one.
            after: the file of the state that the run was read from, or that was saved here last; None of a new run.

        Raises:
            ConflictingSave: what is stored is another state than `after`.
            OSError, StoreUnusable: the disk does not take it; the state before is still there.
        """
        self._make_ready()
        before = self._row(record.id)
        if before is not None and before["file"] != after:
            raise rows.ConflictingSave(record.id)
        checkpoints = new_checkpoints(record, before, lineage)
        fresh = {FILES[which]: f"{secrets.token_hex(8)}.safetensors" for which in checkpoints}
        files = files_left(record, before) | {"history_file": f"{lineage}.history"} | fresh
        created, drawn = time.time() if before is None else before["created"], draw(samples)
        values, storage = values_of(record), Storage(files, created, time.time(), lineage, drawn)
        try:
            history_file.append(self.folder / f"{lineage}.history", checkpoints["last"].history)
            for which, checkpoint in checkpoints.items():
                about = values | {"stored": storage.to_json_values(which)}
                checkpoint_file.write(checkpoint, self.folder / fresh[FILES[which]], about)
            with self._database.changing() as db:
                rows.put(db, rows.row_of(values, storage, self.folder), after)
        except BaseException:
            self._remove({*fresh.values(), f"{lineage}.history"} - rows.files_of(before))
            raise
        self._remove(rows.files_of(before) - set(files.values()))
        return SaveResult(fresh[FILES["last"]], self.make_room(record.id))

    def runs(self) -> list[StoredRun]:
        """The stored runs, those saved last first, without those whose entry in the list is damaged."""
        return self.listing()[0]

    def listing(self) -> tuple[list[StoredRun], list[str]]:
        """The stored runs, those saved last first, and the ids of those whose entry in the list is damaged.

        Raises:
            StoreUnusable: the list can't be read at present.
        """
        with self._database.reading() as db:
            found = db.execute("SELECT * FROM runs WHERE deleted IS NULL ORDER BY saved DESC").fetchall()
        runs, damaged = [], []
        for row in found:
            try:
                runs.append(rows.stored_run(row))
            except (ValueError, KeyError, TypeError, AttributeError):
                damaged.append(str(row["id"]))
        return runs, damaged

    def run(self, run_id: str) -> StoredRun | None:
        """What is known of one run; None if it is not here.

        Raises:
            ExperimentError: its entry is damaged, or the list can't be read at present.
        """
        row = self._row(run_id)
        if row is None or row["deleted"] is not None:
            return None
        try:
            return rows.stored_run(row)
        except (ValueError, KeyError, TypeError, AttributeError):
            raise ExperimentError(
                f"The entry of the run {run_id} in {self._database.path} is damaged. Move that file to another "
                "folder: GanLab then makes the list again from the files of the runs."
            ) from None

    def record(self, run_id: str) -> RunRecord:
        """All of a run as it was last, with its checkpoint and the one that it went on from if it is a fork.

        Raises:
            ExperimentError: it is gone, damaged, or was saved with settings that this version does not have.
        """
        if (stored := self.run(run_id)) is None:
            raise ExperimentError(GONE)
        record = stored.record
        origin = record.origin
        if origin is not None:
            origin = self._origin(origin, run_id)
        return replace(record, origin=origin, checkpoint=self.checkpoint(run_id))

    def best_record(self, run_id: str) -> RunRecord:
        """Returns the record of the run when it was at its best. Raises the errors of `record`."""
        checkpoint = self.checkpoint(run_id, "best")
        at, record = checkpoint.iteration, self.record(run_id)
        return replace(
            record,
            experiment=Experiment.of(**checkpoint.plain["experiment"]),
            interventions=tuple(each for each in record.interventions if each.iteration <= at),
            iteration=at,
            checkpoint=checkpoint,
        )

    def checkpoint(self, run_id: str, which: Which = "last") -> Checkpoint:
        """A run's state: as it was last, at its best, or where it forked off.

        Raises:
            ExperimentError: it is gone or damaged.
        """
        try:
            return self._checkpoint(run_id, which)
        except ExperimentError:  # another process may have saved it anew in between, and removed the file
            return self._checkpoint(run_id, which)

    def rename(self, run_id: str, name: str) -> None:
        """Give a run this name. Without a name, its settings name it."""
        with self._database.changing() as db:
            db.execute("UPDATE runs SET name = ? WHERE id = ?", (name, run_id))
            row = db.execute("SELECT file FROM runs WHERE id = ?", (run_id,)).fetchone()
        with suppress(ExperimentError, OSError):  # it has the name in the list, and with the next save in its file
            if row is not None:
                checkpoint_file.rename(self.folder / row["file"], name)

    def delete(self, run_id: str) -> None:
        """Take a run off the list; for an hour it can be brought back."""
        with self._database.changing() as db:
            db.execute("UPDATE runs SET deleted = ? WHERE id = ?", (time.time(), run_id))

    def trim(self, run_ids: Collection[str], most: int) -> None:
        """Of these runs, take the oldest without a name off the list while there are more; see `delete`.

        Raises:
            StoreUnusable: the list can't be changed at present.
        """
        marks = ", ".join("?" * len(run_ids))
        listed = f"SELECT id, name FROM runs WHERE deleted IS NULL AND id IN ({marks}) ORDER BY name = '', saved DESC"
        with self._database.changing() as db:
            for row in db.execute(listed, (*run_ids,)).fetchall()[max(0, most) :]:
                if not row["name"]:
                    db.execute("UPDATE runs SET deleted = ? WHERE id = ?", (time.time(), row["id"]))

    def undelete(self, run_id: str) -> None:
        """Bring back a run that was deleted."""
        with self._database.changing() as db:
            db.execute("UPDATE runs SET deleted = NULL WHERE id = ?", (run_id,))

    def size(self) -> int:
        """Returns the size of all files together, in bytes."""
        with self._database.reading() as db:
            return int(db.execute("SELECT coalesce(sum(size), 0) FROM runs").fetchone()[0])

    def make_room(self, saved: str) -> int:
        """Keep within the limit: drop what was deleted, then the oldest runs without a name, but not the one saved.

        Returns the bytes that are still too many: nothing with a name is dropped.
        """
        droppable = (
            "SELECT * FROM runs WHERE id != ? AND (name = '' OR deleted IS NOT NULL) ORDER BY deleted IS NULL, saved"
        )
        with self._database.changing() as db:
            excess = db.execute("SELECT sum(size) FROM runs").fetchone()[0] - self.most_bytes
            dropped: set[str] = set()
            for row in db.execute(droppable, (saved,)).fetchall():
                if excess <= 0:
                    break
                db.execute("DELETE FROM runs WHERE id = ?", (row["id"],))
                dropped |= rows.files_of(row)
                excess -= row["size"]
        self._remove(dropped)
        return max(0, int(excess))

    def _make_ready(self) -> None:
        """Make the folder and the list where they are missing, and fill the list from the files that are there."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self._database.upgrade(lambda db: rows.add(db, found_again(self.folder.glob("*.safetensors"))))

    def _row(self, run_id: str) -> sqlite3.Row | None:
        with self._database.reading() as db:
            row: sqlite3.Row | None = db.execute("SELECT * FROM runs WHERE id = ?", (run_id,)).fetchone()
        return row

    def _origin(self, origin: Origin, run_id: str) -> Origin:
        """Returns the origin with its checkpoint. Older versions stored no sentence."""
        begun = self.checkpoint(run_id, "origin")
        found = Origin.of(origin.run, begun, origin.fresh)
        told = origin.sentence or found.sentence
        return replace(found, sentence=told, wall=origin.wall, shipped=origin.shipped)

    def _checkpoint(self, run_id: str, which: Which) -> Checkpoint:
        row = self._row(run_id)
        if row is None or row[FILES[which]] is None:
            raise ExperimentError(GONE)
        return checkpoint_file.read(self.folder / row[FILES[which]], self._history(row))

    def _history(self, row: sqlite3.Row) -> Floats:
        names = json.loads(row["scalars"])
        if "history_file" in row.keys() and row["history_file"] is not None:  # noqa: SIM118 (a row is no mapping)
            values = history_file.read(self.folder / row["history_file"], len(names))
        else:
            with self._database.reading() as db:
                values = read_scalars(db, row["id"], len(names))
        return history_file.in_order(values, names, SCALARS_OF[json.loads(row["experiment"]).get("model", "gan")])

    def _sweep(self) -> None:
        """Remove what was deleted long ago and what a killed process left; list the runs that are not listed."""
        with self._database.changing() as db:
            old = db.execute("SELECT * FROM runs WHERE deleted < ?", (time.time() - UNDO_SECONDS,)).fetchall()
            db.executemany("DELETE FROM runs WHERE id = ?", [(row["id"],) for row in old])
            listed = db.execute("SELECT * FROM runs").fetchall()
            unlisted = orphans(self.folder, listed, ORPHAN_SECONDS if listed else EMPTY_SECONDS)
            rows.add(db, found_again(path for path in unlisted if path.suffix == ".safetensors"))
            listed = db.execute("SELECT * FROM runs").fetchall()
        self._remove({name for row in old for name in rows.files_of(row)})
        self._remove({path.name for path in orphans(self.folder, listed, ORPHAN_SECONDS)})

    def _remove(self, names: Iterable[str]) -> None:
        for name in names:
            with suppress(OSError):  # it is gone already, or held by another program: a later start removes it
                (self.folder / name).unlink()


def _unusable(folder: Path, error: BaseException) -> StoreUnusable:
    return StoreUnusable(
        f"Runs can't be saved in {folder} ({error}), so they are lost when the app closes. Free some space on the "
        "disk, or set GANLAB_RUNS to a folder that GanLab may write to."
    )

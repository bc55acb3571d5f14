"""Runs on the disk: what is known of each in SQLite, its weights in a safetensors file beside.

Any thread and any number of processes may use one folder at a time. A run's row names the file that goes with it,
and changes only once that file is whole, so that whatever breaks off half-way leaves the state saved before.
"""

from __future__ import annotations

import json
import os
import secrets
import sqlite3
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

from ganlab.experiment import Experiment, ExperimentError
from ganlab.runs.checkpoint import Checkpoint
from ganlab.runs.fork import Origin
from ganlab.runs.keeping import checkpoint_file
from ganlab.runs.keeping.database import Database, StoreUnusable, read_scalars, write_scalars
from ganlab.runs.keeping.picture import Samples, draw
from ganlab.runs.keeping.stored_run import StoredRun, values_of
from ganlab.runs.record import RunRecord
from ganlab.training.history import SCALARS_OF

MOST_BYTES = 4 * 1024**3  # of all runs together; then the oldest without a name go
UNDO_SECONDS = 3600.0  # how long a deleted run can be had back
GONE = "This run is no longer stored."
ORPHAN_SECONDS = 3600.0  # a file that no row names may belong to a process that is about to name it

Which = Literal["last", "best", "origin"]
FILES: dict[Which, str] = {"last": "file", "best": "best_file", "origin": "origin_file"}  # columns of their names
NESTED = ("experiment", "initial_experiment", "interventions", "origin", "directions", "best", "scalars")
PLAIN = ("id", "name", "iteration", "state", "message")  # columns of a record's values; those above hold JSON


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


class Store:
    """The runs in one folder, which is made if need be.

    Raises:
        StoreUnusable: the folder can't be written to, or holds the runs of a newer GanLab.
    """

    def __init__(self, folder: Path, most_bytes: int = MOST_BYTES) -> None:
        self.folder = folder
        self.most_bytes = most_bytes
        self._database = Database(folder)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._database.upgrade()
            self._sweep()
        except (OSError, sqlite3.Error) as error:
            raise StoreUnusable(
                f"Runs can't be kept in {folder} ({error}): they end with this app. Free the disk, or set "
                "GANLAB_RUNS to a folder that may be written to."
            ) from None

    def save(self, record: RunRecord, samples: Samples, lineage: str) -> int:
        """Put this record of a run in place of the one before; returns by how many bytes all are over the limit.

        Args:
            samples: a few, to make a picture of.
            lineage: the same for two records of which the later one went on from the earlier one.

        Raises:
            OSError, sqlite3.Error: the disk does not take it; the state before is still there.
        """
        fresh: dict[str, str] = {}
        values, drawn = values_of(record), draw(samples)
        checkpoints = self._new_checkpoints(record, lineage)
        try:
            for which, checkpoint in checkpoints.items():
                fresh[which] = f"{secrets.token_hex(8)}.safetensors"
                checkpoint_file.write(checkpoint, self.folder / fresh[which], values)
            with self._database.changing() as db:
                before = db.execute("SELECT * FROM runs WHERE id = ?", (record.id,)).fetchone()
                files = {which: fresh.get(which) or (before and before[column]) for which, column in FILES.items()}
                files |= {which: None for which in ("best", "origin") if getattr(record, which) is None}
                self._write_row(db, values, files, drawn, lineage)
                if before is not None and before["lineage"] != lineage:
                    db.execute("DELETE FROM scalars WHERE run = ?", (record.id,))
                write_scalars(db, record.id, checkpoints["last"].history)
        except BaseException:
            self._remove(*fresh.values())
            raise
        if before is not None:
            self._remove(*{before[column] for column in FILES.values()} - set(files.values()))
        return self.make_room(record.id)

    def runs(self) -> list[StoredRun]:
        """The stored runs, those saved last first."""
        with self._database.reading() as db:
            rows = db.execute("SELECT * FROM runs WHERE deleted IS NULL ORDER BY saved DESC").fetchall()
        return [_stored_run(row) for row in rows]

    def run(self, run_id: str) -> StoredRun | None:
        """What is known of one run; None if it is not here."""
        with self._database.reading() as db:
            row = db.execute("SELECT * FROM runs WHERE id = ? AND deleted IS NULL", (run_id,)).fetchone()
        return None if row is None else _stored_run(row)

    def record(self, run_id: str) -> RunRecord:
        """All of a run as it was last, with its checkpoint and the one that it went on from if it is a fork.

        Raises:
            ExperimentError: it is gone, damaged, or was saved with settings that this version does not have.
        """
        stored = self._stored(run_id)
        record = stored.record
        origin = record.origin
        if origin is not None:
            origin = Origin.of(origin.run, self.checkpoint(run_id, "origin"), origin.fresh)
        return replace(record, origin=origin, checkpoint=self.checkpoint(run_id))

    def best_record(self, run_id: str) -> RunRecord:
        """As `record`, of the run when it was at its best."""
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
        """Call a run by this name; by none, its settings say what to call it."""
        with self._database.changing() as db:
            db.execute("UPDATE runs SET name = ? WHERE id = ?", (name, run_id))

    def delete(self, run_id: str) -> None:
        """Take a run off the list; for an hour it can be brought back."""
        with self._database.changing() as db:
            db.execute("UPDATE runs SET deleted = ? WHERE id = ?", (time.time(), run_id))

    def undelete(self, run_id: str) -> None:
        """Bring back a run that was deleted."""
        with self._database.changing() as db:
            db.execute("UPDATE runs SET deleted = NULL WHERE id = ?", (run_id,))

    def size(self) -> int:
        """Of all files together, in bytes."""
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
            dropped = []
            for row in db.execute(droppable, (saved,)).fetchall():
                if excess <= 0:
                    break
                db.execute("DELETE FROM runs WHERE id = ?", (row["id"],))
                dropped += [row[column] for column in FILES.values()]
                excess -= row["size"]
        self._remove(*dropped)
        return max(0, int(excess))

    def _stored(self, run_id: str) -> StoredRun:
        if (stored := self.run(run_id)) is None:
            raise ExperimentError(GONE)
        return stored

    def _checkpoint(self, run_id: str, which: Which) -> Checkpoint:
        with self._database.reading() as db:
            row = db.execute("SELECT * FROM runs WHERE id = ?", (run_id,)).fetchone()
            if row is None:
                raise ExperimentError(GONE)
            model = json.loads(row["experiment"]).get("model", "gan")
            history = read_scalars(db, run_id, json.loads(row["scalars"]), SCALARS_OF[model])
        return checkpoint_file.read(self.folder / row[FILES[which]], history)

    def _new_checkpoints(self, record: RunRecord, lineage: str) -> dict[Which, Checkpoint]:
        """Those of this record that are not stored yet."""
        assert record.checkpoint is not None
        checkpoints: dict[Which, Checkpoint] = {"last": record.checkpoint}
        if record.best is not None and record.best.checkpoint is not None:
            checkpoints["best"] = record.best.checkpoint
        if record.origin is not None and record.origin.checkpoint is not None:
            with self._database.reading() as db:
                row = db.execute("SELECT lineage, origin_file FROM runs WHERE id = ?", (record.id,)).fetchone()
            if row is None or row["lineage"] != lineage or row["origin_file"] is None:
                checkpoints["origin"] = record.origin.checkpoint
        return checkpoints

    def _write_row(
        self,
        db: sqlite3.Connection,
        values: dict[str, Any],
        files: Mapping[Which, str | None],
        drawn: bytes,
        lineage: str,
    ) -> None:
        now = time.time()
        row = {name: values[name] for name in PLAIN}
        row |= {name: None if values[name] is None else json.dumps(values[name]) for name in NESTED}
        row |= {column: files[which] for which, column in FILES.items()}
        size = sum((self.folder / name).stat().st_size for name in files.values() if name)
        row |= {"lineage": lineage, "size": size, "picture": drawn, "created": now, "saved": now}
        if files["best"] is None:
            row["best"] = None
        columns, marks = ", ".join(row), ", ".join(f":{name}" for name in row)
        fresh = ", ".join(f"{name} = excluded.{name}" for name in row if name not in ("id", "created"))
        db.execute(f"INSERT INTO runs ({columns}) VALUES ({marks}) ON CONFLICT (id) DO UPDATE SET {fresh}", row)

    def _sweep(self) -> None:
        """Remove what was deleted long ago, and files that a process left when it was killed."""
        with self._database.changing() as db:
            db.execute("DELETE FROM runs WHERE deleted < ?", (time.time() - UNDO_SECONDS,))
            named = {file for row in db.execute(f"SELECT {', '.join(FILES.values())} FROM runs") for file in row}
        for path in (*self.folder.glob("*.safetensors"), *self.folder.glob("*.partial")):
            if path.name in named:
                continue
            with suppress(FileNotFoundError):  # another process has just put it in place, or removed it
                if time.time() - path.stat().st_mtime > ORPHAN_SECONDS:
                    path.unlink()

    def _remove(self, *files: str | None) -> None:
        for file in filter(None, files):
            (self.folder / file).unlink(missing_ok=True)


def _stored_run(row: sqlite3.Row) -> StoredRun:
    values = {name: row[name] for name in PLAIN}
    values |= {name: None if row[name] is None else json.loads(row[name]) for name in NESTED}
    return StoredRun(values, row["created"], row["saved"], row["size"], row["picture"])

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
from contextlib import suppress
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, Literal

from ganlab.experiment import ExperimentError
from ganlab.runs.directions import directions_from_json, directions_to_json
from ganlab.runs.fork import Frozen, Origin
from ganlab.runs.keeping import frozen_file, picture
from ganlab.runs.keeping.database import Database, StoreUnusable, read_scalars, write_scalars
from ganlab.runs.keeping.kept import Best, Entry, Kept, interventions_from_json, interventions_to_json
from ganlab.runs.state import State

MOST_BYTES = 4 * 1024**3  # of all runs together; then the oldest without a name go
UNDO_SECONDS = 3600.0  # how long a deleted run can be had back
ORPHAN_SECONDS = 3600.0  # a file that no row names may belong to a process that is about to name it

Which = Literal["last", "best", "origin"]
FILES: dict[Which, str] = {"last": "file", "best": "best_file", "origin": "origin_file"}  # columns of their names


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

    def save(self, kept: Kept) -> int:
        """Put this state of a run in place of the one before; returns by how many bytes all are over the limit.

        Raises:
            OSError, sqlite3.Error: the disk does not take it; the state before is still there.
        """
        fresh: dict[str, str] = {}
        try:
            for which, frozen in self._new_states(kept).items():
                fresh[which] = f"{secrets.token_hex(8)}.safetensors"
                frozen_file.write(frozen, self.folder / fresh[which])
            with self._database.changing() as db:
                before = db.execute("SELECT * FROM runs WHERE id = ?", (kept.id,)).fetchone()
                files = {which: fresh.get(which) or (before and before[column]) for which, column in FILES.items()}
                files |= {which: None for which in ("best", "origin") if getattr(kept, which) is None}
                self._write_row(db, kept, files)
                if before is not None and before["lineage"] != kept.lineage:
                    db.execute("DELETE FROM scalars WHERE run = ?", (kept.id,))
                write_scalars(db, kept.id, kept.frozen.history)
        except BaseException:
            self._remove(*fresh.values())
            raise
        if before is not None:
            self._remove(*{before[column] for column in FILES.values()} - set(files.values()))
        return self.make_room(kept.id)

    def entries(self) -> list[Entry]:
        """The stored runs, those saved last first."""
        with self._database.reading() as db:
            rows = db.execute("SELECT * FROM runs WHERE deleted IS NULL ORDER BY saved DESC").fetchall()
        return [_entry(row) for row in rows]

    def entry(self, run_id: str) -> Entry | None:
        """What is known of one run; None if it is not here."""
        with self._database.reading() as db:
            row = db.execute("SELECT * FROM runs WHERE id = ? AND deleted IS NULL", (run_id,)).fetchone()
        return None if row is None else _entry(row)

    def frozen(self, run_id: str, scalars: tuple[str, ...], which: Which = "last") -> Frozen:
        """A run's weights and all that goes with them: as they were last, at their best, or where it forked off.

        Its history is in the order of `scalars`.

        Raises:
            ExperimentError: they are gone or damaged.
        """
        try:
            return self._frozen(run_id, scalars, which)
        except ExperimentError:  # another process may have saved it anew in between, and removed the file
            return self._frozen(run_id, scalars, which)

    def origin(self, run_id: str, scalars: tuple[str, ...]) -> Origin | None:
        """What a fork went on from; None of a run that is no fork. Raises as `frozen`."""
        with self._database.reading() as db:
            row = db.execute("SELECT origin FROM runs WHERE id = ?", (run_id,)).fetchone()
        if row is None or row["origin"] is None:
            return None
        return Origin(frozen=self.frozen(run_id, scalars, "origin"), **json.loads(row["origin"]))

    def best_values(self, run_id: str) -> dict[str, Any]:
        """The settings that a run had when it was best; raises as `frozen`."""
        values: dict[str, Any] = self.frozen(run_id, (), "best").plain["experiment"]
        return values

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

    def _frozen(self, run_id: str, scalars: tuple[str, ...], which: Which) -> Frozen:
        with self._database.reading() as db:
            row = db.execute("SELECT * FROM runs WHERE id = ?", (run_id,)).fetchone()
            if row is None:
                raise ExperimentError("This run is no longer stored.")
            history = read_scalars(db, run_id, json.loads(row["scalars"]), scalars)
        found = frozen_file.read(self.folder / row[FILES[which]], history)
        return replace(found, history=found.history[: found.iteration])

    def _new_states(self, kept: Kept) -> dict[Which, Frozen]:
        """The weights of this run that are not stored yet."""
        states: dict[Which, Frozen] = {"last": kept.frozen}
        if kept.best is not None and kept.best.frozen is not None:
            states["best"] = kept.best.frozen
        if kept.origin is not None:
            with self._database.reading() as db:
                row = db.execute("SELECT lineage, origin_file FROM runs WHERE id = ?", (kept.id,)).fetchone()
            if row is None or row["lineage"] != kept.lineage or row["origin_file"] is None:
                states["origin"] = kept.origin.frozen
        return states

    def _write_row(self, db: sqlite3.Connection, kept: Kept, files: dict[Which, str | None]) -> None:
        now = time.time()
        size = sum((self.folder / name).stat().st_size for name in files.values() if name)
        best = asdict(replace(kept.best, frozen=None)) if kept.best is not None and files["best"] else None
        origin = None if kept.origin is None else {"run": kept.origin.run, "fresh": dict(kept.origin.fresh)}
        values = {
            "id": kept.id,
            "lineage": kept.lineage,
            "name": kept.name,
            "experiment": json.dumps(kept.experiment.model_dump()),
            "initial_experiment": json.dumps(kept.initial_experiment.model_dump()),
            "state": str(kept.state),
            "message": kept.message,
            "iteration": kept.frozen.iteration,
            "interventions": interventions_to_json(kept.interventions),
            "directions": directions_to_json(kept.directions),
            "scalars": json.dumps(kept.scalars),
            **{column: files[which] for which, column in FILES.items()},
            "best": best and json.dumps(best),
            "origin": origin and json.dumps(origin),
            "size": size,
            "picture": picture.draw(kept.samples, kept.extent),
            "created": now,
            "saved": now,
        }
        columns, marks = ", ".join(values), ", ".join(f":{name}" for name in values)
        fresh = ", ".join(f"{name} = excluded.{name}" for name in values if name not in ("id", "created"))
        db.execute(f"INSERT INTO runs ({columns}) VALUES ({marks}) ON CONFLICT (id) DO UPDATE SET {fresh}", values)

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


def _entry(row: sqlite3.Row) -> Entry:
    plain = ("id", "name", "message", "iteration", "created", "saved", "size", "picture")
    return Entry(
        values=json.loads(row["experiment"]),
        initial_values=json.loads(row["initial_experiment"]),
        state=State(row["state"]),
        interventions=interventions_from_json(row["interventions"]),
        best=row["best"] and Best(**json.loads(row["best"])),
        directions=directions_from_json(row["directions"]),
        **{name: row[name] for name in plain},
    )

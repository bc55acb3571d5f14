"""The SQLite file that lists the stored runs: its tables and its connections."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import numpy as np

from ganlab.experiment import ExperimentError
from ganlab.training.history import Floats

NAME = "runs.sqlite"
BUSY_SECONDS = 10.0  # how long to wait for another process before writing
READ_SECONDS = 2.0  # likewise before reading: a page waits for that

# Version n of the schema is what the first n of these make; one that is stored is never changed, only added to.
SCHEMA = (
    """
    CREATE TABLE runs (
        id TEXT PRIMARY KEY,
        lineage TEXT NOT NULL,
        name TEXT NOT NULL,
        experiment TEXT NOT NULL,
        initial_experiment TEXT NOT NULL,
        state TEXT NOT NULL,
        message TEXT,
        iteration INTEGER NOT NULL,
        interventions TEXT NOT NULL,
        scalars TEXT NOT NULL,
        file TEXT NOT NULL,
        size INTEGER NOT NULL,
        picture BLOB NOT NULL,
        created REAL NOT NULL,
        saved REAL NOT NULL,
        deleted REAL
    );
    CREATE TABLE scalars (
        run TEXT NOT NULL REFERENCES runs ON DELETE CASCADE,
        first INTEGER NOT NULL,
        count INTEGER NOT NULL,
        rows BLOB NOT NULL,
        PRIMARY KEY (run, first)
    );
    """,
    """
    ALTER TABLE runs ADD COLUMN best_file TEXT;
    ALTER TABLE runs ADD COLUMN best TEXT;
    """,
    "ALTER TABLE runs ADD COLUMN directions TEXT NOT NULL DEFAULT '[]'",
    """
    ALTER TABLE runs ADD COLUMN origin_file TEXT;
    ALTER TABLE runs ADD COLUMN origin TEXT;
    """,
    "ALTER TABLE runs ADD COLUMN history_file TEXT",  # scalars were in the table of this name before
    "ALTER TABLE runs ADD COLUMN picks TEXT",
)


class StoreUnusable(ExperimentError):  # noqa: N818 (a state of affairs, not an error in the code)
    """Runs can't be kept in this folder, or not be read at present; the message says why, and what to do."""


class Database:
    """The tables in one folder, for any thread and any number of processes.

    The journal is SQLite's plain one: changing to a write-ahead log fails at once where two processes open the folder
    in the same instant, and such a log can't lie in a home directory on the network, as schools have them.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.path = folder / NAME

    def upgrade(self, fill: Callable[[sqlite3.Connection], None]) -> None:
        """Bring the tables to this version's form. Where there are none yet, `fill` may put rows into them at once.

        A file that is no database any more is put aside first.

        Raises:
            StoreUnusable: they are of a newer version, or can't be changed.
        """
        self._put_aside_if_damaged()
        if self._version() == len(SCHEMA):
            return
        with self.changing() as db:
            version = db.execute("PRAGMA user_version").fetchone()[0]
            if version > len(SCHEMA):
                raise StoreUnusable(
                    f"The runs in {self.folder} were saved by a newer GanLab, so this version does not change them "
                    "and saves no runs there. Open them with the newer version, or set GANLAB_RUNS to another folder."
                )
            for step in SCHEMA[version:]:
                for statement in filter(str.strip, step.split(";")):
                    db.execute(statement)
            db.execute(f"PRAGMA user_version = {len(SCHEMA)}")
            if version == 0:
                fill(db)

    def readable(self) -> bool:
        """Whether the tables can be read as they are, if they can't be changed."""
        try:
            return 0 < self._version() <= len(SCHEMA)
        except StoreUnusable:
            return False

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """A connection of its own for each use: threads share none. It serves where the folder may only be read, too.

        Raises:
            StoreUnusable: the tables can't be read at present.
        """
        with self._connected("rw", READ_SECONDS) as db:
            yield db

    @contextmanager
    def changing(self) -> Iterator[sqlite3.Connection]:
        """A transaction: all of it, or none.

        Raises:
            StoreUnusable: the tables can't be changed at present.
        """
        with self._connected("rwc", BUSY_SECONDS) as db:
            db.execute("PRAGMA foreign_keys = ON")
            db.execute("BEGIN IMMEDIATE")
            with db:
                yield db

    @contextmanager
    def _connected(self, mode: str, patience: float) -> Iterator[sqlite3.Connection]:
        address = f"{self.path.absolute().as_uri()}?mode={mode}"
        try:
            with closing(sqlite3.connect(address, patience, isolation_level=None, uri=True)) as db:
                db.row_factory = sqlite3.Row
                yield db
        except sqlite3.Error as error:
            raise StoreUnusable(
                f"The list of runs in {self.folder} can't be used now ({error}). Check that the folder exists, that "
                "GanLab may write to it, that the disk has room, and that no other program has locked the list."
            ) from error

    def _version(self) -> int:
        if not self.path.is_file():
            return 0
        with self.reading() as db:
            return int(db.execute("PRAGMA user_version").fetchone()[0])

    def _put_aside_if_damaged(self) -> None:
        if not self.path.is_file():
            return
        try:
            with self.reading() as db:
                sound = db.execute("PRAGMA quick_check(1)").fetchone()[0] == "ok"
        except StoreUnusable as error:
            if isinstance(error.__cause__, sqlite3.OperationalError):  # locked, or may not be read: not damaged
                raise
            sound = False
        if not sound:
            self.path.rename(self.path.with_name(f"{NAME}.damaged-{time.time():.0f}"))


def read_scalars(db: sqlite3.Connection, run_id: str, width: int) -> Floats:
    """The rows (iterations, width) of a run that an older version has stored in the database."""
    blocks = db.execute("SELECT rows FROM scalars WHERE run = ? ORDER BY first", (run_id,)).fetchall()
    return np.frombuffer(b"".join(block["rows"] for block in blocks), np.dtype("<f4")).reshape(-1, width)

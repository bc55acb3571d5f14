"""The SQLite file that names the stored runs: its tables, its connections, and scalars in blocks of rows."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import numpy as np

from ganlab.training.history import Floats

BLOCK = 4096  # rows of scalars that are written again when some are added
BUSY_SECONDS = 10.0  # how long to wait for another process that writes

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
)


class StoreUnusable(RuntimeError):  # noqa: N818 (a state of affairs, not an error in the code)
    """Runs can't be kept in this folder; the message says why, and what to do."""


class Database:
    """The tables in one folder, for any thread and any number of processes.

    The journal is SQLite's plain one: changing to a write-ahead log fails at once where two processes open the folder
    in the same instant, and such a log can't lie in a home directory on the network, as schools have them.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def upgrade(self) -> None:
        """Bring the tables to this version's form; there may be none yet.

        Raises:
            StoreUnusable: they are of a newer version.
        """
        with self.changing() as db:
            version = db.execute("PRAGMA user_version").fetchone()[0]
            if version > len(SCHEMA):
                raise StoreUnusable(
                    f"The runs in {self.folder} were saved by a newer GanLab, so this one leaves them alone and keeps "
                    "none. Open them with the newer one, or set GANLAB_RUNS to another folder."
                )
            for step in SCHEMA[version:]:
                for statement in filter(str.strip, step.split(";")):
                    db.execute(statement)
            db.execute(f"PRAGMA user_version = {len(SCHEMA)}")

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """A connection of its own for each use: threads share none."""
        with closing(sqlite3.connect(self.folder / "runs.sqlite", BUSY_SECONDS, isolation_level=None)) as db:
            db.row_factory = sqlite3.Row
            db.execute("PRAGMA foreign_keys = ON")
            yield db

    @contextmanager
    def changing(self) -> Iterator[sqlite3.Connection]:
        """A transaction: all of it, or none."""
        with self.reading() as db:
            db.execute("BEGIN IMMEDIATE")
            with db:
                yield db


def write_scalars(db: sqlite3.Connection, run_id: str, rows: Floats) -> None:
    """Add the rows that are not there yet, in blocks; the last block is filled up first."""
    db.execute("DELETE FROM scalars WHERE run = ? AND first + count > ?", (run_id, len(rows)))
    last = db.execute(
        "SELECT first, count FROM scalars WHERE run = ? ORDER BY first DESC LIMIT 1", (run_id,)
    ).fetchone()
    start = 0 if last is None else last["first"] + (last["count"] if last["count"] >= BLOCK else 0)
    if start < len(rows):
        block = np.ascontiguousarray(rows[start:], np.dtype("<f4")).tobytes()
        values = (run_id, start, len(rows) - start, block)
        db.execute("INSERT OR REPLACE INTO scalars (run, first, count, rows) VALUES (?, ?, ?, ?)", values)


def read_scalars(db: sqlite3.Connection, run_id: str, names: list[str], scalars: tuple[str, ...]) -> Floats:
    """The rows of a run whose columns have these names, in the order of `scalars`; NaN where one was not measured."""
    blocks = db.execute("SELECT rows FROM scalars WHERE run = ? ORDER BY first", (run_id,)).fetchall()
    rows = np.frombuffer(b"".join(block["rows"] for block in blocks), np.dtype("<f4")).reshape(-1, len(names))
    if tuple(names) == scalars:
        return rows
    ordered = np.full((len(rows), len(scalars)), np.nan, np.float32)
    for i, name in enumerate(scalars):
        if name in names:
            ordered[:, i] = rows[:, names.index(name)]
    return ordered

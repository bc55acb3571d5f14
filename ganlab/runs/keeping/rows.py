"""The rows of the list of runs, and what the files of a run say so that a row can be made again from them."""

from __future__ import annotations

import base64
import json
import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from ganlab.experiment import ExperimentError
from ganlab.runs.keeping.stored_run import StoredRun

Which = Literal["last", "best", "origin"]
FILES: dict[Which, str] = {"last": "file", "best": "best_file", "origin": "origin_file"}  # columns of their names
PLAIN = ("id", "name", "iteration", "state", "message")  # columns of a record's values; those below hold JSON
NESTED = ("experiment", "initial_experiment", "interventions", "origin", "directions", "picks", "best", "scalars")
COLUMNS = (*FILES.values(), "history_file")  # that name files


class ConflictingSave(RuntimeError):  # noqa: N818 (a state of affairs, not an error in the code)
    """Another process has stored the run since it was read here; nothing was written over it."""


@dataclass(frozen=True)
class Storage:
    """How a record is stored: written into its file, too, so that the list of runs can be made again from the files.

    Attributes:
        files: the columns of the files' names, each with the name: None where there is no such file.
        created, saved: when the run was first and last stored, in seconds since 1970.
        lineage: the same for two records of which the later one went on from the earlier one.
        picture: of its samples, a PNG.
    """

    files: Mapping[str, str | None]
    created: float
    saved: float
    lineage: str
    picture: bytes

    def to_json_values(self, which: Which) -> dict[str, Any]:
        """For the file of this one of its checkpoints."""
        return vars(self) | {"which": which, "picture": base64.b64encode(self.picture).decode()}


def storage_of(written: Mapping[str, Any], file: str) -> Storage:
    """The inverse of `Storage.to_json_values`, of the file with this name."""
    files, picture = {**written["files"], FILES["last"]: file}, base64.b64decode(written["picture"])
    return Storage(files, written["created"], written["saved"], written["lineage"], picture)


def row_of(values: Mapping[str, Any], storage: Storage, folder: Path) -> dict[str, Any]:
    """A row of the list of runs; of its files those count that are in the folder."""
    files = {column: name if name and (folder / name).is_file() else None for column, name in storage.files.items()}
    row = {name: values[name] for name in PLAIN}
    if isinstance(row["message"], Mapping):  # a sentence in parts; older versions stored its text
        row["message"] = json.dumps(row["message"])
    row |= {name: None if values[name] is None else json.dumps(values[name]) for name in NESTED}
    if files["best_file"] is None:
        row["best"] = None
    size = sum((folder / name).stat().st_size for name in files.values() if name)
    own = {name: value for name, value in vars(storage).items() if name != "files"}
    return row | files | own | {"size": size}


def stored_run(row: sqlite3.Row) -> StoredRun:
    """What a row of the list says.

    Raises:
        ValueError, KeyError, TypeError, AttributeError: it is damaged.
    """
    there = {"directions": "[]", **dict(row)}  # what an older version did not store is None or empty
    values = {name: row[name] for name in PLAIN}
    if (values["message"] or "").startswith('{"template"'):
        values["message"] = json.loads(values["message"])
    values |= {name: None if there.get(name) is None else json.loads(there[name]) for name in NESTED}
    created, saved = float(row["created"]), float(row["saved"])
    run = StoredRun(values, row["file"], created, saved, int(row["size"]), bytes(row["picture"]))
    with suppress(ExperimentError):  # saved by another version: that is said when it is opened
        _ = run.iteration, run.best, run.record
    return run


def put(db: sqlite3.Connection, row: dict[str, Any], after: str | None) -> None:
    """Put a row in place of the one before, which names the file `after`."""
    now = db.execute("SELECT file FROM runs WHERE id = ?", (row["id"],)).fetchone()
    if now is not None and now["file"] != after:
        raise ConflictingSave(row["id"])
    columns, marks = ", ".join(row), ", ".join(f":{name}" for name in row)
    fresh = ", ".join(f"{name} = excluded.{name}" for name in row if name not in ("id", "created"))
    db.execute(f"INSERT INTO runs ({columns}) VALUES ({marks}) ON CONFLICT (id) DO UPDATE SET {fresh}", row)
    db.execute("DELETE FROM scalars WHERE run = ?", (row["id"],))  # where older versions had them


def add(db: sqlite3.Connection, rows: Iterable[dict[str, Any]]) -> None:
    """Put rows into the list, but not over a run that is there."""
    for row in rows:
        columns, marks = ", ".join(row), ", ".join(f":{name}" for name in row)
        db.execute(f"INSERT OR IGNORE INTO runs ({columns}) VALUES ({marks})", row)


def files_of(row: sqlite3.Row | None) -> set[str]:
    """Returns the files that a row names."""
    there = () if row is None else set(row.keys()) & set(COLUMNS)
    return {row[column] for column in there if row is not None and row[column] is not None}

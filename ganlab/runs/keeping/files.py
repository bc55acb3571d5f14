"""Which files of a run a save writes and which it leaves, and which files in the folder belong to no run."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterable
from pathlib import Path

from ganlab.runs.checkpoint import Checkpoint
from ganlab.runs.keeping import rows
from ganlab.runs.keeping.rows import Which
from ganlab.runs.record import RunRecord

KINDS = ("safetensors", "history", "partial")


def new_checkpoints(record: RunRecord, before: sqlite3.Row | None, lineage: str) -> dict[Which, Checkpoint]:
    """Those of this record that are not stored yet; its newest state comes last, and names the others."""
    assert record.checkpoint is not None
    checkpoints: dict[Which, Checkpoint] = {}
    if record.best is not None and record.best.checkpoint is not None:
        checkpoints["best"] = record.best.checkpoint
    new = before is None or before["lineage"] != lineage or before["origin_file"] is None
    if new and record.origin is not None and record.origin.checkpoint is not None:
        checkpoints["origin"] = record.origin.checkpoint
    return checkpoints | {"last": record.checkpoint}


def files_left(record: RunRecord, before: sqlite3.Row | None) -> dict[str, str | None]:
    """The files of the state before that stay as they are."""
    stay = {"best_file": record.best is not None, "origin_file": record.origin is not None}
    return {column: before[column] if before is not None and there else None for column, there in stay.items()}


def orphans(folder: Path, listed: Iterable[sqlite3.Row], seconds: float) -> list[Path]:
    """The files older than this that no run in the list names."""
    named = {name for row in listed for name in rows.files_of(row)}
    paths = [path for kind in KINDS for path in folder.glob(f"*.{kind}")]
    return [path for path in paths if path.name not in named and _age(path) > seconds]


def _age(path: Path) -> float:
    """Seconds since it was written; 0 where it has just been put in place or removed."""
    try:
        return time.time() - path.stat().st_mtime
    except OSError:
        return 0.0

"""`ganlab runs`: the stored runs, one a line."""

from __future__ import annotations

import sys
import time

from ganlab.experiment import ExperimentError
from ganlab.runs.keeping.database import StoreUnusable
from ganlab.runs.keeping.store import Store, place
from ganlab.runs.keeping.stored_run import StoredRun
from ganlab.runs.naming import data_and_method
from ganlab.runs.state import State

HEADINGS = ("id", "iterations", "state", "saved", "MB", "what")


def print_runs() -> None:
    """Print a table of the stored runs, those saved last first, and say where they are.

    Raises:
        ExperimentError: there are none that this version can read.
    """
    try:
        store = Store(place())
    except StoreUnusable as error:
        raise ExperimentError(str(error)) from None
    rows = [HEADINGS, *(_cells(stored) for stored in store.runs())]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows if len(rows) > 1 else []:
        sys.stdout.write("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() + "\n")
    count = len(rows) - 1
    sys.stdout.write(f"{count or 'No'} run{'s' * (count != 1)} in {store.folder}\n")


def _cells(stored: StoredRun) -> tuple[str, ...]:
    state = State.PAUSED if stored.state is State.RUNNING else stored.state
    saved = time.strftime("%Y-%m-%d %H:%M", time.localtime(stored.saved))
    return stored.id, f"{stored.iteration:,}", str(state), saved, f"{stored.size / 1e6:.1f}", _what(stored)


def _what(stored: StoredRun) -> str:
    """Its name, its data and its method."""
    try:
        what = data_and_method(stored.experiment)
    except ExperimentError:
        what = "saved by another version of GanLab"
    return f"{stored.name} ({what})" if stored.name else what

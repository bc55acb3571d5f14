"""`ganlab runs`: the stored runs, one a line."""

from __future__ import annotations

import sys
import time

from ganlab.experiment import Experiment, ExperimentError
from ganlab.experiment.choices import DATA
from ganlab.game.losses import LOSSES
from ganlab.runs.keeping.database import StoreUnusable
from ganlab.runs.keeping.kept import Entry
from ganlab.runs.keeping.store import Store, place
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
    rows = [HEADINGS, *(_cells(entry) for entry in store.entries())]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows if len(rows) > 1 else []:
        sys.stdout.write("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() + "\n")
    count = len(rows) - 1
    sys.stdout.write(f"{count or 'No'} run{'s' * (count != 1)} in {store.folder}\n")


def data_and_method(experiment: Experiment) -> str:
    """What it learns from, and by which loss: a VAE has one of its own."""
    method = "VAE" if experiment.model == "vae" else LOSSES[experiment.loss].label.lower()
    return f"{DATA[experiment.data]}, {method}"


def _cells(entry: Entry) -> tuple[str, ...]:
    state = State.PAUSED if entry.state is State.RUNNING else entry.state
    saved = time.strftime("%Y-%m-%d %H:%M", time.localtime(entry.saved))
    return entry.id, f"{entry.iteration:,}", str(state), saved, f"{entry.size / 1e6:.1f}", _what(entry)


def _what(entry: Entry) -> str:
    """Its name, its data and its method."""
    try:
        what = data_and_method(entry.experiment)
    except ExperimentError:
        what = "saved by another version of GanLab"
    return f"{entry.name} ({what})" if entry.name else what

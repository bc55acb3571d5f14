"""A copy of a run on its way to the disk."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ganlab.runs.keeping.picture import SamplePreview
from ganlab.runs.record import RunRecord


@dataclass(frozen=True)
class Draft:
    """A record that is to be stored: see `Store.save`.

    Attributes:
        hold: holds the run still and lets it say why, where it can't be stored as what it is; from any thread.
    """

    record: RunRecord
    samples: SamplePreview
    lineage: str
    hold: Callable[[str], None]

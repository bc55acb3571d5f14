"""`ganlab export`: write the chosen forms and say what was written, and how it was checked."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from ganlab.command.source import record_at
from ganlab.experiment.choices import ExportFormat
from ganlab.export.files import CannotExport
from ganlab.export.formats import FORMATS, export
from ganlab.export.trained_run import trained_run


def export_run(run: Path, names: Sequence[ExportFormat], directory: Path) -> int:
    """Export the run in a folder (or of a checkpoint) to `directory`; returns 1 if a form can't be had, else 0.

    Raises:
        ExperimentError: there is no such run.
    """
    trained = trained_run(record_at(run))
    refused = False
    for name in names:
        try:
            written = export(trained, FORMATS[name], directory)
        except CannotExport as error:
            refused = True
            sys.stderr.write(f"ganlab: --{name}: {error}\n")
            continue
        for path in written.paths:
            sys.stdout.write(f"{path}  {path.stat().st_size:,} bytes\n")
        sys.stdout.write(f"  {written.check}\n")
    return int(refused)

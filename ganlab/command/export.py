"""`ganlab export`: write the chosen forms and say what was written, and how it was checked."""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from ganlab.command.source import record_at
from ganlab.experiment import ExperimentError
from ganlab.experiment.choices import ExportFormat
from ganlab.export.files import CannotExport
from ganlab.export.formats import FORMATS, export
from ganlab.export.trained_run import trained_run
from ganlab.runs.record import RunRecord

MARKER = ".ganlab-export.json"  # in the folder: of which run its files are


def export_run(run: Path, names: Sequence[ExportFormat], directory: Path, *, own: bool = False) -> int:
    """Export the run in a folder (or of a checkpoint) to `directory`; returns 1 if a form can't be had, else 0.

    Args:
        own: whether the folder is the run's by its name, so that no other run's files can be in it.

    Raises:
        ExperimentError: there is no such run, or the folder holds another run's files.
    """
    trained = trained_run(record_at(run))
    if not own:
        _claim(directory, trained.record)
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


def _claim(directory: Path, record: RunRecord) -> None:
    """Write down whose files the folder holds, so that a later export of another run is not mixed with them.

    Raises:
        ExperimentError: it holds files that are not known to be this run's.
    """
    if directory.exists() and not directory.is_dir():
        return  # which each of the forms says
    marker = directory / MARKER
    exported = {name for form in FORMATS.values() for name in form.files.replace("/", "").split(", ")}
    there = sorted(name for name in exported if (directory / name).exists())
    if there and _owner(marker) != _identity(record):
        files = ", ".join(there)
        if _owner(marker) is not None:
            raise ExperimentError(f"{directory} already holds files of another run ({files}): choose another folder.")
        raise ExperimentError(
            f"{directory} holds files that do not say which run they belong to ({files}): older versions of GanLab "
            "did not write that down. Choose another folder, or delete these files if you no longer need them."
        )
    directory.mkdir(parents=True, exist_ok=True)
    marker.write_text(json.dumps({"run": _identity(record)}) + "\n", encoding="utf-8")


def _owner(marker: Path) -> str | None:
    try:
        return str(json.loads(marker.read_text(encoding="utf-8"))["run"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _identity(record: RunRecord) -> str:
    """Returns what two states of one run have in common: its id, or how it began in a folder of an older version."""
    begun = [record.id, record.initial_experiment.to_json(), record.origin and record.origin.sentence]
    return hashlib.blake2b(json.dumps(begun).encode(), digest_size=16).hexdigest()

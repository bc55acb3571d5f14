"""Files that are there in full, or not at all."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ganlab.experiment import ExperimentError


class CannotExport(ExperimentError):  # noqa: N818 (a sentence for a person, not an error in the code)
    """This run can't be exported in this format. The message says which part can't, and why."""


@contextmanager
def staged(directory: Path) -> Iterator[Path]:
    """An empty folder whose files move to `directory` once the block ends, and vanish if the block fails.

    Raises:
        CannotExport: `directory` can't be written to.
    """
    try:
        directory.mkdir(parents=True, exist_ok=True)
        stage = tempfile.TemporaryDirectory(dir=directory, prefix=".partial-", ignore_cleanup_errors=True)
    except OSError as error:
        raise _refused(directory, error) from None
    with stage as name:
        yield Path(name)
        try:
            for path in files_under(Path(name)):
                target = directory / path.relative_to(name)
                target.parent.mkdir(parents=True, exist_ok=True)
                path.replace(target)
        except OSError as error:
            raise _refused(directory, error) from None


def files_under(folder: Path) -> list[Path]:
    """Every file in the folder and the folders below it, in alphabetical order."""
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _refused(directory: Path, error: OSError) -> CannotExport:
    return CannotExport(f"{directory} can't be written to ({error.strerror or error}): choose another folder.")

"""The folder where downloads and people's own data are kept between sessions."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from ganlab.experiment.settings import ExperimentError


class DataUnavailable(ExperimentError):  # noqa: N818 (a sentence for a person, not an error in the code)
    """Data that are not here and can't be had now: a sentence on why, and one on what to do instead."""


def folder(*parts: str) -> Path:
    """Returns a folder of the cache, and makes it if it is missing: in $GANLAB_CACHE, or else in the user's own cache.

    Raises:
        DataUnavailable: it can't be made.
    """
    chosen = os.environ.get("GANLAB_CACHE")
    users = os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA")
    root = Path(chosen) if chosen else (Path(users) if users else Path.home() / ".cache") / "ganlab"
    place = root.expanduser().joinpath(*parts)
    try:
        place.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DataUnavailable(
            f"The folder {place} can't be made ({error.strerror}). Free some space on the disk, or set GANLAB_CACHE "
            "to a folder that GanLab may write to."
        ) from None
    return place


@contextlib.contextmanager
def written(path: Path) -> Iterator[BinaryIO]:
    """Write a file as a whole: it appears when the block ends, and not at all if the block fails.

    Raises:
        DataUnavailable: the disk does not take it.
    """
    part = None
    try:
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=path.name, suffix=".part", delete=False) as file:
            part = Path(file.name)
            yield file  # type: ignore[misc]
        part.replace(path)
        part = None
    finally:
        if part is not None:
            part.unlink(missing_ok=True)

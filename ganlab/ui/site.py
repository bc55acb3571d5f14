"""What comes with the app beside its code: files of the repository that pages read, wherever GanLab is installed."""

from __future__ import annotations

from pathlib import Path

PACKAGE = Path(__file__).parents[1]


def site_file(name: str) -> Path | None:
    """Returns the file of this name, relative to the repository; None where it is missing.

    An installed copy keeps such files beside the package's code.
    """
    return next((path for root in (PACKAGE / "_site", PACKAGE.parent) if (path := root / name).exists()), None)

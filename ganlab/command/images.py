"""`ganlab train --images DIR`: the images in a folder as an Experiment's own data."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from ganlab.data.images.own import from_folder


def import_images(folder: Path) -> dict[str, Any]:
    """Store the folder's images, say what was found, and return the fields of an Experiment that name them.

    Raises:
        ExperimentError: there are none, or more than are taken.
    """
    found = from_folder(folder)
    for sentence in (f"{found}.", *found.noted):
        sys.stderr.write(f"{sentence}\n")
    return {"data": "own_images", "own_data": found.keep(), "own_classes": len(found.labels)}

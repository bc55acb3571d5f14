"""One server a class: two would each write over what the other has kept."""

from __future__ import annotations

import logging
from pathlib import Path

from filelock import FileLock, Timeout

logger = logging.getLogger(__name__)

FILE = "class.lock"


def hold(folder: Path) -> FileLock:
    """Hold the class in this folder for as long as what is returned is kept; however the process ends, it lets go.

    A folder that takes no lock takes no class either, so there nothing is written over.

    Raises:
        ValueError: another server holds it.
    """
    lock = FileLock(folder / FILE)
    try:
        lock.acquire(blocking=False)
    except Timeout:
        raise ValueError(
            f"Another server holds the class in {folder}. Stop that server first, or set GANLAB_RUNS to another folder "
            "for a class of its own."
        ) from None
    except (OSError, NotImplementedError) as error:
        logger.warning("The class in %s can't be locked (%s).", folder, error)
    return lock

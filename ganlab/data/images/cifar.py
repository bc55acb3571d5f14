"""The binary version of CIFAR-10: records of a class and 3,072 pixels, red, green and blue (Krizhevsky 2009).

The more common "Python version" holds pickles, which may run code when read: it is not used.
"""

from __future__ import annotations

import tarfile
import zlib
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

SIDE = 32
RECORD = 1 + 3 * SIDE * SIDE
BATCHES = tuple(f"cifar-10-batches-bin/data_batch_{number}.bin" for number in range(1, 6))
MOST_BYTES = 10_000 * RECORD  # in a batch


def read_cifar10(path: Path) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Images (n, 3, 32, 32) and classes (n,) of the training batches in the archive; nothing is unpacked to disk.

    Raises:
        ValueError: it is no such archive.
    """
    found: dict[str, bytes] = {}
    try:
        with tarfile.open(path, "r:gz") as archive:
            for member in archive:
                if member.name in BATCHES and member.isfile() and member.size <= MOST_BYTES:
                    content = archive.extractfile(member)
                    assert content is not None, "a regular file has content"
                    found[member.name] = content.read()
    except (OSError, EOFError, tarfile.TarError, zlib.error):
        raise ValueError(f"{path.name} is not a complete archive.") from None
    if set(found) != set(BATCHES) or any(not batch or len(batch) % RECORD for batch in found.values()):
        raise ValueError(f"{path.name} lacks the five training batches of CIFAR-10's binary version.")
    records = np.frombuffer(b"".join(found[name] for name in BATCHES), np.uint8).reshape(-1, RECORD)
    return records[:, 1:].reshape(-1, 3, SIDE, SIDE), records[:, 0]

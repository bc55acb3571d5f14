"""The IDX format of MNIST and its relatives: a magic number, the sizes, and the bytes (LeCun et al. 1998)."""

from __future__ import annotations

import gzip
import math
import struct
import zlib
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

UNSIGNED_BYTES = 8  # the only one of the format's types that these data sets use


def read_idx(path: Path) -> NDArray[np.uint8]:
    """The array in a gzipped IDX file of bytes.

    Raises:
        ValueError: it is no such file.
    """
    try:
        with gzip.open(path) as file:
            content = file.read()
    except (OSError, EOFError, zlib.error):
        raise ValueError(f"{path.name} is not a complete gzip file.") from None
    if len(content) < 4 or content[:3] != bytes((0, 0, UNSIGNED_BYTES)):
        raise ValueError(f"{path.name} is not an IDX file of bytes.")
    header = 4 + 4 * content[3]
    if len(content) < header:
        raise ValueError(f"{path.name} ends within its header.")
    shape = struct.unpack(f">{content[3]}I", content[4:header])
    if len(content) - header != math.prod(shape):
        raise ValueError(f"{path.name} holds {len(content) - header:,} bytes, not {' x '.join(map(str, shape))}.")
    return np.frombuffer(content, np.uint8, offset=header).reshape(shape)

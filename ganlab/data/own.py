"""A person's own points and images, kept under the digest of their content.

An Experiment names its data by that digest, so that the same Experiment always means the same data, and a
link does not carry them: who has the data finds them, who has not is told.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from ganlab.data.cache import DataUnavailable, folder, written

Kind = Literal["points", "images"]
MOST_BYTES = 2 * 1024**3  # kept in all; beyond, what was used longest ago is deleted


@dataclass(frozen=True)
class About:
    """What is known of kept data beside their values.

    Attributes:
        names: of the columns of points.
        each_axis: whether every column of points is scaled by itself.
        labels, classes: the names of the classes, and the class of each sample; () where there are none.
    """

    names: tuple[str, ...] = ()
    each_axis: bool = False
    labels: tuple[str, ...] = ()
    classes: tuple[int, ...] = ()


NOTHING = About()


def keep(kind: Kind, values: NDArray[np.generic], about: About = NOTHING) -> str:
    """Store points (n, 1 or 2) or images (n, channels, size, size); returns the digest that names them.

    Raises:
        DataUnavailable: the disk does not take them.
    """
    values = np.ascontiguousarray(values)
    head = f"{kind} {values.dtype.str} {values.shape} ".encode()
    told = b"" if about == NOTHING else json.dumps(asdict(about), ensure_ascii=False).encode()
    digest = hashlib.sha256(head + values.tobytes() + told).hexdigest()
    path = folder("own") / f"{kind}-{digest}.npy"
    if not path.exists():
        try:
            if told:
                with written(path.with_suffix(".json")) as file:
                    file.write(told)
            with written(path) as file:
                np.save(file, values, allow_pickle=False)
        except OSError as error:
            raise DataUnavailable(f"Your {kind} can't be stored: {error.strerror}.") from None
    _touch(path)
    _make_room(path)
    return digest


def find(kind: Kind, digest: str) -> NDArray[np.generic]:
    """The points or images that were kept under this digest; they are read from disk as they are used.

    Raises:
        DataUnavailable: there are none.
    """
    if not digest:
        raise DataUnavailable(f"You have not added any {kind} of your own yet: add some first, or choose other data.")
    if not re.fullmatch("[0-9a-f]{64}", digest):
        raise DataUnavailable(f"{digest[:80]!r} is not the digest of any {kind}: a digest has 64 hexadecimal digits.")
    path = folder("own") / f"{kind}-{digest}.npy"
    try:
        values: NDArray[np.generic] = np.load(path, mmap_mode="r", allow_pickle=False)
    except (OSError, ValueError):
        raise DataUnavailable(
            f"The {kind} with the digest {digest[:8]}... are not on this computer: add the same {kind} again, or "
            "choose other data."
        ) from None
    _touch(path)
    return values


def about(kind: Kind, digest: str) -> About:
    """What is known of data that `find` has found."""
    try:
        told = json.loads((folder("own") / f"{kind}-{digest}.json").read_bytes())
        return About(tuple(told["names"]), told["each_axis"], tuple(told["labels"]), tuple(told["classes"]))
    except (OSError, ValueError, KeyError, TypeError):
        return NOTHING  # most data are kept without


def _touch(path: Path) -> None:
    try:
        path.touch()
    except OSError:
        return  # a cache that may only be read still serves


def _make_room(kept: Path) -> None:
    """Delete what was used longest ago until the rest fits; never what was just kept."""
    files = sorted(kept.parent.glob("*.npy"), key=lambda path: path.stat().st_mtime_ns, reverse=True)
    total = 0
    for path in files:
        total += path.stat().st_size
        if total > MOST_BYTES and path != kept:
            path.unlink(missing_ok=True)
            path.with_suffix(".json").unlink(missing_ok=True)

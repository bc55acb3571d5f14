"""Files of public data sets: downloaded on first use from the first mirror that has them, checked, and kept."""

from __future__ import annotations

import errno
import hashlib
import http.client
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from ganlab.data.cache import DataUnavailable, written

Progress = Callable[[str, float], None]  # what is being done, and how much of it: 0 to 1

CHUNK = 1 << 16
PATIENCE = 15.0  # seconds that a mirror may be silent
MOST_ATTEMPT_SECONDS = 600.0  # on one mirror: 300 kB/s suffice for the largest file
WAIT_AFTER_FAILURE = 10.0  # seconds in which a file that no mirror had is not asked for again
AGENT = "GanLab (teaching GANs; downloads a data set once)"

_locks: dict[Path, threading.Lock] = {}  # two runs that want the same file wait for one download
_failures: dict[Path, tuple[float, str]] = {}  # path -> when no mirror had it, and why


@dataclass(frozen=True)
class Remote:
    """A file of a data set: its name in the cache, its size in bytes, its published MD5, and where it is."""

    name: str
    size: int
    md5: str
    mirrors: tuple[str, ...]


def silent(_: str, __: float) -> None:
    """Ignore the progress."""


def missing(files: Sequence[Remote], place: Path) -> list[Remote]:
    """The files that are not in this folder yet."""
    return [file for file in files if not (place / file.name).is_file()]


def fetch(title: str, files: Sequence[Remote], place: Path, progress: Progress = silent) -> list[Path]:
    """The data set's files in this folder, each downloaded if it is not there or is damaged.

    Raises:
        DataUnavailable: no mirror has a file; what was downloaded before is kept.
    """
    total, done = sum(file.size for file in files), 0

    def advance(received: int) -> None:
        progress(f"Downloading {title}: {total / 1e6:.0f} MB", min((done + received) / total, 1.0))

    for file in files:
        with _locks.setdefault(place / file.name, threading.Lock()):
            if not _is_whole(place / file.name, file.md5):
                _download(title, file, place / file.name, advance)
        done += file.size
        advance(0)
    return [place / file.name for file in files]


def _download(title: str, file: Remote, path: Path, advance: Callable[[int], None]) -> None:
    when, why = _failures.get(path, (-WAIT_AFTER_FAILURE, ""))
    if time.monotonic() - when < WAIT_AFTER_FAILURE:
        raise DataUnavailable(why)
    reasons = []
    for url in file.mirrors:
        try:
            _receive(url, file, path, advance)
        except (OSError, http.client.HTTPException, _RefusedError) as error:  # URLError and time-outs are OSErrors
            reasons.append(f"{urllib.request.Request(url).host}: {_reason(error)}")
        else:
            _failures.pop(path, None)
            return
    sentence = (
        f"{title} is not on this computer yet and could not be downloaded ({'; '.join(reasons)}). "
        "Check the connection and try again. Or choose the handwritten digits or the shapes: they come with GanLab "
        "and need no download."
    )
    _failures[path] = (time.monotonic(), sentence)
    raise DataUnavailable(sentence)


class _RefusedError(Exception):
    """A mirror sent something other than the file."""


def _receive(url: str, file: Remote, path: Path, advance: Callable[[int], None]) -> None:
    """Download to `path`, which appears only once all of the file is there and its checksum is right."""
    digest, received, started = hashlib.md5(usedforsecurity=False), 0, time.monotonic()
    request = urllib.request.Request(url, headers={"User-Agent": AGENT})
    with urllib.request.urlopen(request, timeout=PATIENCE) as response, written(path) as target:
        while chunk := response.read(CHUNK):
            digest.update(chunk)
            target.write(chunk)
            received += len(chunk)
            if received > file.size:
                raise _RefusedError("sent another file")
            if time.monotonic() - started > MOST_ATTEMPT_SECONDS:
                raise _RefusedError("too slow")
            advance(received)
        if received < file.size:
            raise _RefusedError("broke off")
        if digest.hexdigest() != file.md5:
            raise _RefusedError("sent another file")


def _is_whole(path: Path, md5: str) -> bool:
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.md5(usedforsecurity=False)).hexdigest() == md5


def _reason(error: Exception) -> str:
    if isinstance(error, urllib.error.HTTPError):
        return f"error {error.code}"
    if isinstance(error, TimeoutError) or isinstance(getattr(error, "reason", None), TimeoutError):
        return "no answer"
    if isinstance(error, _RefusedError):
        return str(error)
    if getattr(error, "errno", None) == errno.ENOSPC:
        return "this computer's disk is full"
    return "can't be reached"

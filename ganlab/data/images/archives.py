"""Zip archives, read without unpacking anything to disk: what is built to do harm is refused as a whole."""

from __future__ import annotations

import io
import stat
import zipfile
from pathlib import Path

from ganlab.experiment.settings import ExperimentError

MOST_FILES = 20_000  # in a folder or archive, images or not
MOST_ARCHIVE_BYTES = 500_000_000
MOST_BYTES = 1_000_000_000  # of all files, unpacked
MOST_RATIO = 100  # unpacked to packed, of an archive; photographs hardly pack at all
HARMLESS_BYTES = 50_000_000  # unpacked, of which the ratio does not matter

UTF8 = 0x08  # of the second byte of an entry's flags: its name is UTF-8
END, ENTRY = b"PK\x05\x06", b"PK\x01\x02"


def opened_zip(archive: bytes | Path) -> zipfile.ZipFile:
    """The archive, open; where names that are marked as UTF-8 are not, the others stay as they are.

    Raises:
        ExperimentError: it is no zip, is built to do harm, or goes beyond the limits above.
    """
    weight = len(archive) if isinstance(archive, bytes) else archive.stat().st_size
    if weight > MOST_ARCHIVE_BYTES:
        raise ExperimentError(
            f"The archive has {weight / 1e6:,.0f} MB, and at most {MOST_ARCHIVE_BYTES / 1e6:.0f} MB are possible."
        )
    try:
        try:
            opened = zipfile.ZipFile(io.BytesIO(archive) if isinstance(archive, bytes) else archive)
        except UnicodeDecodeError:
            content = archive if isinstance(archive, bytes) else archive.read_bytes()
            opened = zipfile.ZipFile(io.BytesIO(_rightly_flagged(content)))
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, UnicodeDecodeError):
        raise ExperimentError("This zip archive can't be read: make it again, and add the new one.") from None
    _refuse_harm([info for info in opened.infolist() if not info.is_dir()], weight)
    return opened


def _rightly_flagged(content: bytes) -> bytes:
    """The archive with the mark "UTF-8" taken from the names that are not."""
    patched = bytearray(content)
    end = content.rfind(END)
    at = int.from_bytes(content[end + 16 : end + 20], "little")
    while content[at : at + 4] == ENTRY:
        lengths = [int.from_bytes(content[at + k : at + k + 2], "little") for k in (28, 30, 32)]
        try:
            content[at + 46 : at + 46 + lengths[0]].decode("utf-8")
        except UnicodeDecodeError:
            beginning = int.from_bytes(content[at + 42 : at + 46], "little")
            for flags in (at + 9, beginning + 7):  # in the directory, and where the file begins
                if flags < len(patched):
                    patched[flags] &= ~UTF8
        at += 46 + sum(lengths)
    return bytes(patched)


def _refuse_harm(files: list[zipfile.ZipInfo], weight: int) -> None:
    """Raise ExperimentError for an archive that reaches outside itself or is larger than it looks."""
    if len(files) > MOST_FILES:
        raise ExperimentError(f"The archive holds {len(files):,} files, and at most {MOST_FILES:,} are possible.")
    for info in files:
        name = info.filename.replace("\\", "/")
        on_a_drive = name[:1].isalpha() and name[1:3] == ":/"  # and not "a:b.png", which is the name of a file
        if name.startswith("/") or ".." in name.split("/") or on_a_drive or "\0" in info.orig_filename:
            raise ExperimentError(f'The archive names a file outside itself ("{name[:60]}"), so it is not opened.')
        if stat.S_ISLNK(info.external_attr >> 16):
            raise ExperimentError(f'The archive holds a link ("{name[:60]}"), so it is not opened.')
    unpacked = sum(info.file_size for info in files)
    if unpacked > MOST_BYTES or (unpacked > HARMLESS_BYTES and unpacked > MOST_RATIO * weight):
        raise ExperimentError(
            f"Unpacked, the archive's {weight / 1e6:,.1f} MB would be {unpacked / 1e6:,.0f} MB, which no collection of "
            f"images needs (the limits: {MOST_BYTES / 1e6:,.0f} MB, {MOST_RATIO} times its size), so it is not opened."
        )

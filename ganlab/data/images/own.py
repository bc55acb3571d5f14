"""A person's own images, from a folder or a zip: any size and shape, each cropped to its middle and resized.

Nothing is unpacked to disk. What is no image is skipped and counted; an archive that is built to do harm
is refused as a whole.
"""

from __future__ import annotations

import io
import stat
import zipfile
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath
from typing import IO

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image, ImageOps

from ganlab.data import own
from ganlab.data.base import Collection, DataSpec
from ganlab.data.downloads import Progress, silent
from ganlab.data.images.resize import resize
from ganlab.experiment.settings import ExperimentError

OWN_SIZE = 32  # pixels that an Experiment trains on unless it says otherwise
KEPT_SIZE = 64  # pixels that are kept, so that larger training sizes have detail to show
LARGEST_SIZE = 128
MOST_IMAGES = 10_000
MOST_FILES = 20_000  # in a folder or archive, images or not
MOST_ARCHIVE_BYTES = 500_000_000
MOST_BYTES = 1_000_000_000  # of all files, unpacked
MOST_FILE_BYTES = 30_000_000
MOST_PIXELS = 40_000_000  # of one image
MOST_RATIO = 100  # unpacked to packed, of an archive; photographs hardly pack at all
HARMLESS_BYTES = 50_000_000  # unpacked, of which the ratio does not matter

FORMATS = ("PNG", "JPEG", "BMP", "GIF", "WEBP", "TIFF", "PPM")
SUFFIXES = {".png", ".jpg", ".jpeg", ".bmp", ".gif", ".webp", ".tif", ".tiff", ".ppm", ".pgm"}
ARCHIVES = {".zip", ".tar", ".gz", ".tgz", ".bz2", ".xz", ".7z", ".rar"}

NO_IMAGE = "not an image"
BROKEN = "broken or not really an image"
NESTED = "an archive within the archive"
LINK = "a link to another place"
LOCKED = "locked with a password"
HEAVY = f"larger than {MOST_FILE_BYTES / 1e6:.0f} MB"
VAST = f"more than {MOST_PIXELS / 1e6:.0f} million pixels"
SURPLUS = f"beyond the first {MOST_IMAGES:,} images"

Entry = tuple[str, int, Callable[[], IO[bytes]]]  # name, bytes, how to open it


@dataclass(frozen=True)
class Gathered:
    """Images found, uint8 (n, 1 or 3, size, size), and the files that were skipped, by reason."""

    values: NDArray[np.uint8]
    skipped: dict[str, tuple[str, ...]]

    def __str__(self) -> str:
        total = sum(map(len, self.skipped.values()))
        reasons = "; ".join(f"{len(names):,} {reason}" for reason, names in self.skipped.items())
        colours = "grey" if self.values.shape[1] == 1 else "colour"
        return f"{len(self.values):,} {colours} images used" + (
            f", {total:,} files skipped: {reasons}" if total else ""
        )


def from_folder(folder: Path, size: int = KEPT_SIZE, progress: Progress = silent) -> Gathered:
    """The images in a folder and the folders below it.

    Raises:
        ExperimentError: there are none, or more than the limits above allow.
    """
    if not folder.is_dir():
        raise ExperimentError(f"There is no folder {folder}.")
    skipped: dict[str, list[str]] = defaultdict(list)
    entries: list[Entry] = []
    for count, path in enumerate(_walk(folder)):
        if count >= MOST_FILES:
            raise ExperimentError(f"The folder holds more than {MOST_FILES:,} files: choose one with fewer.")
        name = path.relative_to(folder).as_posix()
        if path.is_symlink():
            skipped[LINK].append(name)
        else:
            entries.append((name, path.stat().st_size, lambda path=path: path.open("rb")))  # type: ignore[misc]
    return _gathered(entries, skipped, size, progress)


def from_zip(archive: bytes | Path, size: int = KEPT_SIZE, progress: Progress = silent) -> Gathered:
    """The images in a zip archive.

    Raises:
        ExperimentError: it is no zip, holds no image, is built to do harm, or goes beyond the limits above.
    """
    weight = len(archive) if isinstance(archive, bytes) else archive.stat().st_size
    if weight > MOST_ARCHIVE_BYTES:
        raise ExperimentError(
            f"The archive has {weight / 1e6:,.0f} MB; up to {MOST_ARCHIVE_BYTES / 1e6:.0f} MB are taken."
        )
    try:
        with zipfile.ZipFile(io.BytesIO(archive) if isinstance(archive, bytes) else archive) as opened:
            files = [info for info in opened.infolist() if not info.is_dir()]
            _refuse_harm(files, weight)
            skipped: dict[str, list[str]] = defaultdict(list)
            entries: list[Entry] = []
            for info in files:
                if info.flag_bits & 1:
                    skipped[LOCKED].append(info.filename)
                else:
                    entries.append((info.filename, info.file_size, lambda info=info: opened.open(info)))  # type: ignore[misc]
            return _gathered(entries, skipped, size, progress)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, UnicodeDecodeError):
        raise ExperimentError("This is no zip archive that can be read: make it anew and hand that in.") from None


def from_files(files: Sequence[tuple[str, bytes]], size: int = KEPT_SIZE, progress: Progress = silent) -> Gathered:
    """The images among some files, each a name and its content.

    Raises:
        ExperimentError: there are none, or more than the limits above allow.
    """
    if len(files) > MOST_FILES:
        raise ExperimentError(f"These are {len(files):,} files; up to {MOST_FILES:,} are taken.")
    entries = [(name, len(content), partial(io.BytesIO, content)) for name, content in files]
    return _gathered([*entries], defaultdict(list), size, progress)


def own_images(digest: str, size: int = 0) -> Collection:
    """The images that were kept under this digest, at size x size pixels or `OWN_SIZE`.

    Raises:
        DataUnavailable: there are none.
    """
    pixels = resize(torch.from_numpy(np.array(own.find("images", digest), np.uint8)), size or OWN_SIZE)
    return Collection(DataSpec(tuple(pixels.shape[1:]), len(pixels), extent=1.0), pixels)


def _refuse_harm(files: list[zipfile.ZipInfo], weight: int) -> None:
    """Raise ExperimentError for an archive that reaches outside itself or is larger than it looks."""
    if len(files) > MOST_FILES:
        raise ExperimentError(f"The archive holds {len(files):,} files; up to {MOST_FILES:,} are taken.")
    for info in files:
        name = info.filename.replace("\\", "/")
        if name.startswith("/") or ".." in name.split("/") or name[1:2] == ":" or "\0" in info.orig_filename:
            raise ExperimentError(f'The archive names a file outside itself ("{name[:60]}"), so it is not opened.')
        if stat.S_ISLNK(info.external_attr >> 16):
            raise ExperimentError(f'The archive holds a link ("{name[:60]}"), so it is not opened.')
    unpacked = sum(info.file_size for info in files)
    if unpacked > MOST_BYTES or (unpacked > HARMLESS_BYTES and unpacked > MOST_RATIO * weight):
        raise ExperimentError(
            f"Unpacked, the archive's {weight / 1e6:,.1f} MB would be {unpacked / 1e6:,.0f} MB, which no collection of "
            f"images needs (the limits: {MOST_BYTES / 1e6:,.0f} MB, {MOST_RATIO} times its size), so it is not opened."
        )


def _walk(folder: Path) -> Iterator[Path]:
    """The files below a folder, in order of name; links are not followed."""
    for path in sorted(folder.iterdir()):
        if path.is_dir() and not path.is_symlink():
            yield from _walk(path)
        else:
            yield path


def _gathered(entries: list[Entry], skipped: dict[str, list[str]], size: int, progress: Progress) -> Gathered:
    if not 1 <= size <= LARGEST_SIZE:
        raise ExperimentError(f"Images can be kept at up to {LARGEST_SIZE} pixels, not {size}.")
    if sum(weight for _, weight, _ in entries) > MOST_BYTES:
        raise ExperimentError(f"The files have more than {MOST_BYTES / 1e6:,.0f} MB in all: choose fewer.")
    images: list[NDArray[np.uint8]] = []
    for done, (name, weight, opened) in enumerate(sorted(entries, key=lambda entry: entry[0])):
        progress("Reading images", done / len(entries))
        path = PurePosixPath(name)
        if "__MACOSX" in path.parts or path.name.startswith("."):
            continue  # what an operating system leaves behind
        result = _image(path.suffix.lower(), weight, opened, size) if len(images) < MOST_IMAGES else SURPLUS
        if isinstance(result, str):
            skipped[result].append(name)
        else:
            images.append(result)
    progress("Reading images", 1.0)
    reasons = {reason: tuple(names) for reason, names in skipped.items() if names}
    if not images:
        told = "; ".join(f"{len(names):,} {reason}" for reason, names in reasons.items()) or "it is empty"
        raise ExperimentError(f"No image could be used ({told}): hand in PNG, JPEG, GIF, BMP, WebP or TIFF files.")
    values = np.stack(images).transpose(0, 3, 1, 2)
    if (values[:, :1] == values).all():
        values = values[:, :1]
    return Gathered(np.ascontiguousarray(values), reasons)


def _image(suffix: str, weight: int, opened: Callable[[], IO[bytes]], size: int) -> NDArray[np.uint8] | str:
    """The middle of the image as (size, size, 3), or why it is skipped."""
    if suffix not in SUFFIXES:
        return NESTED if suffix in ARCHIVES else NO_IMAGE
    if weight > MOST_FILE_BYTES:
        return HEAVY
    try:
        with opened() as file:
            content = file.read(MOST_FILE_BYTES + 1)
        if len(content) > MOST_FILE_BYTES:
            return HEAVY
        with Image.open(io.BytesIO(content), formats=FORMATS) as image:
            if image.width * image.height > MOST_PIXELS:
                return VAST
            image.draft("RGB", (2 * size, 2 * size))  # a JPEG can be decoded small at once
            return np.asarray(ImageOps.fit(_rgb(image), (size, size), Image.Resampling.BICUBIC))
    except Image.DecompressionBombError:
        return VAST
    except Exception:  # decoders meet hostile bytes with almost any exception; each means the same here
        return BROKEN


def _rgb(image: Image.Image) -> Image.Image:
    """The image upright and in RGB, on white where it is transparent."""
    with suppress(Exception):  # broken metadata do not make a broken picture
        image = ImageOps.exif_transpose(image)
    if image.mode.startswith("I") or image.mode == "F":
        deep = np.asarray(image, np.float64)
        image = Image.fromarray(
            (deep * (255 / max(65535.0 if deep.max() > 255 else 255.0, deep.max()))).astype(np.uint8)
        )
    if image.has_transparency_data:
        white = Image.new("RGBA", image.size, "white")
        return Image.alpha_composite(white, image.convert("RGBA")).convert("RGB")
    return image.convert("RGB")

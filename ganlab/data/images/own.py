"""A person's own images, from a folder, zips or files: any size and shape, each cropped to its middle and resized.

Files that are not images are skipped and counted. If every image lies in a folder, the folders are the classes.
"""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath
from typing import IO

import numpy as np
import torch
from numpy.typing import NDArray

from ganlab.data import own
from ganlab.data.base import Collection, DataSpec
from ganlab.data.downloads import Progress, silent
from ganlab.data.images.archives import MOST_BYTES, MOST_FILES, opened_zip
from ganlab.data.images.decoding import ZIP, DecodedImage, picture
from ganlab.data.images.resize import resize
from ganlab.data.images.shades import together
from ganlab.experiment.data import MOST_OWN_CLASSES
from ganlab.experiment.settings import ExperimentError

OWN_SIZE = 32  # pixels that an Experiment trains on unless it says otherwise
KEPT_SIZE = 64  # pixels that are kept, so that larger training sizes have detail to show
LARGEST_SIZE = 128
MOST_IMAGES = 10_000

LINK = "a link to another file or folder"
LOCKED = "protected with a password"
SURPLUS = f"beyond the first {MOST_IMAGES:,} images"

Entry = tuple[str, int, Callable[[], IO[bytes]]]  # name, bytes, how to open it
Skipped = dict[str, list[str]]


@dataclass(frozen=True)
class ImageImport:
    """Images found, uint8 (n, 1 or 3, size, size), and the files that were skipped, by reason.

    Attributes:
        noted: sentences on what was done to the images.
        labels, classes: the names of the folders, and which of them each image is from; () where they are no classes.
    """

    values: NDArray[np.uint8]
    skipped: dict[str, tuple[str, ...]]
    noted: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    classes: tuple[int, ...] = ()

    def __str__(self) -> str:
        total = sum(map(len, self.skipped.values()))
        reasons = "; ".join(f"{len(names):,} {reason}" for reason, names in self.skipped.items())
        colours = "grey" if self.values.shape[1] == 1 else "colour"
        of = f" of {len(self.labels)} classes" if self.labels else ""
        images, files = (f"{noun}{'s' * (n != 1)}" for noun, n in (("image", len(self.values)), ("file", total)))
        used = f"{len(self.values):,} {colours} {images}{of} used"
        return used + (f", {total:,} {files} skipped: {reasons}" if total else "")

    def keep(self) -> str:
        """Store the images and their classes for an Experiment; returns its `own_data`."""
        return own.keep("images", self.values, own.About(labels=self.labels, classes=self.classes))


def from_folder(folder: Path, size: int = KEPT_SIZE, progress: Progress = silent) -> ImageImport:
    """The images in a folder and the folders below it.

    Raises:
        ExperimentError: there are none, or more than the limits above allow.
    """
    if not folder.is_dir():
        raise ExperimentError(f"There is no folder {folder}.")
    skipped: Skipped = defaultdict(list)
    entries: list[Entry] = []
    for count, path in enumerate(_walk(folder)):
        if count >= MOST_FILES:
            raise ExperimentError(f"The folder holds more than {MOST_FILES:,} files: choose a folder with fewer.")
        name = path.relative_to(folder).as_posix()
        if path.is_symlink():
            skipped[LINK].append(name)
        else:
            entries.append((name, path.stat().st_size, partial(_opened, path)))
    return _gathered(entries, skipped, size, progress)


def from_zip(archive: bytes | Path, size: int = KEPT_SIZE, progress: Progress = silent) -> ImageImport:
    """The images in a zip archive.

    Raises:
        ExperimentError: it is no zip, holds no image, is built to do harm, or goes beyond the limits.
    """
    skipped: Skipped = defaultdict(list)
    with ExitStack() as stack:
        return _gathered(_entries(archive, "", skipped, stack), skipped, size, progress)


def from_files(files: Sequence[tuple[str, bytes]], size: int = KEPT_SIZE, progress: Progress = silent) -> ImageImport:
    """The images among some files and in the zips among them, each a name and its content.

    Of several zips, each counts as a folder of its name.

    Raises:
        ExperimentError: see `from_zip`.
    """
    if len(files) > MOST_FILES:
        raise ExperimentError(f"These are {len(files):,} files, and at most {MOST_FILES:,} are possible.")
    skipped: Skipped = defaultdict(list)
    entries: list[Entry] = []
    with ExitStack() as stack:
        for name, content in files:
            if content.startswith(ZIP):
                within = f"{PurePosixPath(name).stem}/" if len(files) > 1 else ""
                entries += _entries(content, within, skipped, stack)
            else:
                entries.append((name, len(content), partial(io.BytesIO, content)))
        return _gathered(entries, skipped, size, progress)


def own_images(digest: str, size: int = 0) -> Collection:
    """The images that were kept under this digest, at size x size pixels or `OWN_SIZE`.

    Raises:
        DataUnavailable: there are none.
    """
    pixels = resize(torch.from_numpy(np.array(own.find("images", digest), np.uint8)), size or OWN_SIZE)
    about = own.about("images", digest)
    spec = DataSpec(tuple(pixels.shape[1:]), len(pixels), extent=1.0, labels=about.labels)
    return Collection(spec, pixels, torch.tensor(about.classes) if about.classes else None)


def _entries(archive: bytes | Path, within: str, skipped: Skipped, stack: ExitStack) -> list[Entry]:
    """The files of a zip, under names that begin with `within`; they can be opened until the stack is left."""
    opened = stack.enter_context(opened_zip(archive))
    entries: list[Entry] = []
    for info in opened.infolist():
        if info.is_dir():
            continue
        if info.flag_bits & 1:
            skipped[LOCKED].append(within + info.filename)
        else:
            entries.append((within + info.filename, info.file_size, partial(opened.open, info)))
    return entries


def _opened(path: Path) -> IO[bytes]:
    return path.open("rb")


def _walk(folder: Path) -> Iterator[Path]:
    """The files below a folder, in order of name; links are not followed."""
    for path in sorted(folder.iterdir()):
        if path.is_dir() and not path.is_symlink():
            yield from _walk(path)
        else:
            yield path


def _gathered(entries: list[Entry], skipped: Skipped, size: int, progress: Progress) -> ImageImport:
    if not 1 <= size <= LARGEST_SIZE:
        raise ExperimentError(f"The image size can be at most {LARGEST_SIZE} pixels, not {size}.")
    if sum(weight for _, weight, _ in entries) > MOST_BYTES:
        raise ExperimentError(f"All files together have more than {MOST_BYTES / 1e6:,.0f} MB: choose fewer files.")
    pictures: list[DecodedImage] = []
    folders: list[tuple[str, ...]] = []
    for done, (name, weight, opened) in enumerate(sorted(entries, key=lambda entry: entry[0])):
        progress("Reading images", done / len(entries))
        path = PurePosixPath(name)
        if "__MACOSX" in path.parts or path.name.startswith("."):
            continue  # what an operating system leaves behind
        found = picture(path.suffix.lower(), weight, opened, size) if len(pictures) < MOST_IMAGES else SURPLUS
        if isinstance(found, str):
            skipped[found].append(name)
        else:
            pictures.append(found)
            folders.append(path.parent.parts)
    progress("Reading images", 1.0)
    reasons = {reason: tuple(names) for reason, names in skipped.items() if names}
    if not pictures:
        told = "; ".join(f"{len(names):,} {reason}" for reason, names in reasons.items()) or "it is empty"
        raise ExperimentError(f"No image could be used ({told}): add PNG, JPEG, GIF, BMP, WebP or TIFF files.")
    values, noted = together(pictures)
    labels, classes = _classes(folders)
    if len(labels) > MOST_OWN_CLASSES:
        noted += (
            f"There are {len(labels):,} folders, and at most {MOST_OWN_CLASSES} can be classes, so the images are used "
            "without classes.",
        )
        labels, classes = (), ()
    return ImageImport(values, reasons, noted, labels, classes)


def _classes(folders: list[tuple[str, ...]]) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """The names of the folders that hold all images between them, and the number of each image's; or none.

    Folders around all of them are passed over, and those within them count as one.
    """
    shared = 0
    while all(len(parts) > shared for parts in folders) and len({parts[shared] for parts in folders}) == 1:
        shared += 1
    if not all(len(parts) > shared for parts in folders):
        return (), ()
    labels = tuple(sorted({parts[shared] for parts in folders}))
    number = {label: place for place, label in enumerate(labels)}
    return labels, tuple(number[parts[shared]] for parts in folders)

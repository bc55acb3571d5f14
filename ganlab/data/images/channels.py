"""TIFF files of several channels that Pillow can't read, or of which it reads only the first 8 bits or channel."""

from __future__ import annotations

import io
import zlib
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from tifffile import TiffFile, TiffPageSeries

AXES = {"YXS": (0, 1, 2), "SYX": (1, 2, 0), "CYX": (1, 2, 0), "YXC": (0, 1, 2)}  # the places of height, width, channels
UNCOMPRESSED, DEFLATE, FLOATING = 1, (8, 32946), 3  # of a TIFF's tags Compression and Predictor

PACKED = "a TIFF file whose compression GanLab can't read: save it without compression, or with ZIP"
SWOLLEN = "a TIFF file that unpacks to more than its own size says"


def of_tiff(content: bytes, most: int) -> np.ndarray | str | None:
    """The channels of a TIFF that has more than one, (height, width, channels), where Pillow would lose some of it.

    Microscopes, cameras and scientific programs write channels as floats or with 16 bits, or in pages of their own.
    The values are as they are in the file; transparency is left out.

    Args:
        most: values that may be read, all channels together.

    Returns:
        Why the file can't be read, or None where Pillow reads all that it holds.
    """
    from tifffile import TiffFile  # only who brings a TIFF waits for it

    with TiffFile(io.BytesIO(content)) as file:
        pages = file.series[0]
        order = AXES.get(pages.axes)
        if order is None or (pages.dtype.itemsize == 1 and "C" not in pages.axes):
            return None
        if pages.size > most:
            return f"more than {most / 1e6:.0f} million values"
        if reason := _unreadable(file, pages):
            return reason
        values: np.ndarray = pages.asarray().transpose(order)
        transparent = sum(map(bool, pages.keyframe.extrasamples)) if "S" in pages.axes else 0
        return values[..., : values.shape[2] - transparent]


def _unreadable(file: TiffFile, pages: TiffPageSeries) -> str | None:
    """Why the pixels can't be unpacked; what tifffile unpacks by itself, it unpacks however large it becomes."""
    key = pages.keyframe
    if key.compression == UNCOMPRESSED:
        return None
    if key.compression not in DEFLATE or key.predictor == FLOATING:
        return PACKED
    most = int(np.prod(key.chunks)) * pages.dtype.itemsize  # of a strip or tile, unpacked
    for page in pages.pages:
        for at, length in zip(page.dataoffsets, page.databytecounts, strict=True) if page else ():
            file.filehandle.seek(at)
            unpacked = zlib.decompressobj()
            unpacked.decompress(file.filehandle.read(length), most)
            if unpacked.unconsumed_tail:
                return SWOLLEN
    return None

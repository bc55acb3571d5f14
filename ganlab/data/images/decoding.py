"""One image file, whatever it holds and whatever it is called: its middle, or why it can't be used."""

from __future__ import annotations

import io
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import IO

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps, features

from ganlab.data.images import channels

MOST_FILE_BYTES = 30_000_000
MOST_PIXELS = 40_000_000  # of one image that must be decoded whole
MOST_JPEG_PIXELS = 110_000_000  # a JPEG is decoded small at once
MOST_VALUES = 3 * MOST_PIXELS  # of all channels
MOST_LOOKED_AT = 1_000_000  # pixels from which the darkest and lightest are told

FORMATS = ("PNG", "JPEG", "BMP", "GIF", "WEBP", "TIFF", "PPM", *(("AVIF",) if features.check("avif") else ()))
SUFFIXES = {
    ".png", ".jpg", ".jpeg", ".jfif", ".bmp", ".gif", ".webp", ".tif", ".tiff", ".ppm", ".pgm", ".avif",
}  # fmt: skip
ARCHIVES = {".zip", ".tar", ".gz", ".tgz", ".bz2", ".xz", ".7z", ".rar"}

PNG = b"\x89PNG\r\n\x1a\n"
JPEG, TIFF, PPM = b"\xff\xd8\xff", (b"II*\0", b"MM\0*"), tuple(b"P%d" % kind for kind in range(1, 7))
BEGINNINGS = (PNG, JPEG, *TIFF, *PPM, b"BM", b"GIF8", b"RIFF")
ZIP = b"PK\x03\x04"
HEIF_BRANDS = (b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1")
TEXTS = (b"tEXt", b"zTXt", b"iTXt")  # of a PNG: notes, which may be larger than Pillow takes

NO_IMAGE = "not an image"
BROKEN = "broken or not really an image"
NESTED = "an archive inside the archive"
HEAVY = f"larger than {MOST_FILE_BYTES / 1e6:.0f} MB"
VAST = f"more than {MOST_PIXELS / 1e6:.0f} million pixels"
HEIC = (
    "HEIC, the format of iPhones, which GanLab can't read: export the images as JPEG, or set Settings > Camera > "
    "Formats to Most Compatible"
)
AVIF = "AVIF, which this installation of Pillow can't read: save the images as PNG or JPEG"
NO_NUMBERS = "with values that are not numbers (NaN or infinite)"
CHANNELS = "with 2 channels or more than 3: save three of them, for red, green and blue, or one"


@dataclass(frozen=True)
class DecodedImage:
    """The middle of an image.

    Attributes:
        pixels: (size, size, 3) as bytes; (size, size, 4) where it is transparent; or channels of more than 8 bits,
            (size, size, 1 or 3) as float32, whose range only all images together can tell.
        darkest, lightest: of channels of more than 8 bits.
    """

    pixels: NDArray[np.uint8] | NDArray[np.float32]
    darkest: float = 0.0
    lightest: float = 0.0

    @property
    def deep(self) -> bool:
        """Whether it has more than 8 bits a channel."""
        return self.pixels.dtype == np.float32


def picture(suffix: str, weight: int, opened: Callable[[], IO[bytes]], size: int) -> DecodedImage | str:
    """The middle of the image in a file of `weight` bytes, size x size, or why it is skipped."""
    try:
        with opened() as file:
            head = file.read(32)
            if reason := _why_not(head, suffix):
                return reason
            if weight > MOST_FILE_BYTES:
                return HEAVY
            content = head + file.read(MOST_FILE_BYTES + 1 - len(head))
        if len(content) > MOST_FILE_BYTES:
            return HEAVY
        if content.startswith(TIFF) and (found := _channels(content, size)):
            return found
        with Image.open(io.BytesIO(_without_texts(content)), formats=FORMATS) as image:
            most = MOST_JPEG_PIXELS if image.format == "JPEG" else MOST_PIXELS
            if image.width * image.height > most:
                return VAST
            image.draft("RGB", (2 * size, 2 * size))
            return _middle(image, size)
    except Image.DecompressionBombError:
        return VAST
    except Exception:  # decoders meet hostile bytes with almost any exception; each means the same here
        return BROKEN


def _why_not(head: bytes, suffix: str) -> str | None:
    """Why a file that begins like this is no image, or none that is read here; the content decides, not the name."""
    if head[4:8] == b"ftyp":
        if head[8:12] in HEIF_BRANDS and b"avif" not in head:
            return HEIC
        return None if "AVIF" in FORMATS else AVIF
    if head.startswith(BEGINNINGS):
        return None
    if head.startswith(ZIP) or suffix in ARCHIVES:
        return NESTED
    return BROKEN if suffix in SUFFIXES else NO_IMAGE


def _without_texts(content: bytes) -> bytes:
    """A PNG without its notes, of which Pillow refuses large ones; anything else as it is."""
    if not content.startswith(PNG):
        return content
    parts, at = [PNG], len(PNG)
    while at + 12 <= len(content):
        end = at + 12 + int.from_bytes(content[at : at + 4], "big")
        if content[at + 4 : at + 8] not in TEXTS:
            parts.append(content[at:end])
        at = end
    return b"".join(parts)


def _middle(image: Image.Image, size: int) -> DecodedImage | str:
    """The image upright, its middle square alone, at this size."""
    with suppress(Exception):  # broken metadata do not make a broken picture
        image = ImageOps.exif_transpose(image)
    if image.mode.startswith("I") or image.mode == "F":
        return _deep(np.asarray(image, np.float32)[..., None], size)
    image = image.convert("RGBA" if image.has_transparency_data else "RGB")
    return DecodedImage(np.asarray(ImageOps.fit(image, (size, size), Image.Resampling.BICUBIC)))


def _channels(content: bytes, size: int) -> DecodedImage | str | None:
    """The middle of a TIFF whose channels Pillow does not read as they are; None for any other."""
    values = None
    with suppress(Exception):  # Pillow reads some that tifffile does not, and says what is wrong with the others
        values = channels.of_tiff(content, MOST_VALUES)
    if values is None or isinstance(values, str):
        return values
    if values.shape[2] != 3:
        return CHANNELS
    if values.dtype == np.uint8:
        return _middle(Image.fromarray(values), size)
    return _deep(values.astype(np.float32), size)


def _deep(values: NDArray[np.float32], size: int) -> DecodedImage | str:
    """Channels of more than 8 bits, and their darkest and lightest values but for the odd hot pixel.

    Args:
        values: (height, width, 1 or 3).
    """
    if not np.isfinite(values).all():
        return NO_NUMBERS
    looked_at = values.reshape(-1)[:: max(1, values.size // MOST_LOOKED_AT)]
    darkest, lightest = np.percentile(looked_at, [0.02, 99.98])
    fitted = [
        np.asarray(ImageOps.fit(Image.fromarray(channel), (size, size), Image.Resampling.BICUBIC), np.float32)
        for channel in np.moveaxis(values, 2, 0)
    ]
    return DecodedImage(np.stack(fitted, axis=2), float(darkest), float(lightest))

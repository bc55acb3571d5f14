"""docs/what-it-reads.md is true: what each row names is handed in here, and comes out as the row says."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from tifffile import imwrite

from ganlab.data.images.own import from_files
from ganlab.data.own_points import chosen, usual_label
from ganlab.data.tables import read
from ganlab.experiment import ExperimentError
from tests.data.inputs import TABLES

PAGE = Path(__file__).parents[2] / "docs" / "what-it-reads.md"
ROW = re.compile(r"^\| (.+?) \| (.+?) \|$", re.MULTILINE)
NOISE = np.random.default_rng(0).integers(0, 255, (20, 20, 3), np.uint8)
RAMP = np.tile(np.linspace(0, 1, 32, dtype=np.float32), (32, 1))


def table(content: str | bytes) -> str:
    """What comes of a table."""
    try:
        found = read(content)
        points = chosen(found, label=usual_label(found))
    except ExperimentError as error:
        return str(error)
    classes = f" of {len(points.labels)} classes" if points.labels else ""
    return " ".join([f"{len(points.values)} points{classes}.", *points.noted])


def images(*files: tuple[str, bytes]) -> str:
    """What comes of images."""
    try:
        found = from_files(files, size=8)
    except ExperimentError as error:
        return str(error)
    return " ".join([f"{found}.", *found.noted])


def encoded(image: Image.Image | np.ndarray, kind: str = "PNG") -> bytes:
    file = io.BytesIO()
    (image if isinstance(image, Image.Image) else Image.fromarray(image)).save(file, kind)
    return file.getvalue()


def zipped(*names: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for number, name in enumerate(names):
            archive.writestr(name, encoded((NOISE + 9 * number).astype(np.uint8)))
    return file.getvalue()


def channels(*planes: np.ndarray) -> bytes:
    """A TIFF of these channels, as programs of microscopes write them."""
    file = io.BytesIO()
    imwrite(file, np.stack(planes), imagej=True, metadata={"axes": "CYX"})
    return file.getvalue()


def icon() -> bytes:
    pixels = np.zeros((20, 20, 4), np.uint8)
    pixels[5:15, 5:15] = 255
    return encoded(pixels)


HEIC = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + bytes(64)
BAD = np.where(RAMP > 0.5, np.float32("nan"), RAMP)

KINDS: dict[str, Callable[[], str]] = {
    "Decimal commas in quotation marks": lambda: table(TABLES["quoted decimal commas, two columns"][0]),
    "Blank rows and columns at the end": lambda: table(TABLES["trailing blank columns"][0]),
    "Excel's `sep=;`": lambda: table(TABLES["sep=;"][0]),
    "A typographic minus": lambda: table(TABLES["typographic minus"][0]),
    "cp1252, UTF-16, UTF-8": lambda: table(TABLES["utf-16"][0]),
    "Separators of thousands": lambda: table(TABLES["thousands"][0]),
    "A pandas index": lambda: table(TABLES["pandas' index"][0]),
    "A column of words": lambda: table("x,y,kind\n1,2,cat\n4,5,dog\n7,8,cat\n9,1,dog"),
    "A printed array of NumPy": lambda: table(TABLES["what NumPy prints"][0]),
    "A list of Python": lambda: table(TABLES["a list of Python"][0]),
    "A matrix of MATLAB": lambda: table(TABLES["MATLAB"][0]),
    "Rows without a number": lambda: table("x,y\n1,2\nNA,3\n4,5\n6,"),
    "-999 for a missing value": lambda: table("1,2\n-999,3\n4,5"),
    "A word among numbers": lambda: table("1,2\n3,four\n5,6"),
    '`"1,234"` where commas separate columns': lambda: table('x,y\n"1,234","2,345"'),
    "A shortened array": lambda: table("[[1 2]\n ...\n [3 4]]"),
    "A workbook": lambda: table(b"PK\x03\x04 and so on"),
    "6 MB of text": lambda: table("1\n" * 3_000_000),
    "100,001 rows": lambda: table("1\n" * 100_001),
    "65 columns": lambda: table("1," * 64 + "1\n" + "1," * 64 + "1"),
    "A photograph by any name": lambda: images(("photo", encoded(NOISE, "JPEG"))),
    "A JPEG of 48 megapixels": lambda: images(("a.jpg", encoded(Image.new("L", (8064, 6048), 90), "JPEG"))),
    "Floats from 0 to 1": lambda: images(("a.tif", encoded(RAMP, "TIFF"))),
    "Floats in three channels": lambda: images(("a.tif", channels(RAMP, 0 * RAMP, 0.5 * RAMP))),
    "Two channels of a microscope": lambda: images(("a.tif", channels(RAMP, 0 * RAMP))),
    "12 bits in 16": lambda: images(("a.tif", encoded((RAMP * 4095).astype(np.uint16), "TIFF"))),
    "Two zips": lambda: images(("cats.zip", zipped("1.png")), ("dogs.zip", zipped("1.png", "2.png"))),
    "A zip with a folder a class": lambda: images(("a.zip", zipped("cats/1.png", "dogs/1.png"))),
    "A zip with 21 folders": lambda: images(("a.zip", zipped(*(f"{n}/1.png" for n in range(21))))),
    "A zip with a name like `a:b.png`": lambda: images(("a.zip", zipped("a:b.png"))),
    "White icons on transparency": lambda: images(("a.png", icon())),
    "The same image twice": lambda: images(("a.png", encoded(NOISE)), ("b.png", encoded(NOISE))),
    "HEIC": lambda: images(("a.heic", HEIC)),
    "NaN in an image": lambda: images(("a.tif", encoded(BAD, "TIFF"))),
    "A PNG of 48 megapixels": lambda: images(("a.png", encoded(Image.new("L", (8064, 6048))))),
    "Something else": partial(images, ("a.txt", b"hello"), ("b.png", b"no image")),
    "A zip that names a file outside itself": lambda: images(("a.zip", zipped("../up.png"))),
}


def rows() -> dict[str, str]:
    found = dict(ROW.findall(PAGE.read_text(encoding="utf-8")))
    return {what: result for what, result in found.items() if what not in ("You add", "---")}


def test_the_page_has_a_row_for_each_kind() -> None:
    assert rows().keys() == KINDS.keys()


@pytest.mark.parametrize("kind", KINDS)
def test_what_a_row_names_comes_out_as_it_says(kind: str) -> None:
    assert KINDS[kind]() == rows()[kind]

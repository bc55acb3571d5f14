"""Images of every kind: the content decides, deep ones get one scale for all, transparent ones a ground that shows."""

from __future__ import annotations

import io
import struct
import zlib
from contextlib import suppress

import numpy as np
import pytest
from PIL import Image
from tifffile import imwrite

from ganlab.data.images import decoding
from ganlab.data.images.own import ImageImport, from_files
from ganlab.experiment import ExperimentError

RAMP = np.tile(np.linspace(0, 1, 64, dtype=np.float32), (64, 1))
PHOTO = Image.fromarray(np.random.default_rng(0).integers(0, 255, (40, 60, 3), np.uint8))


def encoded(image: Image.Image | np.ndarray, kind: str = "PNG", **options: object) -> bytes:
    file = io.BytesIO()
    (image if isinstance(image, Image.Image) else Image.fromarray(image)).save(file, kind, **options)
    return file.getvalue()


def found(*files: tuple[str, bytes]) -> ImageImport:
    return from_files(files, size=64)


@pytest.mark.parametrize("name", ["photo.jfif", "photo", "photo.png", "photo.txt"])
def test_the_content_decides_and_not_the_name(name: str) -> None:
    assert len(found((name, encoded(PHOTO, "JPEG"))).values) == 1


@pytest.mark.skipif("AVIF" not in decoding.FORMATS, reason="this Pillow reads no AVIF")
def test_avif_is_read() -> None:
    assert len(found(("photo.avif", encoded(PHOTO, "AVIF"))).values) == 1


def test_heic_is_named_with_its_cure() -> None:
    heic = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + bytes(64)
    with pytest.raises(ExperimentError, match=r"1 HEIC, the format of iPhones.* export the images as JPEG"):
        found(("IMG_0001.HEIC", heic))
    assert found(("IMG_0001.jpg", heic), ("b.png", encoded(PHOTO))).skipped == {decoding.HEIC: ("IMG_0001.jpg",)}


@pytest.mark.parametrize(
    ("values", "white"),
    [
        (RAMP, "1"),
        ((RAMP * 4095).astype(np.uint16), "4,095"),
        ((RAMP * 65_535).astype(np.uint16), "65,535"),
        ((RAMP * 255).astype(np.float32), "255"),
        ((RAMP * 0.004).astype(np.float32), "0.004"),
        ((RAMP * 4000 - 1000).astype(np.int32), "3,000"),
        ((RAMP * 2e6).astype(np.int32), "2e+06"),
    ],
    ids=["floats to 1", "12 bits in 16", "16 bits", "floats to 255", "small floats", "signed", "large"],
)
def test_more_than_8_bits_are_shown_from_black_to_white(values: np.ndarray, white: str) -> None:
    gathered = found(("deep.tif", encoded(values, "TIFF")))
    np.testing.assert_allclose(gathered.values[0, 0], RAMP * 255, atol=3)
    assert f"as black and {white} as white" in gathered.noted[0].replace("3,999", "3,000")


def test_one_scale_holds_for_a_set() -> None:
    gathered = found(("a.tif", encoded(RAMP / 4, "TIFF")), ("b.tif", encoded(RAMP, "TIFF")))
    assert (gathered.values[0].max(), gathered.values[1].max()) == (64, 255)


def test_a_hot_pixel_does_not_blacken_the_rest() -> None:
    hot = np.tile(RAMP, (4, 4))
    hot[0, 0] = 1e9
    assert 60 < found(("hot.tif", encoded(hot, "TIFF"))).values.mean() < 200


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_values_that_are_no_numbers_are_refused(value: float) -> None:
    bad = RAMP.copy()
    bad[3, 4] = value
    with pytest.raises(ExperimentError, match=r"1 with values that are not numbers \(NaN or infinite\)"):
        found(("bad.tif", encoded(bad, "TIFF")))


def test_a_jpeg_of_48_megapixels_is_decoded_small() -> None:
    image = Image.new("L", (8064, 6048), 118)
    assert (found(("phone.jpg", encoded(image, "JPEG"))).values == 118).all()
    with pytest.raises(ExperimentError, match="1 more than 40 million pixels"):
        found(("scan.png", encoded(image)))


def test_white_icons_on_transparency_stand_on_black() -> None:
    icons = []
    for number in range(3):
        icon = np.zeros((64, 64, 4), np.uint8)
        icon[10 : 20 + 10 * number, 20:40] = 255
        icons.append((f"{number}.png", encoded(icon)))
    gathered = found(*icons)
    assert gathered.noted == ("The drawings on transparent ground are nearly white, so the ground is made black.",)
    assert (gathered.values[:, 0, 0, 0] == 0).all() and gathered.values.max() == 255
    red = np.zeros((64, 64, 4), np.uint8)
    red[10:20] = 200, 30, 30, 255
    assert (found(("red.png", encoded(red))).values[0, :, 0, 0] == 255).all()


def test_images_that_are_all_alike_bring_a_warning() -> None:
    one = encoded(PHOTO)
    assert found(("a.png", one), ("b.png", one)).noted[0].startswith("All images are the same")
    assert not found(("a.png", one)).noted


def test_large_notes_in_a_png_do_no_harm() -> None:
    content = encoded(PHOTO)
    note = b"zTXt" + b"Notes\0\0" + zlib.compress(bytes(3_000_000))
    chunk = (len(note) - 4).to_bytes(4, "big") + note + zlib.crc32(note).to_bytes(4, "big")
    with_note = content[:33] + chunk + content[33:]
    np.testing.assert_array_equal(found(("a.png", with_note)).values, found(("a.png", content)).values)


COLOURS = np.stack([RAMP, 0 * RAMP, 0.5 * RAMP])


def tiff(values: np.ndarray, **options: object) -> bytes:
    file = io.BytesIO()
    imwrite(file, values, **options)
    return file.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        tiff(COLOURS.transpose(1, 2, 0), photometric="rgb"),
        tiff(COLOURS, photometric="rgb", planarconfig="separate"),
        tiff(COLOURS.astype(np.float64), photometric="rgb", planarconfig="separate", tile=(32, 32), compression="zlib"),
        tiff((COLOURS * 4095).astype(np.uint16), photometric="rgb", planarconfig="separate"),
        tiff(COLOURS, imagej=True, metadata={"axes": "CYX"}),
        tiff((COLOURS * 255).astype(np.uint8), imagej=True, metadata={"axes": "CYX"}),
        tiff(np.stack([*COLOURS, RAMP], axis=2), photometric="rgb", extrasamples=["unassalpha"]),
    ],
    ids=["beside each other", "in planes", "in packed tiles", "12 bits", "in pages", "8 bits in pages", "and alpha"],
)
def test_three_channels_are_red_green_and_blue(content: bytes) -> None:
    (image,) = found(("channels.tif", content)).values
    np.testing.assert_allclose(image, COLOURS * 255, atol=1.01)


@pytest.mark.parametrize("count", [2, 4])
def test_other_numbers_of_channels_are_named(count: int) -> None:
    with pytest.raises(ExperimentError, match="1 with 2 channels or more than 3: save three of them"):
        found(("channels.tif", tiff(np.stack([RAMP] * count), imagej=True, metadata={"axes": "CYX"})))


def test_channels_that_are_packed_in_an_unusual_way_are_named() -> None:
    content = tiff(COLOURS, photometric="rgb", planarconfig="separate", compression="zlib")
    lzw, at = bytearray(content), content.index(struct.pack("<HHI", 259, 3, 1))
    lzw[at + 8 : at + 10] = struct.pack("<H", 5)
    with pytest.raises(ExperimentError, match="whose compression GanLab can't read: save it without compression"):
        found(("channels.tif", bytes(lzw)))


def test_channels_that_unpack_to_more_than_they_say_are_not_unpacked() -> None:
    many = np.zeros((3, 64, 6_400), np.float32)
    content = tiff(many, photometric="rgb", planarconfig="separate", compression="zlib", rowsperstrip=64)
    claim = content.replace(struct.pack("<HHII", 256, 4, 1, 6_400), struct.pack("<HHII", 256, 4, 1, 64))
    assert claim != content
    with pytest.raises(ExperimentError, match="1 a TIFF file that unpacks to more than its own size says"):
        found(("bomb.tif", claim))


@pytest.mark.filterwarnings("ignore::UserWarning")  # of Pillow, on the damage
def test_a_tiff_of_channels_that_is_broken_is_skipped() -> None:
    whole = tiff(COLOURS, photometric="rgb", planarconfig="separate", compression="zlib")
    rng = np.random.default_rng(0)
    for count in range(100):
        damaged = bytearray(whole)
        for place in rng.integers(len(whole) if count % 2 else 300, size=3):
            damaged[place] = rng.integers(256)
        with suppress(ExperimentError):
            found(("damaged.tif", bytes(damaged)))

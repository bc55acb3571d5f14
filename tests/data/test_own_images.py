"""Images of one's own: cropped and resized, what is broken counted, and what is meant to harm refused."""

from __future__ import annotations

import io
import stat
import struct
import zipfile
import zlib
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from ganlab.data import Collection, DataUnavailable, is_here, load, own, shape_of
from ganlab.data.images import archives, decoding
from ganlab.data.images import own as own_images
from ganlab.data.images.decoding import BROKEN, HEAVY, NESTED, NO_IMAGE, VAST
from ganlab.data.images.own import LINK, LOCKED, SURPLUS, from_files, from_folder, from_zip
from ganlab.experiment import Experiment, ExperimentError

RED, BLUE, GREY = (200, 30, 30), (30, 30, 200), (90, 90, 90)


def encoded(image: Image.Image, kind: str = "PNG", **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def plain(colour: tuple[int, int, int] = RED, size: tuple[int, int] = (40, 30), kind: str = "PNG") -> bytes:
    return encoded(Image.new("RGB", size, colour), kind)


def zipped(*files: tuple[str | zipfile.ZipInfo, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files:
            archive.writestr(name, content)
    return buffer.getvalue()


def png_header(width: int, height: int) -> bytes:
    """A PNG that says it is this large, and holds nothing."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


def test_every_format_and_shape_becomes_a_square_in_colour() -> None:
    found = from_zip(
        zipped(
            ("a.png", plain(size=(40, 30))),
            ("b/c.JPG", plain(size=(300, 900), kind="JPEG")),
            ("d.bmp", plain(BLUE, (7, 5), "BMP")),
            ("e.webp", plain(BLUE, (64, 64), "WEBP")),
            ("f.gif", plain(BLUE, (20, 200), "GIF")),
            ("g.tiff", plain(size=(33, 33), kind="TIFF")),
        ),
        size=16,
    )
    assert found.values.shape == (6, 3, 16, 16)
    assert found.values.dtype == np.uint8
    assert not found.skipped
    for image, colour in zip(found.values, (RED, RED, BLUE, BLUE, BLUE, RED), strict=True):
        np.testing.assert_allclose(image.mean(axis=(1, 2)), colour, atol=4)
    assert str(found) == "6 colour images used"


def test_the_middle_is_kept() -> None:
    wide = Image.new("RGB", (90, 30), BLUE)
    wide.paste(RED, (30, 0, 60, 30))
    (image,) = from_zip(zipped(("wide.png", encoded(wide))), size=8).values
    np.testing.assert_allclose(image[:, 1:-1, 1:-1].mean(axis=(1, 2)), RED, atol=3)


def test_a_photograph_is_turned_upright() -> None:
    lying = Image.new("RGB", (30, 30), BLUE)
    lying.paste(RED, (0, 0, 15, 30))
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned clockwise: what was left is up
    (image,) = from_zip(zipped(("photo.png", encoded(lying, exif=exif))), size=8).values
    np.testing.assert_allclose(image[:, 0, :].mean(axis=1), RED, atol=3)
    np.testing.assert_allclose(image[:, -1, :].mean(axis=1), BLUE, atol=3)


def test_grey_images_have_one_channel_and_one_coloured_makes_all_coloured() -> None:
    grey = encoded(Image.new("L", (20, 20), 90))
    deep = encoded(Image.fromarray(np.full((20, 20), 90 * 257, np.uint16)))
    found = from_zip(zipped(("a.png", grey), ("b.png", plain(GREY)), ("c.png", deep)), size=8)
    assert found.values.shape == (3, 1, 8, 8)
    np.testing.assert_allclose(found.values, 90, atol=1)
    assert str(found).startswith("3 grey images")
    assert from_zip(zipped(("a.png", grey), ("b.png", plain(RED))), size=8).values.shape == (2, 3, 8, 8)


def test_what_is_transparent_is_white() -> None:
    clear = Image.new("RGBA", (20, 20), (*RED, 0))
    (image,) = from_zip(zipped(("a.png", encoded(clear))), size=8).values
    assert (image == 255).all()


def test_what_can_not_be_used_is_skipped_and_counted() -> None:
    locked = zipfile.ZipInfo("locked.png")
    content = zipped(
        ("good.png", plain()),
        ("readme.txt", b"hello"),
        ("broken.png", plain()[:60]),
        ("liar.jpg", b"<svg>"),
        ("script.png", b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n"),
        ("more.zip", zipped(("inside.png", plain()))),
        ("vast.png", png_header(100_000, 100_000)),
        ("large.png", png_header(7_000, 6_000)),
        (locked, plain()),
        ("__MACOSX/._good.png", b"junk"),
        (".DS_Store", b"junk"),
    )
    at = content.index(b"PK\x01\x02", content.index(b"locked.png") + 1)
    while content[at + 46 : at + 46 + 10] != b"locked.png":
        at = content.index(b"PK\x01\x02", at + 1)
    content = content[: at + 8] + b"\x01" + content[at + 9 :]
    found = from_zip(content)
    assert len(found.values) == 1
    assert found.skipped == {
        LOCKED: ("locked.png",),
        BROKEN: ("broken.png", "liar.jpg", "script.png"),
        NESTED: ("more.zip",),
        NO_IMAGE: ("readme.txt",),
        VAST: ("large.png", "vast.png"),
    }
    assert str(found).startswith("1 colour image used, 8 files skipped: 1 protected with a password; ")


def test_there_are_limits_to_count_and_weight(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(own_images, "MOST_IMAGES", 2)
    monkeypatch.setattr(decoding, "MOST_FILE_BYTES", 2000)
    noise = Image.fromarray(np.random.default_rng(0).integers(256, size=(40, 40, 3), dtype=np.uint8))
    found = from_zip(zipped(*((f"{n}.png", plain()) for n in range(4)), ("0heavy.png", encoded(noise))))
    assert len(found.values) == 2
    assert found.skipped == {HEAVY: ("0heavy.png",), SURPLUS: ("2.png", "3.png")}
    monkeypatch.setattr(archives, "MOST_FILES", 3)
    with pytest.raises(ExperimentError, match=r"The archive holds 4 files, and at most 3 are possible\."):
        from_zip(zipped(*((f"{n}.png", plain()) for n in range(4))))
    monkeypatch.setattr(archives, "MOST_ARCHIVE_BYTES", 100)
    with pytest.raises(ExperimentError, match=r"^The archive has 0 MB, and at most 0 MB are possible\.$"):
        from_zip(zipped(("a.png", plain())))


@pytest.mark.parametrize(
    "name",
    ["/etc/passwd.png", "../up.png", "a/../../up.png", "C:\\windows\\a.png", "c:/a.png", "..\\up.png", "\\a.png"],
)
def test_paths_that_lead_outside_are_refused(name: str) -> None:
    with pytest.raises(ExperimentError, match=r"^The archive names a file outside itself .* so it is not opened\.$"):
        from_zip(zipped(("good.png", plain()), (name, plain())))


def test_links_in_an_archive_are_refused() -> None:
    link = zipfile.ZipInfo("link.png")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with pytest.raises(ExperimentError, match=r'^The archive holds a link \("link\.png"\), so it is not opened\.$'):
        from_zip(zipped(("good.png", plain()), (link, b"/etc/passwd")))


def test_a_bomb_is_refused_before_it_goes_off() -> None:
    with pytest.raises(
        ExperimentError, match=r"^Unpacked, the archive's 0\.1 MB would be 60 MB, .* it is not opened\.$"
    ):
        from_zip(zipped(("bomb.png", bytes(60_000_000))))


def test_a_bomb_that_hides_its_size_is_read_no_further_than_a_file_may_be(monkeypatch: pytest.MonkeyPatch) -> None:
    content = zipped(("bomb.png", bytes(2_000_000)), ("good.png", plain()))
    lie = content.replace(struct.pack("<I", 2_000_000), struct.pack("<I", 1_000))
    assert lie != content
    found = from_zip(lie)
    assert found.skipped == {BROKEN: ("bomb.png",)}
    monkeypatch.setattr(archives, "MOST_BYTES", 1_000_000)
    with pytest.raises(ExperimentError, match="not opened"):
        from_zip(content)


@pytest.mark.parametrize("content", [b"", b"no zip", zipped(("a.png", plain()))[:-30]])
def test_what_is_no_zip_is_a_sentence(content: bytes) -> None:
    with pytest.raises(ExperimentError, match=r"^This zip archive can't be read"):
        from_zip(content)


@pytest.mark.parametrize(
    ("files", "told"),
    [((), "it is empty"), ((("a.txt", b"x"), ("b.png", b"x")), "1 not an image; 1 broken or not really an image")],
)
def test_an_archive_without_images_is_a_sentence(files: tuple[tuple[str, bytes], ...], told: str) -> None:
    with pytest.raises(ExperimentError, match=rf"^No image could be used \({told}\): add PNG"):
        from_zip(zipped(*files))


def test_a_folder_is_read_like_an_archive_and_links_are_not_followed(tmp_path: Path) -> None:
    folder = tmp_path / "images"
    (folder / "below").mkdir(parents=True)
    (folder / "a.png").write_bytes(plain(RED))
    (folder / "below" / "b.png").write_bytes(plain(BLUE))
    (folder / "notes.txt").write_text("x")
    (tmp_path / "secret.png").write_bytes(plain())
    (folder / "link.png").symlink_to(tmp_path / "secret.png")
    (folder / "loop").symlink_to(folder)
    told: list[float] = []
    found = from_folder(folder, progress=lambda _, share: told.append(share))
    assert found.values.shape == (2, 3, 64, 64)
    assert found.skipped == {LINK: ("link.png", "loop"), NO_IMAGE: ("notes.txt",)}
    assert told == sorted(told) and told[-1] == 1
    path = tmp_path / "images.zip"
    path.write_bytes(zipped(("a.png", plain(RED)), ("below/b.png", plain(BLUE))))
    np.testing.assert_array_equal(from_zip(path).values, found.values)
    with pytest.raises(ExperimentError, match="There is no folder"):
        from_folder(tmp_path / "nowhere")
    with pytest.raises(ExperimentError, match="at most 128 pixels, not 500"):
        from_folder(folder, size=500)


@pytest.mark.parametrize(("colour", "channels"), [(RED, 3), (GREY, 1)])
def test_an_experiment_finds_its_images_by_their_content(colour: tuple[int, int, int], channels: int) -> None:
    digest = own.keep("images", from_zip(zipped(("a.png", plain(colour)), ("b.png", plain(GREY)))).values)
    for size in (0, 8, 28, 64):
        e = Experiment.of(data="own_images", own_data=digest, image_size=size)
        assert Experiment.from_link(e.to_link()) == e
        dataset = load(e)
        assert isinstance(dataset, Collection) and load(e) is dataset
        assert dataset.spec.shape == shape_of(e) == (channels, size or 32, size or 32)
        pixels = (dataset.take(torch.tensor([0]))[0] + 1) * 127.5
        np.testing.assert_allclose(pixels.mean(dim=(1, 2)), colour[:channels], atol=1)
        assert is_here(e)


def test_images_that_are_not_here_are_a_sentence() -> None:
    for digest in ("", "0" * 64):
        e = Experiment.of(data="own_images", own_data=digest)
        assert shape_of(e) == (3, 32, 32)
        assert not is_here(e)
        with pytest.raises(DataUnavailable, match=r"images .*add"):
            load(e)


def test_points_and_images_are_kept_apart() -> None:
    digest = own.keep("images", np.zeros((2, 1, 8, 8), np.uint8))
    with pytest.raises(DataUnavailable):
        own.find("points", digest)


def test_a_damaged_archive_does_no_worse_than_a_sentence() -> None:
    whole = zipped(("a.png", plain()), ("b/c.png", plain(BLUE)))
    rng = np.random.default_rng(0)
    for _ in range(200):
        damaged = bytearray(whole)
        for place in rng.integers(len(whole), size=3):
            damaged[place] = rng.integers(256)
        with suppress(ExperimentError):
            from_zip(bytes(damaged), size=8)


def named(*names: str) -> tuple[tuple[str, bytes], ...]:
    """Files of these names, each with an image of its own."""
    return tuple((name, plain((12 * number, 90, 30))) for number, name in enumerate(names))


def test_a_folder_a_class_gives_classes_by_name() -> None:
    found = from_zip(zipped(*named("pets/cats/1.png", "pets/cats/more/2.png", "pets/dogs/1.png")), size=8)
    assert (found.labels, found.classes) == (("cats", "dogs"), (0, 0, 1))
    assert str(found) == "3 colour images of 2 classes used"
    e = Experiment.of(data="own_images", own_data=found.keep(), own_classes=2, condition="concat")
    dataset = load(e)
    assert isinstance(dataset, Collection) and dataset.classes is not None
    assert dataset.spec.labels == ("cats", "dogs")
    assert dataset.classes.tolist() == [0, 0, 1]


def test_folders_that_do_not_hold_all_images_are_no_classes() -> None:
    assert from_zip(zipped(*named("cats/1.png", "dogs/1.png", "3.png")), size=8).labels == ()
    assert from_zip(zipped(*named("all/1.png", "all/2.png")), size=8).labels == ()


def test_an_experiment_that_speaks_of_other_classes_is_refused() -> None:
    digest = from_zip(zipped(*named("cats/1.png", "dogs/1.png")), size=8).keep()
    with pytest.raises(DataUnavailable, match=r"own data have 5 classes \(own_classes\), but they have 2"):
        load(Experiment.of(data="own_images", own_data=digest, own_classes=5))
    with pytest.raises(ExperimentError, match="has no classes to ask for"):
        Experiment.of(data="own_images", own_data=digest, condition="concat")


def test_two_archives_are_used_at_once_and_each_is_a_class() -> None:
    archives = [(f"{kind}.zip", zipped(*named("1.png", "2.png"))) for kind in ("cats", "dogs")]
    found = from_files([*archives], size=8)
    assert (found.labels, found.classes) == (("cats", "dogs"), (0, 0, 1, 1))
    assert len(from_files([*archives, ("3.png", plain())], size=8).values) == 5


def test_a_colon_in_a_name_costs_nothing() -> None:
    assert len(from_zip(zipped(*named("3:4 view.png", "a:b.png", "ok.png")), size=8).values) == 3


def test_a_name_that_is_flagged_as_utf_8_and_is_not_costs_nothing() -> None:
    content = zipped(*named("K\u00f6ln.png", "ok.png"))
    wrong = content.replace("K\u00f6ln".encode(), b"K\xf6lnx")
    assert wrong.count(b"K\xf6lnx") == 2, "in the directory and where the file begins"
    assert len(from_zip(wrong, size=8).values) == 2

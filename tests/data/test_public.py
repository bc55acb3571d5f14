"""The public data sets: their formats, read from small files, and the way from a mirror to a Collection."""

from __future__ import annotations

import dataclasses
import gzip
import io
import tarfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from formats import cifar10, idx, md5, member
from mirrors import Mirror

from ganlab import data
from ganlab.data import Collection, DataUnavailable, is_here, load, prepare, shape_of
from ganlab.data.images import public
from ganlab.data.images.cifar import BATCHES, read_cifar10
from ganlab.data.images.idx import read_idx
from ganlab.data.images.public import PUBLIC, Public
from ganlab.experiment import Experiment
from ganlab.experiment.choices import DOWNLOADED

RNG = np.random.default_rng(0)
GREY = RNG.integers(256, size=(30, 28, 28), dtype=np.uint8)
COLOUR = RNG.integers(256, size=(30, 3, 32, 32), dtype=np.uint8)
CLASSES = np.arange(30) % 10


def saved(folder: Path, content: bytes) -> Path:
    path = folder / "file.gz"
    path.write_bytes(content)
    return path


def served(mirror: Mirror, monkeypatch: pytest.MonkeyPatch, name: str, **contents: bytes) -> None:
    """Let the mirror have these contents in place of the data set's files."""
    mirror.files |= {f"/{path}": content for path, content in contents.items()}
    files = tuple(
        dataclasses.replace(file, size=len(content), md5=md5(content), mirrors=(f"{mirror.url}/{path}",))
        for file, (path, content) in zip(PUBLIC[name].files, contents.items(), strict=True)
    )
    replaced: dict[str, Public] = {**PUBLIC, name: dataclasses.replace(PUBLIC[name], files=files)}
    monkeypatch.setattr(public, "PUBLIC", replaced)


def collection(**values: Any) -> Collection:
    dataset = load(Experiment.of(**values))
    assert isinstance(dataset, Collection)
    return dataset


def test_idx_files_of_any_rank_are_read(tmp_path: Path) -> None:
    for values in (GREY, CLASSES, GREY[:2, :3, :5]):
        np.testing.assert_array_equal(read_idx(saved(tmp_path, idx(values))), values)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "not an IDX file"),
        (b"no gzip at all", "not a complete gzip file"),
        (idx(GREY)[:-20], "not a complete gzip file"),
        (gzip.compress(b"\0\0\x0d\x01\0\0\0\x01\0\0\0\0"), "not an IDX file of bytes"),
        (gzip.compress(b"\0\0\x08\x03\0\0"), "ends within its header"),
        (gzip.compress(gzip.decompress(idx(GREY))[:-1]), "holds 23,519 bytes, not 30 x 28 x 28"),
        (gzip.compress(gzip.decompress(idx(GREY)) + b"x"), "holds 23,521 bytes"),
    ],
    ids=["nothing", "text", "cut short", "floats", "half a header", "a byte less", "a byte more"],
)
def test_what_is_no_idx_file_is_an_error(tmp_path: Path, content: bytes, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        read_idx(saved(tmp_path, content))


def test_cifars_batches_are_read_in_order_whatever_the_archives(tmp_path: Path) -> None:
    images, classes = read_cifar10(saved(tmp_path, cifar10(COLOUR, CLASSES)))
    np.testing.assert_array_equal(images, COLOUR)
    np.testing.assert_array_equal(classes, CLASSES)


def packed(*files: tuple[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        for name, content in files:
            member(archive, name, content)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"no archive", "not a complete archive"),
        (cifar10(COLOUR, CLASSES)[:-3000], "not a complete archive"),
        (packed(("cifar-10-batches-bin/data_batch_1.bin", bytes(3073))), "lacks the five training batches"),
        (packed(*((name, bytes(3072)) for name in BATCHES)), "lacks the five"),
    ],
)
def test_what_is_no_cifar_archive_is_an_error(tmp_path: Path, content: bytes, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        read_cifar10(saved(tmp_path, content))


@pytest.mark.parametrize("name", ["mnist", "fashion_mnist", "kmnist"])
def test_mnist_and_its_relatives_come_from_a_mirror(name: str, mirror: Mirror, monkeypatch: pytest.MonkeyPatch) -> None:
    served(mirror, monkeypatch, name, images=idx(GREY), classes=idx(CLASSES))
    e = Experiment.of(data=name)
    assert not is_here(e)
    told: list[float] = []
    prepare(e, lambda _, share: told.append(share))
    assert told[-1] == 1.0
    assert is_here(e)
    made = collection(data=name)
    assert made is load(e)
    assert made.spec.shape == shape_of(e) == (1, 28, 28)
    assert made.spec.size == 30
    assert len(made.spec.labels) == 10
    assert made.classes is not None
    np.testing.assert_array_equal(made.values[:, 0], GREY)
    np.testing.assert_array_equal(made.classes, CLASSES)
    batch = made.take(torch.arange(30))
    assert batch.dtype == torch.float32 and batch.min() == -1 and batch.max() == 1
    assert mirror.asked == ["/images", "/classes"]


def test_cifar_comes_from_a_mirror_in_colour_and_in_every_size(mirror: Mirror, monkeypatch: pytest.MonkeyPatch) -> None:
    served(mirror, monkeypatch, "cifar10", archive=cifar10(COLOUR, CLASSES))
    np.testing.assert_array_equal(collection(data="cifar10").values, COLOUR)
    for size in (8, 16, 28, 64):
        e = Experiment.of(data="cifar10", image_size=size)
        assert collection(data="cifar10", image_size=size).spec.shape == shape_of(e) == (3, size, size)
    small = collection(data="cifar10", image_size=8).values.float().mean()
    assert small.item() == pytest.approx(COLOUR.mean(), abs=1)


def test_offline_there_is_a_sentence_and_the_shape_is_known_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody(*_: object, **__: object) -> None:
        raise OSError("no network")

    monkeypatch.setattr("urllib.request.urlopen", nobody)
    for name in DOWNLOADED:
        e = Experiment.of(data=name)
        assert shape_of(e)[1:] == ((32, 32) if name == "cifar10" else (28, 28))
        assert not is_here(e)
        for attempt in (lambda e=e: load(e), lambda e=e: prepare(e, lambda *_: None)):
            with pytest.raises(
                DataUnavailable, match=r"could not be downloaded .*handwritten digits.* need no download\.$"
            ):
                attempt()


def test_files_that_are_whole_but_not_the_data_set_are_a_sentence(
    mirror: Mirror, monkeypatch: pytest.MonkeyPatch
) -> None:
    served(mirror, monkeypatch, "mnist", images=idx(GREY), classes=idx(CLASSES[:-1]))
    with pytest.raises(
        DataUnavailable, match=r"MNIST can't be read: .* do not belong together\. Delete .* and try again"
    ):
        load(Experiment.of(data="mnist"))


def test_stacked_mnist_is_made_of_mnist(mirror: Mirror, monkeypatch: pytest.MonkeyPatch) -> None:
    served(mirror, monkeypatch, "mnist", images=idx(GREY), classes=idx(CLASSES))
    e = Experiment.of(data="stacked_mnist")
    dataset = load(e)
    assert not isinstance(dataset, Collection)
    assert dataset.spec.shape == shape_of(e) == (3, 28, 28)
    channels = dataset.draw(20, torch.Generator()).flatten(0, 1)
    known = collection(data="mnist").take(torch.arange(30)).flatten(1)
    assert (torch.cdist(channels.flatten(1), known).min(dim=1).values < 0.1).all()
    assert data.prepare(e, lambda *_: None) is None


@pytest.mark.parametrize("name", PUBLIC)
def test_every_file_has_a_published_checksum_and_several_mirrors(name: str) -> None:
    known = PUBLIC[name]
    assert known.title and known.reference and len(known.labels) == 10
    for file in known.files:
        assert len(file.md5) == 32 and set(file.md5) <= set("0123456789abcdef")
        assert len(set(file.mirrors)) >= 3
        assert all(url.startswith("http") and url.endswith(file.name) for url in file.mirrors)

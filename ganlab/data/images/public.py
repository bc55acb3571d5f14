"""Public data sets that are too large to ship: downloaded on first use, each from the mirrors that keep it.

Checksums: those that torchvision lists, and for CIFAR-10's binary version that of its own page.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from ganlab.data import cache
from ganlab.data.base import Collection, DataSpec
from ganlab.data.cache import DataUnavailable
from ganlab.data.downloads import Progress, Remote, fetch, missing, silent
from ganlab.data.images.cifar import read_cifar10
from ganlab.data.images.idx import read_idx
from ganlab.data.images.resize import resize

Pixels = tuple[NDArray[np.uint8], NDArray[np.uint8]]  # (n, channels, height, width) and classes (n,)


@dataclass(frozen=True)
class Public:
    """A public data set: what it is, where its training set's files are, and how they are read."""

    title: str
    reference: str
    shape: tuple[int, int, int]
    labels: tuple[str, ...]
    files: tuple[Remote, ...]
    read: Callable[[Sequence[Path]], Pixels]


def read_mnist(paths: Sequence[Path]) -> Pixels:
    """Images and classes from two IDX files.

    Raises:
        ValueError: they are no such files, or do not belong together.
    """
    images, classes = (read_idx(path) for path in paths)
    if images.ndim != 3 or classes.shape != images.shape[:1]:
        raise ValueError(f"{paths[0].name} and {paths[1].name} do not belong together.")
    return images[:, None], classes


def _idx_pair(images: tuple[int, str], classes: tuple[int, str], *folders: str) -> tuple[Remote, Remote]:
    """The two files of a training set in MNIST's format, each with its size and MD5, in all of these folders."""

    def remote(name: str, size: int, md5: str) -> Remote:
        return Remote(name, size, md5, tuple(f"{folder}/{name}" for folder in folders))

    return remote("train-images-idx3-ubyte.gz", *images), remote("train-labels-idx1-ubyte.gz", *classes)


PUBLIC: Mapping[str, Public] = {
    "mnist": Public(
        "MNIST",
        "LeCun et al. 1998, Gradient-based learning applied to document recognition",
        (1, 28, 28),
        tuple("0123456789"),
        _idx_pair(
            (9_912_422, "f68b3c2dcbeaaa9fbdd348bbdeb94873"),
            (28_881, "d53e105ee54ea40749a09fcbcd1e9432"),
            "https://ossci-datasets.s3.amazonaws.com/mnist",
            "https://storage.googleapis.com/cvdf-datasets/mnist",
            "https://raw.githubusercontent.com/fgnt/mnist/master",
            "http://yann.lecun.com/exdb/mnist",
        ),
        read_mnist,
    ),
    "fashion_mnist": Public(
        "Fashion-MNIST",
        "Xiao, Rasul and Vollgraf 2017, Fashion-MNIST: a novel image dataset for benchmarking",
        (1, 28, 28),
        (
            "T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot",
        ),
        _idx_pair(
            (26_421_880, "8d4fb7e6c68d591d4c3dfef9ec88bf0d"),
            (29_515, "25c81989df183df01b3e8a0aad5dffbe"),
            "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com",
            "https://storage.googleapis.com/tensorflow/tf-keras-datasets",
            "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion",
        ),
        read_mnist,
    ),
    "kmnist": Public(
        "KMNIST",
        "Clanuwat et al. 2018, Deep Learning for Classical Japanese Literature",
        (1, 28, 28),
        ("o", "ki", "su", "tsu", "na", "ha", "ma", "ya", "re", "wo"),
        _idx_pair(
            (18_165_135, "bdb82020997e1d708af4cf47b453dcf7"),
            (29_497, "e144d726b3acfaa3e44228e80efcd344"),
            "https://codh.rois.ac.jp/kmnist/dataset/kmnist",
            "http://codh.rois.ac.jp/kmnist/dataset/kmnist",
            "https://storage.googleapis.com/s4tf-hosted-binaries/datasets/KMNIST",
        ),
        read_mnist,
    ),
    "cifar10": Public(
        "CIFAR-10",
        "Krizhevsky 2009, Learning Multiple Layers of Features from Tiny Images",
        (3, 32, 32),
        ("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"),
        (
            Remote(
                "cifar-10-binary.tar.gz",
                170_052_171,
                "c32a1d4ab5d03f1284b67883e8d87530",
                (
                    "https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz",
                    "https://storage.googleapis.com/s4tf-hosted-binaries/datasets/CIFAR10/cifar-10-binary.tar.gz",
                    "https://mindspore-website.obs.cn-north-4.myhuaweicloud.com/notebook/datasets/cifar-10-binary.tar.gz",
                ),
            ),
        ),
        lambda paths: read_cifar10(paths[0]),
    ),
}  # fmt: skip


def is_cached(name: str) -> bool:
    """Whether the data set is here and needs no network."""
    return not missing(PUBLIC[name].files, cache.folder(name))


def download(name: str, progress: Progress = silent) -> list[Path]:
    """The data set's files, downloaded if need be.

    Raises:
        DataUnavailable: it is not here and can't be downloaded.
    """
    known = PUBLIC[name]
    return fetch(known.title, known.files, cache.folder(name), progress)


def public(name: str, size: int = 0) -> Collection:
    """The training set, at size x size pixels or at its own size; downloaded if need be.

    Raises:
        DataUnavailable: it is not here and can't be downloaded, or can't be read.
    """
    known, paths = PUBLIC[name], download(name)
    try:
        images, classes = known.read(paths)
    except ValueError as error:
        raise DataUnavailable(f"{known.title} can't be read: {error} Delete {paths[0].parent} and try again.") from None
    pixels = resize(torch.tensor(images), size or known.shape[1])
    spec = DataSpec(tuple(pixels.shape[1:]), len(pixels), extent=1.0, labels=known.labels)
    return Collection(spec, pixels, torch.tensor(classes.astype(np.int64)))

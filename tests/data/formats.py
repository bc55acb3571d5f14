"""Small files in the real formats of the public data sets."""

from __future__ import annotations

import gzip
import hashlib
import io
import struct
import tarfile

import numpy as np

from ganlab.data.images.cifar import BATCHES


def idx(values: np.ndarray) -> bytes:
    """A gzipped IDX file of bytes."""
    header = struct.pack(f">BBBB{values.ndim}I", 0, 0, 8, values.ndim, *values.shape)
    return gzip.compress(header + values.astype(np.uint8).tobytes())


def cifar10(images: np.ndarray, classes: np.ndarray) -> bytes:
    """An archive like CIFAR-10's binary version: images (n, 3, 32, 32) and classes (n,) over five batches."""
    records = np.concatenate([classes[:, None], images.reshape(len(images), -1)], axis=1).astype(np.uint8)
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        for name, batch in zip(BATCHES, np.array_split(records, 5), strict=True):
            member(archive, name, batch.tobytes())
        member(archive, "cifar-10-batches-bin/test_batch.bin", records[:1].tobytes())
        member(archive, "cifar-10-batches-bin/readme.html", b"<html>")
    return packed.getvalue()


def member(archive: tarfile.TarFile, name: str, content: bytes) -> None:
    info = tarfile.TarInfo(name)
    info.size = len(content)
    archive.addfile(info, io.BytesIO(content))


def md5(content: bytes) -> str:
    return hashlib.md5(content, usedforsecurity=False).hexdigest()

"""Tensors in a safetensors file: written as a whole or not at all, and checked when they are read."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor

DIGEST = "digest"  # the note that holds the hash of all else


class DamagedFileError(ValueError):
    """The file can't be read, or does not hold what was written; the message says which."""


def write_tensors(tensors: Mapping[str, Tensor], path: Path, notes: Mapping[str, str]) -> None:
    """Write tensors on the CPU and the notes that go with them, so that they survive a loss of power.

    A reader never sees half a file.

    Raises:
        OSError: the disk does not take it.
    """
    partial = path.with_suffix(".partial")
    try:
        partial.touch()
        mode = partial.stat().st_mode  # what any new file gets; safetensors would give it to its owner alone
        try:
            save_file(dict(tensors), partial, metadata={**notes, DIGEST: digest(tensors, notes)})
        except SafetensorError as error:
            raise OSError(f"{path.name} could not be written: {error}") from None
        partial.chmod(mode)
        with partial.open("rb+") as file:
            os.fsync(file.fileno())
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def read_tensors(path: Path) -> tuple[dict[str, Tensor], dict[str, str]]:
    """The tensors and the notes in a file; files without a digest, of older versions or other programs, go unchecked.

    Raises:
        DamagedFileError: it can't be read, or holds something else than was written.
    """
    try:
        with safe_open(path, framework="pt") as file:
            notes: dict[str, str] = file.metadata() or {}
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 (not a mapping)
    except (SafetensorError, OSError) as error:
        raise DamagedFileError(str(error)) from None
    if (written := notes.pop(DIGEST, None)) is not None and written != digest(tensors, notes):
        raise DamagedFileError("its content was changed after it was written")
    return tensors, notes


def read_notes(path: Path) -> dict[str, str]:
    """Returns only the notes, unchecked. Raises the errors of `read_tensors`."""
    try:
        with safe_open(path, framework="pt") as file:
            return file.metadata() or {}
    except (SafetensorError, OSError) as error:
        raise DamagedFileError(str(error)) from None


def digest(tensors: Mapping[str, Tensor], notes: Mapping[str, str]) -> str:
    """Returns a hash of all tensors and notes (BLAKE2b, RFC 7693)."""
    found = hashlib.blake2b(digest_size=16)
    for name, note in sorted(notes.items()):
        found.update(f"{name}\n{note}\n".encode())
    for name, tensor in sorted(tensors.items()):
        found.update(f"{name} {tensor.dtype} {tuple(tensor.shape)}\n".encode())
        found.update(tensor.contiguous().flatten().view(torch.uint8).numpy().data)
    return found.hexdigest()

"""What a recorder keeps of a value: numbers about it, and the rows of the samples that are followed."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import torch
from torch import Tensor

FOLLOWED = 16  # samples, the first of the batch
WIDEST_ROW = 8  # numbers of a sample that are kept one by one
MOST_PARTS = 12  # of a tuple or a dict; one with more holds a network's weights by name
SMALL = (bool, int, float, str)

Told = dict[str, Any]


@torch.no_grad()
def told(value: Any, batch: int) -> Told | None:
    """The value as plain data; None for what is no number, text or tensor, nor holds any.

    A tensor of several numbers is told by its shape, mean, least, greatest and norm; one with a row for each sample
    of the batch also by the rows of the followed ones, (followed, at most `WIDEST_ROW`).
    """
    if isinstance(value, Tensor):
        return _tensor(value.detach(), batch)
    if isinstance(value, SMALL):
        return {"value": value}
    if isinstance(value, tuple | list):
        parts = {str(place): told(part, batch) for place, part in enumerate(value)}
    elif isinstance(value, Mapping):
        parts = {str(name): told(part, batch) for name, part in value.items()}
    else:
        return None
    kept = {name: part for name, part in parts.items() if part is not None}
    return {"parts": kept} if 0 < len(kept) <= MOST_PARTS else None


def _tensor(x: Tensor, batch: int) -> Told:
    if x.dim() == 0:
        return {"value": x.item()}
    if x.numel() == 0:
        return {"shape": list(x.shape)}
    numbers = x if x.is_floating_point() else x.float()
    measured = torch.stack([numbers.mean(), numbers.min(), numbers.max(), torch.linalg.vector_norm(numbers)]).tolist()
    about: Told = {"shape": list(x.shape), **dict(zip(("mean", "min", "max", "norm"), measured, strict=True))}
    if len(x) == batch and math.prod(x.shape[1:]) <= WIDEST_ROW:
        about["rows"] = rows(numbers)
    return about


def rows(x: Tensor) -> np.ndarray:
    """The followed rows of a batch (batch, ...), as a copy: (followed, numbers)."""
    first = x.detach()[:FOLLOWED]
    return first.reshape(len(first), -1).float().cpu().numpy().copy()

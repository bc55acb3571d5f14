"""A wall in several parts, each in a worker of its own: the workers as one, and what is shown of the parts as one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ganlab.hosts import messages as m
from ganlab.hosts.home import Workplace
from ganlab.live.frames import array, header
from ganlab.runs.sweeps.plan import Plan
from ganlab.training.batched import members_of

OF_MEMBERS = ("points", "pixels", "bars")  # what a wall's view has of each member, beside the measures


class Spread:
    """Several workers, of which each trains a part of one wall. What the wall is told, all of them are told."""

    def __init__(self, workers: Sequence[Workplace]) -> None:
        self.workers = tuple(workers)

    def put(self, message: m.Message) -> None:
        """See `Workplace`."""
        for part, worker in enumerate(self.workers):
            if isinstance(message, m.BeginWall):
                message = message.model_copy(update={"part": part, "parts": len(self.workers)})
            worker.put(message)


def wall_in(frame: bytes) -> dict[str, Any]:
    """The wall's view in a frame of a part."""
    view: dict[str, Any] = _with_arrays(frame, header(frame)["views"].get("wall", {}))
    return view


def _with_arrays(frame: bytes, value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    if {"dtype", "offset", "shape"} <= value.keys():
        return array(frame, value)
    return {name: _with_arrays(frame, inner) for name, inner in value.items()}


def merged(plan: Plan, parts: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The view of a whole wall, of the views of all its parts in order."""
    members = [members_of(plan.experiments, part, len(parts)) for part in range(len(parts))]

    def whole(arrays: Sequence[np.ndarray]) -> np.ndarray:
        together = np.empty((len(plan.experiments), *arrays[0].shape[1:]), arrays[0].dtype)
        for numbers, each in zip(members, arrays, strict=True):
            together[numbers] = each
        return together

    first = parts[0]
    measures = {name: whole([part["measures"][name] for part in parts]) for name in first["measures"]}
    of_members = {name: whole([part[name] for part in parts]) for name in OF_MEMBERS if name in first}
    return {**first, **of_members, "measures": measures}

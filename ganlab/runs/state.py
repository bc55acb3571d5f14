"""The states of a run, and the record of what was done to it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class State(StrEnum):
    READY = "ready"  # built, not trained yet
    RUNNING = "running"
    PAUSED = "paused"
    FINISHED = "finished"  # its last iteration is done
    FAILED = "failed"  # an error ended it; `message` says which
    STOPPED = "stopped"  # ended by a person


MOVED = "moved"


@dataclass(frozen=True)
class Intervention:
    """What was done to a run after `iteration` iterations.

    A person gave fields new values or took half a step; or the run came to another kind of device, where its random
    numbers are new: MOVED.
    """

    iteration: int
    kind: str  # "change", "step_d", "step_g" or MOVED
    values: dict[str, Any] = field(default_factory=dict)

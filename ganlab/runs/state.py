"""The states of a run, and the record of what people did to it."""

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


@dataclass(frozen=True)
class Intervention:
    """What a person did to a run after `iteration` iterations: new values of fields, or half a step."""

    iteration: int
    kind: str  # "change", "step_d" or "step_g"
    values: dict[str, Any] = field(default_factory=dict)

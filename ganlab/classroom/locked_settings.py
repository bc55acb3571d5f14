"""Groups of settings that the teacher has locked: students see them, and can't change them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

from pydantic import TypeAdapter

from ganlab.experiment import Experiment, ExperimentError, knob
from ganlab.presets import DEFAULT

Lock = Literal["data", "architecture", "rates", "loss", "training"]
LABELS: Mapping[Lock, str] = {
    "data": "data and noise",
    "architecture": "the networks",
    "rates": "optimisers and rates",
    "loss": "loss and regularisers",
    "training": "seed and length",
}
LOCKS: TypeAdapter[tuple[Lock, ...]] = TypeAdapter(tuple[Lock, ...])
LOCKED = "Your teacher has locked {what}."
WHAT_IS_LEFT = (
    "You can go on from your own runs, from the run that your teacher sends, or from the preset that GanLab opens with."
)
_RATES = re.compile(r"(optimizer|lr|beta1|beta2|schedule|schedule_steps|weight_decay|clip_norm|clip_value)_[gd]")
_RATES_TOO = {"n_critic", "unroll_steps", "top_k", "ema_decay"}


def lock_of(field: str) -> Lock:
    """The group that a setting belongs to."""
    if _RATES.fullmatch(field) or field in _RATES_TOO:
        return "rates"
    if field.startswith("augment"):
        return "loss"
    group = knob(field).group
    return "architecture" if group == "generator" or group == "discriminator" else group


def sentence(locks: Iterable[Lock]) -> str:
    """Who has locked these."""
    return LOCKED.format(what=", ".join(LABELS[lock] for lock in LABELS if lock in set(locks)))


def check_changes(locks: Sequence[Lock], changes: Mapping[str, Any]) -> None:
    """Refuse other values of settings that are locked.

    Raises:
        ExperimentError: one of them is.
    """
    if touched := {lock_of(field) for field in changes} & set(locks):
        raise ExperimentError(sentence(touched))


def check_new(locks: Sequence[Lock], experiment: Experiment, allowed: Iterable[Experiment]) -> None:
    """Refuse a new run with locked settings unlike those of all that are allowed, and of what GanLab opens with.

    Raises:
        ExperimentError: it has some; the message names what is locked.
    """
    nearest: set[Lock] | None = None
    for other in (*allowed, DEFAULT.experiment):
        touched = {lock_of(field) for field in experiment.differences(other)} & set(locks)
        if not touched:
            return
        nearest = touched if nearest is None or len(touched) < len(nearest) else nearest
    raise ExperimentError(f"{sentence(nearest or ())} {WHAT_IS_LEFT}")

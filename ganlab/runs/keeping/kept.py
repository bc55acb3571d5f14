"""A run as plain data: what is stored of it, and what is known of one that is stored."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ganlab.experiment import Experiment, ExperimentError
from ganlab.runs.directions import KeptDirection
from ganlab.runs.fork import Frozen, Origin
from ganlab.runs.state import Intervention, State

Samples = NDArray[np.float32] | NDArray[np.uint8]


@dataclass(frozen=True)
class Best:
    """The best that a run has been, where the modes of its data are known.

    Attributes:
        captured, total: modes covered, and how many there are.
        high_quality: the share of samples near a mode, which decides between equals.
        frozen: the run at that moment; None where it is stored already.
    """

    captured: int
    total: int
    high_quality: float
    iteration: int
    frozen: Frozen | None = None

    def beats(self, other: Best | None) -> bool:
        """Whether it covers more modes, or as many with better samples."""
        return other is None or (self.captured, self.high_quality) > (other.captured, other.high_quality)


@dataclass(frozen=True)
class Kept:
    """A run at one moment, to be stored.

    Attributes:
        lineage: the same for two moments of which the later one went on from the earlier one.
        scalars: what the columns of the frozen history are called.
        samples: a few, to make a picture of: images (n, height, width, channels) or points (n, dimension).
        extent: of the axes on which points are drawn.
    """

    id: str
    lineage: str
    name: str
    experiment: Experiment
    initial_experiment: Experiment
    state: State
    message: str | None
    interventions: tuple[Intervention, ...]
    frozen: Frozen
    scalars: tuple[str, ...]
    samples: Samples
    extent: float
    best: Best | None = None
    origin: Origin | None = None
    directions: tuple[KeptDirection, ...] = ()


@dataclass(frozen=True)
class Entry:
    """A stored run without its weights and scalars.

    Attributes:
        created, saved: when it was first and last stored, in seconds since 1970.
        size: of its files, in bytes.
        picture: of its samples, a PNG.
        best: without its weights.
    """

    id: str
    name: str
    values: dict[str, Any]
    initial_values: dict[str, Any]
    state: State
    message: str | None
    iteration: int
    created: float
    saved: float
    size: int
    picture: bytes
    interventions: tuple[Intervention, ...]
    best: Best | None
    directions: tuple[KeptDirection, ...] = ()

    @property
    def experiment(self) -> Experiment:
        """As it was when it was stored.

        Raises:
            ExperimentError: this version of GanLab has no such settings.
        """
        return _experiment(self.values)

    @property
    def initial_experiment(self) -> Experiment:
        """As it was when it began; raises as `experiment`."""
        return _experiment(self.initial_values)


def _experiment(values: dict[str, Any]) -> Experiment:
    if unknown := sorted(values.keys() - Experiment.model_fields.keys()):
        raise ExperimentError(
            f"This run was saved by another version of GanLab, with settings that this one does not have "
            f"({', '.join(unknown)[:80]}). It is left as it is: open it with the version that saved it."
        )
    return Experiment.of(**values)


def interventions_to_json(interventions: Sequence[Intervention]) -> str:
    """As a list of [iteration, kind, values]."""
    return json.dumps([[each.iteration, each.kind, each.values] for each in interventions])


def interventions_from_json(text: str) -> tuple[Intervention, ...]:
    """The inverse of `interventions_to_json`."""
    return tuple(Intervention(*each) for each in json.loads(text))

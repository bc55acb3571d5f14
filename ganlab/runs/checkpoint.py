"""A run as it was after one iteration: all that is needed to go on from there, as plain data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from torch import Tensor

from ganlab.training.checkpoint import NETWORKS
from ganlab.training.history import Floats
from ganlab.views.film import Still


@dataclass(frozen=True)
class Checkpoint:
    """The state of a run's trainer, and what was measured and shown of it until then.

    Attributes:
        tensors, plain: as `ganlab.training.checkpoint.state_of` gives them.
        history: every scalar so far, (iterations, scalars).
        logs: what the probes noted, by the log's name.
        seconds: spent on training.
        film: of images, what became of a few latents so far.
    """

    tensors: dict[str, Tensor]
    plain: dict[str, Any]
    history: Floats
    logs: Mapping[str, tuple[tuple[float, ...], ...]]
    seconds: float
    film: tuple[Still, ...] = ()

    @property
    def iteration(self) -> int:
        """The iterations done."""
        return int(self.plain["iteration"])

    @property
    def is_sound(self) -> bool:
        """Whether all weights and buffers of the networks are finite."""
        of_networks = (value for name, value in self.tensors.items() if name.partition(".")[0] in NETWORKS)
        return all(bool(value.isfinite().all()) for value in of_networks)

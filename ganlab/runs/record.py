"""The record of a run: what it began with, what was done to it, and what it has come to, as plain data.

The store, a fork, a resume, an export and a replay all share it.
"""

from __future__ import annotations

from dataclasses import dataclass

from ganlab.experiment import Experiment
from ganlab.runs.checkpoint import Checkpoint
from ganlab.runs.directions import KeptDirection
from ganlab.runs.fork import Origin
from ganlab.runs.picks import Picks
from ganlab.runs.state import Intervention, State
from ganlab.training.history import SCALARS_OF


@dataclass(frozen=True)
class BestCheckpoint:
    """The best that a run has been, where the modes of its data are known.

    Attributes:
        captured, total: modes covered, and how many there are.
        high_quality: the share of samples near a mode, which decides between equals.
        checkpoint: the run at that moment; None where it is stored and has not been read.
    """

    captured: int
    total: int
    high_quality: float
    iteration: int
    checkpoint: Checkpoint | None = None

    def beats(self, other: BestCheckpoint | None) -> bool:
        """Whether it covers more modes, or as many with better samples."""
        return other is None or (self.captured, self.high_quality) > (other.captured, other.high_quality)


@dataclass(frozen=True)
class RunRecord:
    """A run after `iteration` iterations.

    Attributes:
        experiment: as it is now, with all changes; initial_experiment: as it was when the run began.
        interventions: with `initial_experiment` and `origin`, all that is needed to replay the run.
        origin: of a fork, where it went on from; None of a run that began with untrained networks.
        checkpoint: its state, with all that was measured; None before any training, and of a stored run that has not
            been read.
        name: as a person called it; "" where nobody did.
        message: a sentence on why it failed, finished or was paused by itself.
        directions: in latent space, that somebody named and kept.
        picks: the latents that somebody picked.
    """

    experiment: Experiment
    initial_experiment: Experiment
    interventions: tuple[Intervention, ...] = ()
    origin: Origin | None = None
    iteration: int = 0
    checkpoint: Checkpoint | None = None
    id: str = ""
    name: str = ""
    state: State = State.READY
    message: str | None = None
    directions: tuple[KeptDirection, ...] = ()
    picks: Picks = ()
    best: BestCheckpoint | None = None

    @property
    def scalars(self) -> tuple[str, ...]:
        """What the columns of the history are."""
        return SCALARS_OF[self.experiment.model]


def untrained(experiment: Experiment) -> RunRecord:
    """The record of a run that has not begun."""
    return RunRecord(experiment, experiment)

"""What each seat of a class may do; the teacher has no limits."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from ganlab.experiment import Experiment, ExperimentError
from ganlab.runs.turns import SMALLER
from ganlab.training.cost import operations_if_many

LARGE = 1e10  # floating-point operations of an iteration: more than all presets but one need
ASK = "Ask your teacher, who can allow it on the board."
NO_SWEEPS = f"In this class, walls are off for students: one trains many networks at once. {ASK}"
NO_OWN_DATA = f"In this class, files and data of your own are off for students. {ASK}"
TOO_LARGE = (
    "With these settings, an iteration takes {times:.1f} times as much computing as this class allows. {smaller} Or "
    "ask your teacher, who can allow large networks on the board."
)


class Limits(BaseModel):
    """The limits of each seat.

    Attributes:
        training: how many of its runs train at once.
        kept: how many of its runs are kept; after that, the oldest without a name makes room.
        sweeps: whether it may train walls.
        own_data: whether it may hand in points, images and weights.
        large: whether it may train networks that need more than `LARGE` operations an iteration.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    training: int = Field(default=3, ge=1, le=8)
    kept: int = Field(default=10, ge=2, le=50)
    sweeps: bool = False
    own_data: bool = False
    large: bool = False

    def check(self, experiment: Experiment, *, sweep: bool = False) -> None:
        """Refuse what a seat may not have.

        Raises:
            ExperimentError: it may not.
        """
        if sweep and not self.sweeps:
            raise ExperimentError(NO_SWEEPS)
        if not self.large and (needed := operations_if_many(experiment)) > LARGE:
            raise ExperimentError(TOO_LARGE.format(times=needed / LARGE, smaller=SMALLER))

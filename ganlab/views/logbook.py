"""What the views of one run look back on: its scalars, what was measured when somebody looked, a viewer's choices."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

from ganlab.experiment import Experiment
from ganlab.training.history import Floats, History
from ganlab.views.inputs import Inputs
from ganlab.views.log import Log, Rows

T = TypeVar("T")


@dataclass(frozen=True)
class ViewSettings:
    """What a viewer may choose about the probes of a run.

    Attributes:
        interpolation: along a straight line, or along the sphere.
        endpoints: seeds of the two latents to walk between.
        category, dials: the code of which samples are shown, where G is given codes.
        turned: the dial that changes across the grid of codes.
    """

    interpolation: Literal["lerp", "slerp"] = "slerp"
    endpoints: tuple[int, int] = (0, 1)
    category: int = 0
    dials: tuple[float, ...] = (0.0, 0.0, 0.0, 0.0)
    turned: int = 0


@dataclass(frozen=True)
class Curves:
    """Scalars over time, thinned for drawing: around each iteration of `x`, their mean, least and greatest value."""

    x: Floats
    mean: Mapping[str, Floats]
    low: Mapping[str, Floats]
    high: Mapping[str, Floats]


class Logbook:
    """The logbook of one run.

    Attributes:
        inputs: what its probes put into the networks.
        history: every scalar of every iteration.
        logs: what was measured when somebody looked, by the name of the log.
        settings: what its viewers chose.
        awaited: what is trained in the background that the views answered last need.
        measuring: seconds that went into measurements that keep to a share of time of their own.
    """

    def __init__(self, inputs: Inputs, history: History, logs: Mapping[str, Rows]) -> None:
        self.inputs = inputs
        self.history = history
        self.logs = {name: Log(rows) for name, rows in logs.items()}
        self.settings = ViewSettings()
        self.awaited: set[Future[Any]] = set()
        self.measuring = 0.0
        self._recalled: dict[Any, Any] = {}
        self._curves: tuple[int, Curves] | None = None

    @property
    def iteration(self) -> int:
        """Iterations done so far."""
        return self.inputs.trainer.iteration

    @property
    def experiment(self) -> Experiment:
        """Returns the experiment that is trained."""
        return self.inputs.trainer.experiment

    def recall(self, make: Callable[[Logbook], T]) -> T:
        """What `make` makes of this logbook: made when a view first asks for it, and the same from then on."""
        if make not in self._recalled:
            self._recalled[make] = make(self)
        recalled: T = self._recalled[make]
        return recalled

    def curves(self) -> Curves:
        """Every scalar so far; the same arrays for all views of one frame, so that they are sent once."""
        if self._curves is None or self._curves[0] != len(self.history):
            x, *values = self.history.thinned()
            named = [dict(zip(self.history.scalars, each.T, strict=True)) for each in values]
            self._curves = (len(self.history), Curves(x, *named))
        return self._curves[1]

"""What of the exported script changes while it trains: the stretches of a run between the changes made to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain, pairwise

from ganlab.experiment import Experiment
from ganlab.export.script.players import constants
from ganlab.runs.state import MOVED, Intervention

OF_OPTIMIZERS = ("lr", "beta1", "beta2", "weight_decay")  # read once, when an optimiser is built


@dataclass(frozen=True)
class Phase:
    """A stretch of training with one Experiment, from the end of iteration `first` on.

    Attributes:
        alone: "step_d" or "step_g" where it is but one update of one player, which counts as an iteration.
    """

    first: int
    experiment: Experiment
    alone: str | None = None


class NamedConstant(float):
    """A number that the script writes as the name of a constant, because it changes while the run trains."""

    name: str

    @classmethod
    def of(cls, name: str, value: float) -> NamedConstant:
        """Returns the value of this field, which the script writes as a named constant."""
        number = cls(value)
        number.name = name.upper()
        return number

    def __str__(self) -> str:
        return self.name


def phases(initial: Experiment, interventions: Sequence[Intervention]) -> list[Phase]:
    """The stretches of a run between the changes that were made to it."""
    found = [Phase(0, initial)]
    for each in interventions:
        last = found[-1]
        if each.kind == MOVED:  # a script is for one device
            continue
        if each.kind != "change":
            found += [Phase(each.iteration, last.experiment, each.kind), Phase(each.iteration + 1, last.experiment)]
        elif each.iteration == last.first:
            found[-1] = Phase(last.first, last.experiment.changed(**each.values))
        else:
            found.append(Phase(each.iteration, last.experiment.changed(**each.values)))
    return found


def varying(stretches: Sequence[Phase]) -> frozenset[str]:
    """The fields that the script needs as constants beside those that it always has: numbers with several values."""
    experiments = [phase.experiment for phase in stretches]
    often = {name for name in changed_methods(stretches) if len({getattr(e, name) for e in experiments} - {0}) > 1}
    numbers = {name for name in often if type(getattr(experiments[0], name)) in (int, float)}
    return frozenset(numbers - constants(experiments[0]).keys())


def changed_methods(stretches: Sequence[Phase]) -> frozenset[str]:
    """The fields that were changed on the way, but for those that an optimiser alone reads."""
    steps = pairwise(phase.experiment for phase in stretches)
    changed = chain.from_iterable(now.differences(before) for before, now in steps)
    return frozenset(name for name in changed if name.rpartition("_")[0] not in OF_OPTIMIZERS)

"""Five walk-throughs of systems that articles describe: as published, corrected, and with variations."""

from __future__ import annotations

from ganlab.presets.walkthroughs import cnns, dense_and_convolutional, descent, scaling, vectors
from ganlab.presets.walkthroughs.walkthrough import Step, Walkthrough

__all__ = ["PRESETS", "WALKTHROUGHS", "Step", "Walkthrough", "walkthrough_of"]

WALKTHROUGHS = tuple(room.WALKTHROUGH for room in (vectors, scaling, descent, dense_and_convolutional, cnns))
PRESETS = tuple(preset for walkthrough in WALKTHROUGHS for preset in walkthrough.presets())
_WALKTHROUGH_OF = {step.name: walkthrough for walkthrough in WALKTHROUGHS for step in walkthrough.steps}


def walkthrough_of(preset: str | None) -> Walkthrough | None:
    """The walk-through that a preset is a step of."""
    return _WALKTHROUGH_OF.get(preset or "")

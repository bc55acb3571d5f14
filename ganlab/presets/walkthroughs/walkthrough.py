"""What a walk-through is: a system that an article describes, run as published, corrected, and with variations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ganlab.experiment import Experiment
from ganlab.presets.preset import Preset


@dataclass(frozen=True)
class Step:
    """One run of a walk-through: a short title for the stepper, and what to look for in it."""

    name: str
    title: str
    explanation: str
    experiment: Experiment


@dataclass(frozen=True)
class Walkthrough:
    """A system in several steps, and its page.

    Attributes:
        shows, watch: what it shows, and what to watch while it trains.
        ours: what is as the article has it, and what is only the nearest that works.
        wrongly: what is commonly written wrongly about it, each with what is right.
        questions: what it leaves open.
        compare: the names of steps to see side by side.
    """

    number: int
    title: str
    shows: str
    watch: str
    ours: str
    wrongly: tuple[str, ...]
    questions: tuple[str, ...]
    steps: tuple[Step, ...]
    compare: tuple[str, ...]

    def presets(self) -> tuple[Preset, ...]:
        """Each step as a preset."""
        return tuple(
            Preset(
                step.name,
                f"{self.number}.{place} {self.title}: {step.title}",
                step.explanation,
                self.ours,
                step.experiment,
            )
            for place, step in enumerate(self.steps, start=1)
        )

    def side_by_side(self) -> Mapping[str, Experiment]:
        """The steps to compare, by what the Compare page calls them."""
        return {step.title: step.experiment for step in self.steps if step.name in self.compare}

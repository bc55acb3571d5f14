"""What a preset is."""

from __future__ import annotations

from dataclasses import dataclass

from ganlab.experiment import Experiment


@dataclass(frozen=True)
class Preset:
    """An Experiment with a name: what to look for in it, and its source."""

    name: str
    title: str
    explanation: str
    source: str
    experiment: Experiment

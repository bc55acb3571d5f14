"""What a preset is, and a family of them."""

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


@dataclass(frozen=True)
class Family:
    """Presets that belong together, with a title and a line for the gallery."""

    title: str
    line: str
    presets: tuple[Preset, ...]

"""Runs: Experiments being trained in the background, and the Lab that gives them their turns."""

from ganlab.runs.audience import Audience, Nobody
from ganlab.runs.lab import Lab, LabFull
from ganlab.runs.replay import replay
from ganlab.runs.run import Intervention, Run, State

__all__ = ["Audience", "Intervention", "Lab", "LabFull", "Nobody", "Run", "State", "replay"]

"""Runs: Experiments being trained in the background, and the Lab that gives them their turns."""

from ganlab.runs.audience import Audience, Nobody
from ganlab.runs.checkpoint import Checkpoint
from ganlab.runs.fork import Origin
from ganlab.runs.lab import Lab, LabFull
from ganlab.runs.record import RunRecord
from ganlab.runs.replay import replay
from ganlab.runs.run import Run
from ganlab.runs.state import Intervention, State
from ganlab.runs.sweeps.plan import Axis, Plan
from ganlab.runs.sweeps.sweep import Sweep
from ganlab.runs.trainee import Rest
from ganlab.runs.trials.trial_run import TrialRun

__all__ = [
    "Audience", "Axis", "Checkpoint", "Intervention", "Lab", "LabFull", "Nobody", "Origin", "Plan", "Rest", "Run",
    "RunRecord", "State", "Sweep", "TrialRun", "replay",
]  # fmt: skip

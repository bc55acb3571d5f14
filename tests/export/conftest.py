"""Runs to take home, each trained for a few steps."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from ganlab.experiment import Experiment
from ganlab.export.taken import Taken, taken_of
from ganlab.runs.course import Course
from ganlab.runs.replay import replay
from ganlab.runs.state import Intervention
from ganlab.training.history import History

TINY = {"g_width": 8, "d_width": 8, "batch_size": 16, "latent_dim": 4, "device": "cpu"}
DIGITS = {"data": "digits", "generator": "dcgan", "discriminator": "dcgan", "g_channels": 4, "d_channels": 4}


def trained(steps: int = 3, **values: Any) -> Taken:
    return intervened(steps, [], **values)


def intervened(steps: int, interventions: list[Intervention], **values: Any) -> Taken:
    experiment = Experiment.of(**TINY | values)
    trainer = replay(experiment, interventions, steps)
    history = History(trainer.scalars)
    for rows in trainer.drain():
        history.append(np.asarray(rows))
    return taken_of(trainer, history, Course(experiment, tuple(interventions)))


@pytest.fixture(scope="session")
def ring() -> Taken:
    return trained(ema_decay=0.9)


@pytest.fixture(scope="session")
def digits() -> Taken:
    return trained(**DIGITS, g_norm="batch")

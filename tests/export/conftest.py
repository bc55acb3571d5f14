"""Runs to take home, each trained for a few steps."""

from __future__ import annotations

import io
import json
import os
from contextlib import redirect_stdout
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from ganlab.experiment import Experiment
from ganlab.export import own_process
from ganlab.export.trained_run import TrainedRun, trained_run
from ganlab.runs import Checkpoint, RunRecord
from ganlab.runs.replay import replay
from ganlab.runs.state import Intervention
from ganlab.training.checkpoint import state_of
from ganlab.training.history import History

TINY = {"g_width": 8, "d_width": 8, "batch_size": 16, "latent_dim": 4, "device": "cpu"}
DIGITS = {"data": "digits", "generator": "dcgan", "discriminator": "dcgan", "g_channels": 4, "d_channels": 4}


def trained(steps: int = 3, **values: Any) -> TrainedRun:
    return intervened(steps, [], **values)


def intervened(steps: int, interventions: list[Intervention], **values: Any) -> TrainedRun:
    experiment = Experiment.of(**TINY | values)
    trainer = replay(RunRecord(experiment, experiment, tuple(interventions)), steps)
    history = History(trainer.scalars)
    for rows in trainer.drain():
        history.append(np.asarray(rows))
    checkpoint = Checkpoint(*state_of(trainer), history.rows(), {}, 0.0)
    return trained_run(
        RunRecord(trainer.experiment, experiment, tuple(interventions), iteration=steps, checkpoint=checkpoint)
    )


def with_record(run: TrainedRun, **changes: Any) -> TrainedRun:
    """Returns a copy of the run with another record."""
    return replace(run, record=replace(run.record, **changes))


@pytest.fixture(scope="session")
def ring() -> TrainedRun:
    return trained(ema_decay=0.9)


@pytest.fixture(scope="session")
def digits() -> TrainedRun:
    return trained(**DIGITS, g_norm="batch")


@pytest.fixture
def in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is exported in its own process is so in this one: another takes seconds to start, and one test has it."""

    def run(order: str, luggage: str) -> dict[str, str]:
        with redirect_stdout(io.StringIO()) as said:
            own_process.main(order, luggage)
        answer: dict[str, str] = json.loads(said.getvalue())
        return answer

    monkeypatch.setattr(own_process, "_run", run)
    monkeypatch.setattr(os, "nice", lambda _: 0)

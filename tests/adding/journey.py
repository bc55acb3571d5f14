"""What becomes of an Experiment that uses something new. For a process in which ganlab is a grown copy."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from ganlab.experiment import Experiment
from ganlab.runs.sweeps.wall import SweepEngine
from ganlab.training.build import build_trainer
from ganlab.training.checkpoint import load_trainer, save
from ganlab.training.history import SCALARS, History
from ganlab.training.trainer import Trainer
from ganlab.views import Probes, views_of
from tests.export.conftest import trained
from tests.export.test_script import check_losses

STEPS = 12
SMALL: dict[str, Any] = {"g_width": 8, "d_width": 8, "batch_size": 16, "device": "cpu"}


def begun(e: Experiment) -> Trainer:
    trainer = build_trainer(e)
    for _ in range(STEPS):
        trainer.step()
    return trainer


def is_watched(e: Experiment, usual: Experiment) -> None:
    """In all the views of an Experiment that is the same but for what is new."""
    assert _answered(e) == _answered(usual) > {"losses", "scores", "plane"}


def _answered(e: Experiment) -> set[str]:
    trainer, history = begun(e), History()
    for rows in trainer.drain():
        assert np.isfinite(rows).all()
        history.append(rows)
    names = [view.name for view in views_of(e)]
    answered = set(Probes(trainer, history).answer(names))
    assert answered == set(names)
    return answered


def is_resumed_to_the_same_bits(e: Experiment) -> None:
    once = begun(e)
    resumed = load_trainer(save(once, Path("run.safetensors")))
    once.drain()
    for trainer in (once, resumed):
        for _ in range(STEPS):
            trainer.step()
    assert np.array_equal(np.concatenate(once.drain()), np.concatenate(resumed.drain()))
    assert torch.equal(once.g.theta, resumed.g.theta)


def is_trained_on_a_wall(members: list[Experiment]) -> None:
    """Whichever way: each member as if it were alone, to float rounding."""
    wall = SweepEngine(members)
    while wall.iteration < STEPS:
        wall.step()
    measures = wall.view()["measures"]
    for i, e in enumerate(members):
        alone = dict(zip(SCALARS, begun(e).drain()[-1][-1], strict=True))
        assert {name: measures[name][i] for name in SCALARS} == pytest.approx(alone, rel=1e-3, abs=1e-4)
        assert math.isfinite(alone["loss_d"])


def is_exported_as_a_script(values: dict[str, Any]) -> None:
    """Its losses are those of the run."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        check_losses(trained(STEPS, **values), Path.cwd(), monkeypatch)

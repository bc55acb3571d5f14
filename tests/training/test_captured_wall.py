"""A wall whose iterations are repeated comes to the bits of `BatchedTrainer.step`."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor

from ganlab.experiment import Experiment
from ganlab.training.batched import BatchedTrainer, families
from ganlab.training.captured import step as captured_step
from ganlab.training.captured.step import CapturedStep
from ganlab.training.checkpoint import state_of
from tests.training.kinds import DIGITS, SMALL

FIRST = 3  # iterations before one is watched, in these tests
WATCHED = 4
KINDS: dict[str, dict[str, Any]] = {
    "plain": {},
    "noise that fades": {"instance_noise": 0.3, "instance_noise_steps": 12},
    "packing": {"packing": 2, "d_minibatch": "stddev"},
    "wgan-gp": {"loss": "wasserstein", "gp_weight": 1.0, "n_critic": 2},
    "slopes": {"dragan_weight": 1.0, "r1_weight": 0.1, "r2_weight": 0.1, "loss": "relativistic"},
    "unrolled": {"unroll_steps": 2},
    "rmsprop": {"optimizer_g": "rmsprop", "optimizer_d": "rmsprop", "loss": "wasserstein", "weight_clip": 0.05},
    "schedules": {"schedule_g": "cosine", "schedule_d": "linear", "schedule_steps_g": 15, "schedule_steps_d": 20},
    "momentum": {"optimizer_g": "momentum", "optimizer_d": "sgd", "schedule_d": "linear", "clip_norm_g": 0.1},
    "averaged": {"ema_decay": 0.9, "g_norm": "batch", "d_norm": "layer"},
    "bfloat16": {"precision": "bf16"},
    "convolutions": DIGITS | {"g_norm": "batch", "d_norm": "batch", "ema_decay": 0.9, "init": "dcgan"},
    "dropout": DIGITS | {"discriminator": "cnn", "d_depth": 2, "dropout": 0.3, "d_norm": "layer", "r1_weight": 1.0},
}
no_gpu = pytest.mark.skipif(not torch.cuda.is_available(), reason="there is no CUDA device")


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(captured_step, "SETTLED", FIRST)


def three(**values: Any) -> list[Experiment]:
    """Members that differ in their seeds, learning rates and labels."""
    base = Experiment.of(**SMALL | values)
    return [base.changed(seed=i, lr_g=1e-3 * i, lr_d=1e-3 * (4 - i), label_smoothing=0.1 * (i == 2)) for i in (1, 2, 3)]


def state(wall: BatchedTrainer) -> dict[str, Tensor]:
    """All tensors of every member as it would go on alone, and what was measured of all."""
    members = [state_of(wall.trainer(i))[0] for i in range(len(wall.experiments))]
    tensors = {f"{i} {name}": value for i, member in enumerate(members) for name, value in member.items()}
    return tensors | {name: torch.from_numpy(values) for name, values in wall.scalars().items()}


def assert_same(one: BatchedTrainer, other: BatchedTrainer) -> None:
    mine, theirs = state(one), state(other)
    assert mine.keys() == theirs.keys() and one.iteration == other.iteration
    for name, value in mine.items():
        assert np.array_equal(value.numpy(force=True), theirs[name].numpy(force=True), equal_nan=True), name


def train(step: CapturedStep, twin: BatchedTrainer, iterations: int) -> None:
    for _ in range(iterations):
        step()
        twin.step()


@pytest.mark.parametrize("device", ["cpu", pytest.param("cuda", marks=[pytest.mark.gpu, no_gpu])])
@pytest.mark.parametrize("name", KINDS)
def test_to_the_same_bits(name: str, device: str) -> None:
    members = three(**KINDS[name], device=device)
    assert families(members) == [[0, 1, 2]]
    wall, twin = BatchedTrainer(members), BatchedTrainer(members)
    step = CapturedStep(wall)
    train(step, twin, FIRST + WATCHED)
    assert step.repeats, step.obstacle
    train(step, twin, 10)
    assert step.repeats  # though rates and noise may move
    assert_same(wall, twin)


def test_a_wall_that_goes_on_from_elsewhere_is_repeated_on() -> None:
    members = three(instance_noise=0.1, optimizer_d="rmsprop")
    wall, twin, before = (BatchedTrainer(members) for _ in range(3))
    step = CapturedStep(wall)
    for _ in range(5):
        before.step()
    train(step, twin, FIRST + WATCHED + 3)
    for each in (wall, twin):
        each.go_on_from([before.trainer(i) for i in range(len(members))])
    train(step, twin, 5)
    assert step.repeats
    assert wall.iteration == 10
    assert_same(wall, twin)


def test_a_member_that_breaks_keeps_no_wall_from_being_repeated() -> None:
    members = three()
    wall, twin = BatchedTrainer(members), BatchedTrainer(members)
    for each in (wall, twin):
        each.discriminator.theta[1, 0] = torch.nan
    step = CapturedStep(wall)
    train(step, twin, FIRST + WATCHED + 3)
    assert step.repeats, step.obstacle
    assert wall.finite() == [True, False, True]
    assert_same(wall, twin)

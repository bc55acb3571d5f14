"""Iterations that are repeated as recorded operations do what the Trainer does, to the last bit."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor

from ganlab.experiment import Experiment
from ganlab.training.build import build_trainer
from ganlab.training.captured import step as captured_step
from ganlab.training.captured.step import CapturedStep
from ganlab.training.checkpoint import restore, state_of
from ganlab.training.trainer import Measurements, Trainer
from tests.training.kinds import KINDS, SMALL

FIRST = 3  # iterations before one is watched, in these tests
WATCHED = 4


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(captured_step, "SETTLED", FIRST)


def assert_same(one: Trainer, other: Trainer) -> None:
    """Both have measured the same, and will go on alike."""
    assert np.array_equal(np.concatenate(one.drain()), np.concatenate(other.drain()), equal_nan=True)
    (mine, plain), (theirs, other_plain) = state_of(one), state_of(other)
    assert plain == other_plain and mine.keys() == theirs.keys()
    assert all(torch.equal(mine[name], theirs[name]) for name in mine)


def train(step: CapturedStep, twin: Trainer, iterations: int) -> None:
    for _ in range(iterations):
        step()
        twin.step()


no_gpu = pytest.mark.skipif(not torch.cuda.is_available(), reason="there is no CUDA device")


@pytest.mark.parametrize("device", ["cpu", pytest.param("cuda", marks=[pytest.mark.gpu, no_gpu])])
@pytest.mark.parametrize("values", KINDS, ids=str)
def test_to_the_same_bits_through_changes_and_a_return(values: dict[str, Any], device: str) -> None:
    e = Experiment.of(**{**SMALL, **values, "device": device})
    trainer, twin = build_trainer(e), build_trainer(e)
    step = CapturedStep(trainer)
    rates_move = e.schedule_g != "constant" and e.optimizer_g != "adam"  # torch's others read theirs as a number
    train(step, twin, FIRST + WATCHED + 3)
    assert step.repeats is not rates_move, step.obstacle
    assert_same(trainer, twin)

    kept = state_of(twin)
    for each in (trainer, twin):
        each.change(lr_g=3 * e.lr_g, clip_norm_g=0.5)
    train(step, twin, 1)
    assert not step.repeats
    train(step, twin, FIRST + WATCHED)
    assert step.repeats is not rates_move, step.obstacle
    train(step, twin, 2)
    for each in (trainer, twin):
        each.step_d()  # what is done between does not matter
    train(step, twin, 2)
    assert_same(trainer, twin)

    for each in (trainer, twin):
        each.change(lr_g=e.lr_g, clip_norm_g=e.clip_norm_g)
        restore(each, *kept)
    train(step, twin, FIRST + WATCHED + 3)
    assert step.repeats is not rates_move, step.obstacle
    assert_same(trainer, twin)


def test_a_rate_and_a_noise_that_follow_a_schedule() -> None:
    e = Experiment.of(
        **SMALL, schedule_g="late_linear", schedule_steps_g=40, instance_noise=0.3, instance_noise_steps=20
    )
    trainer, twin = build_trainer(e), build_trainer(e)
    step = CapturedStep(trainer)
    train(step, twin, 15)
    assert not step.repeats  # the noise fades
    train(step, twin, 15)
    assert step.repeats  # though the rate falls
    train(step, twin, 20)
    assert trainer.optimizer_g.param_groups[0]["lr"] == 0.0
    assert_same(trainer, twin)


class Reads(Trainer):
    """Looks at a number in the middle of an iteration."""

    def _update_generator(self, real: Tensor, fake: Tensor) -> Measurements:
        return super()._update_generator(real, fake if fake.mean().item() > 0 else -fake)


class Counts(Trainer):
    """Every other iteration is another one."""

    def _penalty(self, *batches: Any) -> Tensor:
        return super()._penalty(*batches) + (self.iteration % 2) * self.d.vector().square().sum()


class Replaces(Trainer):
    """Remembers in a new tensor each time."""

    kept = torch.zeros(())

    def _penalty(self, *batches: Any) -> Tensor:
        self.kept = self.kept + 1
        return super()._penalty(*batches) + 0.001 * self.kept * self.d.vector().square().sum()


class Drifts(Trainer):
    """A number moves that no operation of the recording shows, since it is read when the batch is drawn."""

    def _real(self) -> Tensor:
        return super()._real().add_(torch.from_numpy(np.full(2, 0.01 * self.iteration, np.float32)))


@pytest.mark.parametrize("kind", [Reads, Counts, Replaces, Drifts])
def test_what_can_not_be_repeated_is_trained_as_it_is(kind: type[Trainer]) -> None:
    e = Experiment.of(**SMALL)
    trainer, twin = kind(e), kind(e)
    step = CapturedStep(trainer)
    train(step, twin, FIRST + WATCHED + 3)
    assert not step.repeats and step.obstacle
    assert_same(trainer, twin)


class Hides(Trainer):
    """A number moves, once, long after the recording: what nobody can see from outside. `settings_now` must name it."""

    def settings_now(self) -> tuple[Any, ...]:
        return *super().settings_now(), self.iteration > 12

    def _penalty(self, *batches: Any) -> Tensor:
        return super()._penalty(*batches) + (self.iteration > 12) * self.d.vector().square().sum()


def test_a_setting_that_moves_later_begins_anew() -> None:
    e = Experiment.of(**SMALL)
    trainer, twin = Hides(e), Hides(e)
    step = CapturedStep(trainer)
    train(step, twin, 12)
    assert step.repeats
    train(step, twin, 3)
    assert not step.repeats
    assert_same(trainer, twin)


def test_a_run_can_be_kept_from_repeating(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(captured_step.EAGER, "1")
    trainer = Trainer(Experiment.of(**SMALL))
    step = CapturedStep(trainer)
    for _ in range(FIRST + WATCHED + 3):
        step()
    assert not step.repeats and trainer.iteration == FIRST + WATCHED + 3


def test_no_compiler_is_loaded() -> None:
    """It costs each process that trains 1.7 seconds and 75 MB."""
    program = f"""
import sys
from ganlab.experiment import Experiment
from ganlab.training.captured import step as captured_step
from ganlab.training.trainer import Trainer
captured_step.SETTLED = 2
step = captured_step.CapturedStep(Trainer(Experiment.of(**{SMALL})))
for _ in range(8):
    step()
assert step.repeats and "torch._dynamo" not in sys.modules
"""
    subprocess.run([sys.executable, "-c", program], check=True)

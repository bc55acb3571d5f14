"""The moments of a training that are kept: the players of then answer as they did then."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
import torch

from ganlab.experiment import Experiment
from ganlab.training.build import build_trainer
from ganlab.training.history import History
from ganlab.training.trainer import Trainer
from ganlab.views import Probes
from ganlab.views.moments import trainer_at
from ganlab.views.questions import read_question

SMALL: dict[str, Any] = {"g_width": 8, "d_width": 8, "batch_size": 16, "latent_dim": 2, "ema_decay": 0.9}
DIGITS: dict[str, Any] = {
    "data": "digits", "image_size": 8, "generator": "dcgan", "discriminator": "dcgan", "g_norm": "batch",
    "g_channels": 4, "d_channels": 4, "batch_size": 8,
}  # fmt: skip


def trained(until: int, **values: Any) -> tuple[Trainer, Probes]:
    """A trainer whose views take note after each 25 iterations."""
    trainer = build_trainer(Experiment.of(**values))
    probes = Probes(trainer, History())
    while trainer.iteration < until:
        trainer.step()
        if trainer.iteration % 25 == 0:
            trainer.drain()
            probes.note(0.0)
    return trainer, probes


def guess(trainer: Trainer, **more: Any) -> dict[str, Any]:
    answer: dict[str, Any] = read_question(json.dumps({"ask": "guess", "seed": 7} | more).encode()).answer(trainer)
    return answer


def test_they_lie_four_times_as_far_apart_each_time() -> None:
    _, probes = trained(900, **SMALL)
    assert probes.answer(["moments"])["moments"]["iterations"] == [50, 200, 800]


@pytest.mark.parametrize("values", [SMALL, SMALL | {"condition": "projection", "data": "blobs"}, DIGITS], ids=str)
def test_a_kept_moment_answers_to_the_bit_as_it_did_then(values: dict[str, Any]) -> None:
    then = guess(trained(50, **values)[0])
    trainer, _ = trained(120, **values)
    kept = guess(trainer, iteration=50)
    assert kept["iteration"] == 50
    assert kept.keys() == then.keys()
    for name, value in then.items():
        assert np.array_equal(kept[name], value), name
    assert guess(trainer)["iteration"] == 120


def test_neither_keeping_nor_asking_changes_the_training() -> None:
    watched, _ = trained(60, **SMALL)
    guess(watched, iteration=50)
    alone = build_trainer(Experiment.of(**SMALL))
    for _ in range(70):
        alone.step()
    for _ in range(10):
        watched.step()
    assert torch.equal(watched.g.theta, alone.g.theta)
    assert torch.equal(watched.d.theta, alone.d.theta)


def test_a_moment_keeps_the_settings_of_its_time_and_one_that_is_not_kept_is_refused() -> None:
    trainer, _ = trained(60, **SMALL)
    trainer.change(loss="hinge")
    assert trainer_at(trainer, 50).experiment.loss == "non_saturating"
    with pytest.raises(ValueError, match="Iteration 40 of this run is not kept"):
        guess(trainer, iteration=40)


def test_large_networks_are_not_kept() -> None:
    _, probes = trained(50, g_width=512, d_width=512, g_depth=4, batch_size=2)
    assert probes.answer(["moments"])["moments"]["iterations"] == []

"""What the optimiser's state says of its last step, against the weights before and after it."""

from __future__ import annotations

from typing import Any

import pytest
import torch

from ganlab.experiment import Experiment
from ganlab.training.build import build_trainer
from ganlab.training.last_update import last_update

SMALL: dict[str, Any] = {"g_width": 8, "d_width": 8, "batch_size": 16, "latent_dim": 2}
CASES = [
    *({f"optimizer_{role}": name for role in "gd"} for name in ("adam", "rmsprop", "momentum", "sgd")),
    *(
        {f"optimizer_{role}": name for role in "gd"} | {f"weight_decay_{role}": 0.05 for role in "gd"} | {"lr_g": 0.05}
        for name in ("adam", "rmsprop", "momentum", "sgd")
    ),
    {"clip_norm_g": 0.01, "clip_value_d": 0.001, "optimizer_g": "sgd", "optimizer_d": "rmsprop"},
    {"schedule_g": "linear", "schedule_steps_g": 5, "n_critic": 3, "gp_weight": 1.0},
    {"consensus_weight": 0.1, "optimizer_g": "sgd", "optimizer_d": "sgd"},
    {"unroll_steps": 2, "optimizer_d": "sgd"},
    {"model": "vae"},
]


@pytest.mark.parametrize("values", CASES, ids=str)
def test_it_is_the_weights_after_less_the_weights_before(values: dict[str, Any]) -> None:
    trainer = build_trainer(Experiment.of(**(SMALL | values)))
    players = {"d": (trainer.d, trainer.optimizer_d), "g": (trainer.g, trainer.optimizer_g)}
    for _ in range(3):
        before = {role: player.theta.clone() for role, (player, _) in players.items()}
        trainer.step()
        for role, (player, optimizer) in players.items():
            if role == "d" and trainer.experiment.n_critic > 1:
                continue  # its last step is one of several
            change = last_update(optimizer, player.theta)
            assert change is not None
            torch.testing.assert_close(change, player.theta - before[role], rtol=1e-3, atol=3e-7)


def test_before_the_first_step_there_is_none() -> None:
    trainer = build_trainer(Experiment.of(**SMALL))
    assert last_update(trainer.optimizer_g, trainer.g.theta) is None

"""What the diagram says of the last update, against the weights before and after it."""

from __future__ import annotations

from typing import Any

import pytest
import torch

from ganlab.experiment import Experiment
from ganlab.training.build import build_trainer
from ganlab.training.history import History
from ganlab.training.trainer import Trainer
from ganlab.views import Probes

SMALL: dict[str, Any] = {"g_width": 8, "d_width": 8, "batch_size": 16, "latent_dim": 2}


class Watched:
    """A trainer and what its diagram says."""

    def __init__(self, **values: Any) -> None:
        self.trainer: Trainer = build_trainer(Experiment.of(**(SMALL | values)))
        self.history = History(self.trainer.scalars)
        self.probes = Probes(self.trainer, self.history)

    def moved(self) -> dict[str, float]:
        for rows in self.trainer.drain():
            self.history.append(rows)
        told: dict[str, float] = self.probes.answer(["model"])["model"]["moved"]
        return told

    def theta(self) -> dict[str, torch.Tensor]:
        return {"d": self.trainer.d.theta.clone(), "g": self.trainer.g.theta.clone()}

    def share(self, role: str, before: dict[str, torch.Tensor]) -> Any:
        moved = torch.linalg.vector_norm(self.theta()[role] - before[role]) / torch.linalg.vector_norm(before[role])
        return pytest.approx(float(moved), rel=1e-3)


@pytest.mark.parametrize("optimizer", ["adam", "rmsprop", "momentum", "sgd"])
def test_it_says_how_far_the_last_update_moved_each_player(optimizer: str) -> None:
    watched = Watched(optimizer_g=optimizer, optimizer_d=optimizer)
    assert watched.moved() == {}
    for _ in range(3):
        watched.trainer.step()
    before = watched.theta()
    watched.trainer.step()
    assert watched.moved() == {role: watched.share(role, before) for role in "gd"}


def test_an_update_of_one_player_alone_leaves_what_is_said_of_the_other() -> None:
    watched = Watched()
    watched.moved()
    before = watched.theta()
    watched.trainer.step()
    of_g = watched.moved()["g"]
    assert of_g == watched.share("g", before)
    before = watched.theta()
    watched.trainer.step_d()
    assert watched.moved() == {"g": of_g, "d": watched.share("d", before)}


def test_another_learning_rate_is_not_taken_for_that_of_the_last_update() -> None:
    watched = Watched()
    watched.moved()
    watched.trainer.step()
    told = watched.moved()
    watched.trainer.change(lr_g=0.5, lr_d=0.5)
    assert watched.moved() == told
    unseen = Watched()
    unseen.trainer.step()
    unseen.trainer.change(lr_g=0.5)
    assert unseen.moved() == {}  # nobody looked while the old rate was in force
    before = unseen.theta()
    unseen.trainer.step()
    assert unseen.moved()["g"] == unseen.share("g", before)


def test_clipped_weights_move_once_more_so_nothing_is_said_of_them() -> None:
    watched = Watched(loss="wasserstein", weight_clip=0.01)
    watched.moved()
    watched.trainer.step()
    assert set(watched.moved()) == {"g"}


def test_a_vae_has_both_players_too() -> None:
    watched = Watched(model="vae")
    watched.moved()
    before = watched.theta()
    watched.trainer.step()
    assert watched.moved() == {role: watched.share(role, before) for role in "gd"}

"""Gradients taken by hand are autograd's, to the last bit."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator
from typing import Any

import pytest
import torch
from torch import nn

from ganlab.experiment import Experiment
from ganlab.networks import build_discriminator, build_generator
from ganlab.training.build import build_trainer
from ganlab.training.by_hand import is_dense
from ganlab.training.checkpoint import restore, state_of
from ganlab.training.parameters import Parameters
from ganlab.training.trainer import Trainer

SMALL: dict[str, Any] = {"g_width": 16, "d_width": 16, "batch_size": 32, "latent_dim": 4}
IMAGES: dict[str, Any] = {"data": "digits", "generator": "mlp", "discriminator": "mlp"}


@pytest.fixture(params=[1, 2])
def threads(request: pytest.FixtureRequest) -> Iterator[int]:
    before = torch.get_num_threads()
    torch.set_num_threads(request.param)
    yield request.param
    torch.set_num_threads(before)


@pytest.mark.parametrize("activation", ["relu", "leaky_relu", "tanh"])
@pytest.mark.parametrize("batch", [1, 7, 150, 256])
@pytest.mark.parametrize("shape", [(2,), (1, 8, 8)])
def test_both_players_gradients(activation: str, batch: int, shape: tuple[int, ...], threads: int) -> None:
    e = Experiment.of(g_activation=activation, d_activation=activation, g_depth=3, **IMAGES)
    draw = torch.Generator().manual_seed(0)
    G, D = build_generator(e, shape, draw), build_discriminator(e, shape, draw)
    g, d = Parameters(G), Parameters(D)
    z, real = torch.randn(batch, e.latent_dim, generator=draw), torch.randn(batch, *shape, generator=draw)

    def gradients() -> list[torch.Tensor]:
        fake = G(z)
        loss_d = torch.nn.functional.softplus(D(fake.detach())).mean() - D(real).sigmoid().mean()
        of_d = d.gradient(loss_d).clone()
        return [of_d, g.gradient(D.respond(fake)[0].square().mean()).clone()]

    by_autograd = gradients()
    for player in (g, d):
        player.differentiate_by_hand(True)
    assert {"forward"} <= vars(G).keys() & vars(D).keys()
    assert all(map(torch.equal, gradients(), by_autograd))


@pytest.mark.parametrize(
    "values",
    [
        {"ema_decay": 0.9, "n_critic": 2, "optimizer_g": "rmsprop", "clip_norm_d": 0.1},
        {"loss": "relativistic", "instance_noise": 0.1, "packing": 2, "lecam_weight": 0.1, "top_k": 0.5},
        {"loss": "wasserstein", "weight_clip": 0.05, "g_activation": "tanh", "unroll_steps": 2},
        {"loss": "hinge", "feature_matching": 1.0, "cosine_weight": 1.0, "g_activation": "silu"},
        {**IMAGES, "augment": "always", "g_norm": "batch"},
        {**IMAGES, "generator": "dense", "discriminator": "dense", "d_minibatch": "stddev"},
        {"gp_weight": 1.0, "history_weight": 0.1, "spectral_norm": True},
        {"r1_weight": 1.0, "d_minibatch": "discrimination"},
        {"consensus_weight": 0.1},
        {"condition": "concat", "info_categories": 3},
        {"model": "vae"},
        {"mistake": "not_detached"},
        {**IMAGES, "mistake": "output_batch_norm", "ema_decay": 0.9},
    ],
    ids=str,
)
def test_every_game_trains_to_the_same_bits(values: dict[str, Any]) -> None:
    ours, autograds = (build_trainer(Experiment.of(**(SMALL | values))) for _ in range(2))
    for _ in range(4):
        ours.step()
        step_by_autograd(autograds)
    leave_to_autograd(autograds)
    for each in (ours, autograds):
        each.step_d()
        each.step_g()
    assert_same(ours, autograds)


def test_the_ring_trains_to_the_same_bits_for_long_and_through_changes() -> None:
    ours, autograds = (Trainer(Experiment.of()) for _ in range(2))
    for number in range(300):
        change = {100: {"r1_weight": 1.0}, 150: {"r1_weight": 0.0, "lr_g": 3e-4}, 200: {"consensus_weight": 0.1}}
        for each in (ours, autograds):
            each.change(**change.get(number, {}))
        ours.step()
        step_by_autograd(autograds)
    assert_same(ours, autograds)


def test_a_stored_run_goes_on_by_hand() -> None:
    ours = Trainer(Experiment.of(**SMALL))
    ours.step()
    ours.drain()
    again = Trainer(ours.experiment)
    restore(again, *state_of(ours))
    for each in (ours, again):
        each.step()
    assert_same(ours, again)


def test_a_step_that_was_broken_off_leaves_nothing_behind() -> None:
    ours, autograds = (Trainer(Experiment.of(**SMALL)) for _ in range(2))
    for network in (ours.generator, ours.discriminator):
        network(torch.zeros(5, 4 if network is ours.generator else 2))
    for _ in range(2):
        ours.step()
        step_by_autograd(autograds)
    assert_same(ours, autograds)


def test_a_trainer_that_nobody_holds_is_gone_at_once() -> None:
    trainer = Trainer(Experiment.of(**SMALL))
    trainer.step()
    network = weakref.ref(trainer.generator)
    gc.disable()
    try:
        del trainer
        assert network() is None
    finally:
        gc.enable()


def test_networks_that_it_does_not_know_are_autograds() -> None:
    def network(*between: nn.Module, bias: bool = True) -> nn.Module:
        return nn.Sequential(nn.Flatten(), nn.Linear(2, 2, bias=bias), *between, nn.Linear(2, 1), nn.Flatten(0))

    assert is_dense(network(nn.ReLU()))
    assert not any(map(is_dense, (network(), network(nn.SiLU()), network(nn.BatchNorm1d(2), nn.ReLU()), nn.ReLU())))
    assert not is_dense(network(nn.ReLU(), bias=False))
    assert not is_dense(nn.Sequential(network(nn.ReLU())))


def leave_to_autograd(trainer: Trainer) -> None:
    for player in (trainer.g, trainer.d):
        player.differentiate_by_hand(False)


def step_by_autograd(trainer: Trainer) -> None:
    leave_to_autograd(trainer)
    trainer.step()


def assert_same(one: Trainer, other: Trainer) -> None:
    ours, theirs = state_of(one)[0], state_of(other)[0]
    assert ours.keys() == theirs.keys()
    assert [name for name, value in ours.items() if not torch.equal(value, theirs[name])] == []
    rows = zip(one.drain(), other.drain(), strict=True)
    assert all((mine == yours).all() or repr(mine) == repr(yours) for mine, yours in rows)

"""Every network for images trains: some steps without NaN, with penalties, look-aheads, packs and averages."""

from __future__ import annotations

from typing import Any

import pytest
import torch

from ganlab.experiment import Experiment
from ganlab.training.history import History
from ganlab.training.trainer import Trainer
from ganlab.views import VIEWS, Probes

SMALL: dict[str, Any] = {
    "data": "digits", "batch_size": 16, "latent_dim": 4, "g_width": 8, "d_width": 8, "g_channels": 4, "d_channels": 4,
}  # fmt: skip
PAIRS = [("dense", "dense"), ("dense", "cnn"), ("resnet", "resnet"), ("r3gan", "r3gan"), ("stylegan", "resnet")]
both = pytest.mark.parametrize(("generator", "discriminator"), PAIRS)


def trained(steps: int, **values: Any) -> Trainer:
    trainer = Trainer(Experiment.of(**SMALL | values))
    for _ in range(steps):
        trainer.step()
    return trainer


@both
@pytest.mark.parametrize(
    "values",
    [
        {"loss": "hinge", "spectral_norm": True, "self_attention": True, "g_norm": "batch"},
        {"loss": "relativistic", "r1_weight": 1.0, "r2_weight": 1.0, "ema_decay": 0.9},
        {"gp_weight": 10.0, "loss": "wasserstein", "n_critic": 2, "d_norm": "layer"},
        {"unroll_steps": 1, "packing": 2, "d_minibatch": "stddev", "augment": "always"},
        {"consensus_weight": 0.1},
    ],
)
def test_steps_stay_finite_and_leave_the_global_source_of_chance_alone(
    generator: str, discriminator: str, values: dict[str, Any]
) -> None:
    before = torch.get_rng_state()
    trainer = trained(6, generator=generator, discriminator=discriminator, **values)
    assert torch.equal(torch.get_rng_state(), before)
    for player in (trainer.g, trainer.d):
        assert player.theta.isfinite().all()
    for name, value in (*trainer.generator.named_buffers(), *trainer.discriminator.named_buffers()):
        assert value.isfinite().all(), name


@both
def test_the_same_seed_trains_to_the_same_bits_whether_it_is_watched_or_not(generator: str, discriminator: str) -> None:
    names = {"generator": generator, "discriminator": discriminator, "dropout": 0.3, "ema_decay": 0.9}
    unwatched, watched = trained(6, **names), trained(3, **names)
    probes = Probes(watched, History())
    first, again = probes.answer(VIEWS), probes.answer(VIEWS)
    assert (first["samples"]["pixels"] == again["samples"]["pixels"]).all()
    for _ in range(3):
        watched.step()
    assert torch.equal(watched.g.theta, unwatched.g.theta)
    assert torch.equal(watched.d.theta, unwatched.d.theta)


def test_the_average_keeps_the_noise_it_is_shown_with() -> None:
    trainer = trained(0, generator="stylegan", discriminator="cnn", ema_decay=0.9)
    before = {name: value.clone() for name, value in trainer.shown.named_buffers()}
    for _ in range(3):
        trainer.step()
    assert before
    assert all(torch.equal(value, before[name]) for name, value in trainer.shown.named_buffers())


def test_images_of_100_pixels_in_colour() -> None:
    trainer = trained(
        2, data="shapes", image_size=100, generator="dense", discriminator="cnn", pooling="strided", batch_size=4
    )
    shown = Probes(trainer, History()).answer(["samples"])["samples"]
    assert shown["pixels"].shape == (16, 100, 100, 3)

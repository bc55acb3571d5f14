"""The look ahead against a game that can be unrolled by hand, and what it must leave alone."""

import pytest
import torch
from torch import Tensor, nn

from ganlab.experiment import Experiment
from ganlab.experiment.loss import ENERGY_LOSSES
from ganlab.game.losses import LOSSES
from ganlab.networks import Discriminator
from ganlab.training.trainer import Trainer
from ganlab.training.unrolling import unrolled

SMALL = {"g_width": 16, "d_width": 16, "batch_size": 32, "latent_dim": 4}


def line(w: float) -> Discriminator:
    """D(x) = w x."""
    D = Discriminator(nn.Linear(1, 1, bias=False), nn.Flatten(0)).double()
    with torch.no_grad():
        D[0].weight.fill_(w)
    return D


def loss_d(real: Tensor, fake: Tensor) -> Tensor:
    """With D(x) = w x and single points a and t: (w t - w a) + (w t)^2 / 2, quadratic in w."""
    return (fake - real).mean() + fake.square().mean() / 2


@pytest.mark.parametrize("steps", [0, 1, 3, 10])
def test_the_quadratic_game_unrolled_by_hand(steps: int) -> None:
    """w <- w - lr (t - a + w t^2); then G's loss is -w_K t, whose slope in t has dw_K / dt in it."""
    a, t, w, lr = 0.5, 2.0, 0.3, 0.1
    fake = torch.tensor([[t]], dtype=torch.float64, requires_grad=True)
    respond = unrolled(line(w), loss_d, torch.tensor([[a]], dtype=torch.float64), fake, steps, lr)
    logits, _ = respond(fake)
    slope = torch.autograd.grad(-logits.sum(), fake)[0]

    by_t = 0.0  # dw / dt
    for _ in range(steps):
        w, by_t = w - lr * (t - a + w * t**2), by_t - lr * (1 + by_t * t**2 + 2 * w * t)
    assert logits.item() == pytest.approx(w * t, rel=1e-12)
    assert slope.item() == pytest.approx(-(w + by_t * t), rel=1e-12)


@pytest.mark.parametrize("values", [{"d_norm": "batch"}, {"spectral_norm": True}, {"d_minibatch": "discrimination"}])
def test_looking_ahead_leaves_d_as_it_is(values: dict) -> None:
    trainer = Trainer(Experiment.of(**SMALL, d_depth=3, **values))
    D, real = trainer.discriminator, trainer._real()
    fake = trainer.generator(trainer._latents())
    before = {name: value.clone() for name, value in D.state_dict().items()}
    logits, _ = unrolled(D, LOSSES["non_saturating"].d, real, fake, 3, 0.1)(fake)
    trainer.g.gradient(logits.mean())
    assert all(torch.equal(value, before[name]) for name, value in D.state_dict().items())
    assert trainer.d.theta.grad is not None and not trainer.d.theta.grad.any()


@pytest.mark.parametrize("loss", [name for name in LOSSES if name not in ENERGY_LOSSES])
def test_a_step_with_no_rate_to_look_ahead_with_is_a_plain_one(loss: str) -> None:
    """With a rate next to 0 the unrolled D is D, and so G moves as it would without."""
    plain, ahead = (Trainer(Experiment.of(**SMALL, loss=loss, unroll_steps=steps, lr_d=1e-7)) for steps in (0, 4))
    plain.step(), ahead.step()
    torch.testing.assert_close(plain.g.theta, ahead.g.theta, rtol=1e-3, atol=1e-5)
    assert torch.equal(plain.d.theta, ahead.d.theta)

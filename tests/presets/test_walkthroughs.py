"""Each walk-through is told in full, and what it says of its steps is so."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
import torch

from ganlab.data import Sampler
from ganlab.experiment import Experiment
from ganlab.game.losses import LOSSES
from ganlab.game.terms import COSINES
from ganlab.metrics.distances import sliced_wasserstein
from ganlab.networks.cnn import pool
from ganlab.presets import PRESETS
from ganlab.presets.walkthroughs import WALKTHROUGHS, Walkthrough, walkthrough_of
from ganlab.training.build import build_trainer
from ganlab.training.dirac import DiracTrainer
from ganlab.training.history import SCALARS
from ganlab.training.trainer import Trainer


@cache
def trained(name: str, iterations: int) -> Trainer:
    trainer = build_trainer(PRESETS[name].experiment)
    for _ in range(iterations):
        trainer.step()
    return trainer


def scalars(experiment: Experiment, iterations: int) -> dict[str, float]:
    """The means of the last 20 iterations."""
    trainer = build_trainer(experiment)
    for _ in range(iterations):
        trainer.step()
    return dict(zip(SCALARS, np.concatenate(trainer.drain())[-20:].mean(axis=0), strict=True))


def small(name: str, **values: object) -> Experiment:
    """The step with fewer channels and smaller images, for speed; its losses, rates and mistakes are its own."""
    return PRESETS[name].experiment.changed(image_size=8, g_channels=8, d_channels=8, **values)


@pytest.mark.parametrize("walk", WALKTHROUGHS, ids=lambda walk: walk.title)
def test_each_is_told_in_full(walk: Walkthrough) -> None:
    assert all(text.endswith(".") for text in (walk.shows, walk.watch, walk.ours, *walk.wrongly))
    assert all(question.endswith("?") for question in walk.questions)
    assert len(walk.steps) >= 4
    assert walk.steps[0].experiment.mistake != "none", "as published, with its mistakes"
    assert walk.steps[1].experiment.mistake in ("none", "sigmoid_critic")
    assert set(walk.compare) <= {step.name for step in walk.steps}
    assert len(walk.side_by_side()) == len(walk.compare) > 1
    assert len({step.experiment for step in walk.steps}) == len(walk.steps)
    assert all(walkthrough_of(step.name) is walk for step in walk.steps)


# 1. Vector products


def test_a_d_paid_for_low_scores_says_0_to_everything_and_leaves_g_no_gradient() -> None:
    broken, right = (scalars(small(name, batch_size=16), 150) for name in ("walk-1-as-given", "walk-1-cross-entropy"))
    assert max(broken["score_real"], broken["score_fake"]) < 0.05
    assert right["score_real"] > 0.5
    assert broken["grad_norm_g"] < right["grad_norm_g"] / 10


def test_of_positive_scores_the_cosine_is_never_negative_and_near_1_where_they_differ_little() -> None:
    rng = torch.Generator().manual_seed(0)
    for logits, least in ((torch.randn(2, 64, generator=rng) * 4, 0.0), (torch.randn(2, 64, generator=rng) / 10, 0.99)):
        assert float(COSINES["outputs"](*logits.sigmoid())) > least
    apart = torch.tensor([[0.9, 0.01] * 32, [0.01, 0.9] * 32])
    assert 0 < float(COSINES["outputs"](*apart)) < 0.1, "positive, and yet not near 1"


def test_8_bits_hold_samples_of_a_tanh_only_after_a_shift() -> None:
    x = np.linspace(-1, 1, 5)
    assert (127.5 * x + 127.5).astype(int).tolist() == [0, 63, 127, 191, 255]
    for factor in (128, 255):
        wrapped = (factor * x).astype(int) % 256  # as 8 bits hold it
        assert wrapped[1] > wrapped[2] == 0, "what is darker than grey comes out brighter"
    assert (128 * np.linspace(0, 1, 5)).max() < 129


def test_machines_can_share_a_batch_since_a_gradient_is_a_mean_over_it() -> None:
    trainer = build_trainer(small("walk-1-cross-entropy", batch_size=16))
    real, fake = trainer._real(), trainer.generator(trainer._latents()).detach()
    D, loss = trainer.discriminator, trainer.loss.d
    whole = trainer.d.gradient(loss(D(real), D(fake))).clone()
    halves = [trainer.d.gradient(loss(D(r), D(f))).clone() for r, f in zip(real.chunk(2), fake.chunk(2), strict=True)]
    torch.testing.assert_close(whole, sum(halves) / 2)


# 2. A GAN that scales


def test_noise_is_not_what_d_takes() -> None:
    trainer = trained("walk-2-sign-right", 0)
    with pytest.raises(RuntimeError, match="shapes cannot be multiplied"):
        trainer.discriminator(torch.randn(128, 100))


def test_most_gradients_of_d_are_longer_than_the_clip() -> None:
    norms = np.concatenate(trained("walk-2-adam", 30).drain())[:, SCALARS.index("grad_norm_d")]
    assert (norms > PRESETS["walk-2-adam"].experiment.clip_norm_d).mean() > 0.5


def test_plain_gradient_descent_moves_a_hundredth_as_far_as_adam_at_the_same_rate() -> None:
    e = PRESETS["walk-2-sign-right"].experiment.changed(image_size=8, g_width=32, d_width=32)
    moved = {}
    for optimizer in ("adam", "sgd"):
        trainer = Trainer(e.changed(optimizer_g=optimizer, optimizer_d=optimizer))
        start = trainer.g.vector().detach().clone()
        for _ in range(30):
            trainer.step()
        moved[optimizer] = (trainer.g.vector() - start).norm().item()
    assert moved["sgd"] < moved["adam"] / 100


def test_half_of_ds_loss_is_harmless_since_adam_divides_by_its_size() -> None:
    e = PRESETS["walk-2-sign-right"].experiment.changed(image_size=8, g_width=32, d_width=32)
    whole, halved = Trainer(e), Trainer(e)
    halved.loss = replace(whole.loss, d=lambda *logits, **options: whole.loss.d(*logits, **options) / 2)
    start = whole.d.vector().detach().clone()
    for trainer in (whole, halved):
        for _ in range(5):
            trainer.step()
    assert (whole.d.vector() - halved.d.vector()).norm() < 0.01 * (whole.d.vector() - start).norm()


# 3. Gradient descent


def reached(name: str) -> tuple[float, float, float]:
    """Distances from the equilibrium of the Dirac game after 500 steps: the last, the least and the largest."""
    trainer = trained(name, 500)
    assert isinstance(trainer, DiracTrainer)
    far = np.hypot(*np.array(trainer.trail)[:, 1:].T)
    return far[-1], far.min(), far.max()


def test_no_learning_rate_brings_gradient_descent_to_the_middle() -> None:
    for name in ("circle", "too-small", "decay"):
        _, nearest, farthest = reached(f"walk-3-{name}")
        assert 1.2 < nearest < farthest < 1.6, name
    for name in ("too-large", "momentum", "adam"):
        assert reached(f"walk-3-{name}")[0] > 2, name


def test_momentum_throws_the_players_far_out_within_half_a_turn_and_there_they_stay() -> None:
    assert turned("walk-3-momentum") < 0.5
    last, _, farthest = reached("walk-3-momentum")
    assert last == farthest > 8


def test_the_losses_are_continuous_in_the_weights() -> None:
    trainer = build_trainer(PRESETS["walk-3-right"].experiment)
    real, z = trainer._real(), trainer._latents()

    def losses() -> torch.Tensor:
        with torch.no_grad():
            logits = trainer.discriminator(real), trainer.discriminator(trainer.generator(z))
            return torch.stack([trainer.loss.d(*logits), trainer.loss.g(logits[1], logits[0])])

    before, moved = losses(), []
    direction = torch.randn(len(trainer.g.theta), generator=torch.Generator().manual_seed(0))
    for step in (1e-2, 1e-3, 1e-4):
        trainer.g.theta += step * direction
        moved.append((losses() - before).abs().max().item())
        trainer.g.theta -= step * direction
    assert moved[0] > 3 * moved[1] > 9 * moved[2]


def turned(name: str) -> float:
    """How many times round the path has gone in 500 steps."""
    trainer = trained(name, 500)
    assert isinstance(trainer, DiracTrainer)
    _, theta, psi = np.array(trainer.trail).T
    return float(abs(np.diff(np.unwrap(np.arctan2(psi, theta))).sum()) / (2 * np.pi))


def test_a_small_rate_does_not_make_it_once_round_and_decay_stops_on_the_circle() -> None:
    assert turned("walk-3-too-small") < 1 < 2 < turned("walk-3-circle")
    trail = np.array(trained("walk-3-decay", 500).trail)[-90:, 1:]  # type: ignore[attr-defined]
    assert np.ptp(trail, axis=0).max() < 1e-3


def test_far_out_there_is_no_gradient_that_would_bring_the_players_back() -> None:
    for name, steps in (("circle", 0.2), ("too-large", 1e-3), ("momentum", 0.05)):
        trail = np.array(trained(f"walk-3-{name}", 500).trail)[-100:, 1:]  # type: ignore[attr-defined]
        longest = np.linalg.norm(np.diff(trail, axis=0), axis=1).max()
        assert longest > 0.05 if name == "circle" else longest < steps, name


def test_adams_path_is_no_circle() -> None:
    trail = np.array(trained("walk-3-adam", 500).trail)[:, 1:]  # type: ignore[attr-defined]
    lengths = np.linalg.norm(np.diff(trail, axis=0), axis=1)
    assert np.percentile(lengths, 90) > 2 * np.percentile(lengths, 10), "its steps are not of one size"
    distances = np.hypot(*trail.T)
    assert distances[-1] > distances[0] + 0.5


def test_with_labels_of_ones_ds_loss_looks_perfect_since_it_says_yes_to_everything() -> None:
    last = scalars(PRESETS["walk-3-as-given"].experiment, 300)
    assert last["loss_d"] < 0.01
    assert min(last["score_real"], last["score_fake"]) > 0.99


def test_the_symmetric_loss_trains_g_as_the_usual_one_does() -> None:
    e = Experiment.of(data="ring", g_width=8, d_width=8, batch_size=16)
    usual, symmetric = Trainer(e), Trainer(e.changed(loss="symmetric"))
    for trainer in (usual, symmetric):
        for _ in range(5):
            trainer.step()
    torch.testing.assert_close(usual.g.theta, symmetric.g.theta)


def test_right_labels_and_a_penalty_bring_the_samples_to_the_ring() -> None:
    distances = {}
    for name in ("walk-3-as-given", "walk-3-penalty"):
        trainer = trained(name, 500)
        with torch.no_grad():
            z = torch.randn(500, 2, generator=torch.Generator().manual_seed(7))
            fake = trainer.shown.eval()(z).double().numpy()
        distances[name] = sliced_wasserstein(Sampler(trainer.dataset, seed=99).next(500).double().numpy(), fake)
    assert distances["walk-3-as-given"] > 2 * distances["walk-3-penalty"]


# 4. GAN against DCGAN


def test_three_mistakes_at_once_leave_a_d_that_can_not_say_no_and_pixels_out_of_range() -> None:
    farthest = {}
    for name in ("walk-4-as-given", "walk-4-dense"):
        trainer = build_trainer(small(name, g_width=32, d_width=32))
        for _ in range(50):
            trainer.step()
        with torch.no_grad():
            shown = trainer.shown.eval()(torch.randn(64, 100, generator=torch.Generator().manual_seed(0)))
            farthest[name] = float(shown.abs().max())
            if name == "walk-4-as-given":
                assert trainer.discriminator(torch.cat([shown, -shown])).sigmoid().min() >= 0.5
    assert farthest["walk-4-dense"] <= 1 < 1.2 < farthest["walk-4-as-given"]


def test_minus_ds_output_has_next_to_no_gradient_where_d_is_sure() -> None:
    logit = torch.tensor(-8.0, requires_grad=True)
    (critics,) = torch.autograd.grad(-logit.sigmoid(), logit)
    (usual,) = torch.autograd.grad(LOSSES["non_saturating"].g(logit, None), logit)
    assert abs(critics) < 1e-3 < 0.99 < abs(usual)


def test_batch_norm_after_a_relu_makes_two_values_in_three_negative_again() -> None:
    x = torch.randn(10_000, 8, generator=torch.Generator().manual_seed(0))
    normalised = torch.nn.BatchNorm1d(8)(torch.relu(x))
    assert (torch.relu(x) < 0).sum() == 0
    assert (normalised < 0).float().mean() == pytest.approx(2 / 3, abs=0.02)


def test_convolutions_have_far_fewer_parameters() -> None:
    dense, convolutional = (trained(name, 0) for name in ("walk-4-dense", "walk-4-dcgan"))
    assert dense.g.theta.numel() + dense.d.theta.numel() > 10 * (
        convolutional.g.theta.numel() + convolutional.d.theta.numel()
    )


# 5. CNNs


def test_a_dense_layer_reads_the_last_axis_alone() -> None:
    layer, noise = torch.nn.Linear(3, 7), torch.randn(1, 10, 10, 3, generator=torch.Generator().manual_seed(0))
    one_pixel_changed = noise.clone()
    one_pixel_changed[0, 4, 4] += 1
    changed = (layer(noise) != layer(one_pixel_changed)).any(dim=-1)
    assert layer.weight.shape == (7, 3) and changed.sum() == 1, "3 numbers a unit, each pixel by itself"
    assert 100 * 100 == 10_000 and 100 * 100 * 3 == 30_000


def test_a_d_for_one_channel_does_not_take_three() -> None:
    trainer = build_trainer(small("walk-5-strided"))
    with pytest.raises(RuntimeError, match="channels"):
        trainer.discriminator(torch.randn(4, 3, 8, 8))


def test_noise_as_large_as_the_image_costs_parameters() -> None:
    as_given, right = (trained(name, 0).g.theta.numel() for name in ("walk-5-as-given", "walk-5-strided"))
    assert as_given - right == (256 - 32) * 128
    assert pytest.approx(123e6, rel=1e-2) == 4_096 * 100 * 100 * 3


def test_average_pooling_passes_a_gradient_to_every_pixel_and_max_pooling_to_one_in_four() -> None:
    shares = {}
    for name in ("max", "average"):
        x = torch.randn(1, 1, 8, 8, generator=torch.Generator().manual_seed(0)).requires_grad_()
        torch.nn.Sequential(*pool(name))(x).sum().backward()
        assert x.grad is not None
        shares[name] = (x.grad != 0).float().mean().item()
    assert shares == {"max": 0.25, "average": 1.0}

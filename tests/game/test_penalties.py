"""Penalties on discriminators whose gradients are known by hand."""

from __future__ import annotations

import math

import pytest
import torch
from torch import Tensor, nn

from ganlab.experiment import Experiment
from ganlab.game import penalties
from ganlab.game.notes import source
from ganlab.game.penalties import (
    PENALTIES,
    add_noise,
    clip_weights_,
    consensus,
    dragan,
    gradient_penalty,
    historical_averaging,
    lecam,
    r1,
    r2,
    zero_centred_gp,
)


def rng(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def half_square(x: Tensor) -> Tensor:
    """D(x) = ||x||^2 / 2, whose gradient at x is x itself."""
    return x.flatten(1).square().sum(1) / 2


X = torch.tensor([[3.0, 4.0], [0.6, 0.8], [0.0, 0.0]], dtype=torch.float64)  # norms 5, 1, 0


def test_r1_and_r2_are_mean_squared_norms_of_each_sample() -> None:
    assert r1(half_square, X).item() == pytest.approx((25 + 1 + 0) / 3)
    assert r2(half_square, X).item() == pytest.approx((25 + 1 + 0) / 3)


def test_the_gradient_penalty_takes_each_samples_norm() -> None:
    # A norm over the whole batch would give (sqrt(26) - 1)^2 instead.
    assert gradient_penalty(half_square, X, X, rng()).item() == pytest.approx((16 + 0 + 1) / 3)
    assert gradient_penalty(half_square, X, X, rng(), target=0.0).item() == pytest.approx(26 / 3)


def test_images_are_penalised_as_the_vectors_they_are() -> None:
    images = torch.randn(5, 3, 8, 8, generator=rng())
    assert torch.allclose(r1(half_square, images), r1(half_square, images.flatten(1)))
    assert torch.allclose(
        gradient_penalty(half_square, images, -images, rng(1)),
        gradient_penalty(half_square, images.flatten(1), -images.flatten(1), rng(1)),
    )


def test_each_sample_is_interpolated_with_a_weight_of_its_own() -> None:
    seen = []

    def spy(x: Tensor) -> Tensor:
        seen.append(x.detach())
        return half_square(x)

    real, fake = torch.zeros(1000, 1, 2, 2), torch.ones(1000, 1, 2, 2)
    gradient_penalty(spy, real, fake, rng())
    weights = seen[0].flatten(1)
    assert torch.equal(weights, weights[:, :1].expand(-1, 4))  # one weight for all of a sample's pixels
    assert len(weights[:, 0].unique()) == 1000
    assert 0 <= weights.min() < 0.01 < 0.99 < weights.max() <= 1
    assert weights[:, 0].mean().item() == pytest.approx(0.5, abs=4 / math.sqrt(12 * 1000))


def test_the_zero_centred_penalty_takes_each_samples_squared_norm() -> None:
    assert zero_centred_gp(half_square, X, X, rng()).item() == pytest.approx((25 + 1 + 0) / 3)


def test_dragan_looks_from_real_samples_half_a_deviation_along_each_axis() -> None:
    seen = []

    def spy(x: Tensor) -> Tensor:
        seen.append(x.detach())
        return half_square(x)

    real = torch.randn(2000, 2, dtype=torch.float64, generator=rng()) * 3 + 1
    value = dragan(spy, real, rng(1))
    assert value.item() == pytest.approx((seen[0].norm(dim=1) - 1).square().mean().item())
    shift = (seen[0] - real) / (0.5 * real.numpy().std())
    assert shift.min() >= 0
    assert 0.95 < shift.max() < 1
    # the product of two numbers uniform on [0, 1], one shared by a sample's axes: mean 1/4, correlation 3/7
    assert shift.mean().item() == pytest.approx(1 / 4, abs=0.015)
    assert torch.corrcoef(shift.T)[0, 1].item() == pytest.approx(3 / 7, abs=0.06)


def test_dragan_of_a_single_sample_is_finite() -> None:
    assert dragan(half_square, X[:1], rng()).isfinite()


def test_lecam_draws_each_side_to_the_others_anchor() -> None:
    real, fake = torch.tensor([[2.0, -1.0], [0.5, 3.0]], dtype=torch.float64).requires_grad_()
    value = lecam(real, fake, torch.tensor(1.5), torch.tensor(-0.5))
    assert value.item() == pytest.approx((2.5**2 + 0.5**2) / 2 + (1.0**2 + 1.5**2) / 2)
    by_real, by_fake = torch.autograd.grad(value, (real, fake))
    assert by_real.tolist() == [2.5, -0.5]
    assert by_fake.tolist() == [-1.0, 1.5]


def test_historical_averaging_pulls_towards_the_average() -> None:
    theta = torch.tensor([1.0, -2.0, 3.0], dtype=torch.float64, requires_grad=True)
    value = historical_averaging(theta, torch.tensor([0.0, 0.0, 2.5], dtype=torch.float64))
    assert value.item() == 1 + 4 + 0.25
    assert torch.autograd.grad(value, theta)[0].tolist() == [2.0, -4.0, 1.0]


def test_consensus_is_half_the_squared_length_of_both_gradients() -> None:
    by_g, by_d = torch.tensor([3.0, 4.0]), torch.tensor([2.0])
    assert consensus(by_g, by_d) == (25 + 4) / 2


@pytest.mark.parametrize("penalty", ["r1", "gradient_penalty", "zero_centred_gp", "dragan"])
def test_penalties_train_the_weights_of_d(penalty: str) -> None:
    real, fake = torch.randn(2, 4, 3, dtype=torch.float64, generator=rng())

    def of_weights(w: Tensor) -> Tensor:
        D = lambda x: torch.tanh(x @ w).sum(1)
        if penalty == "r1":
            return r1(D, real)
        if penalty == "dragan":
            return dragan(D, real, rng(2))
        return getattr(penalties, penalty)(D, real, fake, rng(2))

    weights = torch.randn(3, 5, dtype=torch.float64, generator=rng(3)).requires_grad_()
    assert torch.autograd.gradcheck(of_weights, (weights,))


def test_a_flat_discriminator_has_a_penalty_and_no_nan() -> None:
    w = torch.zeros(2, dtype=torch.float64, requires_grad=True)
    penalty = gradient_penalty(lambda x: x @ w, X, X, rng())
    assert penalty.item() == 1.0
    assert torch.isfinite(torch.autograd.grad(penalty, w)[0]).all()


def test_penalties_leave_the_batch_alone() -> None:
    batch = X.clone()
    r1(half_square, batch)
    assert not batch.requires_grad
    assert torch.equal(batch, X)


def test_clipping_bounds_every_parameter_and_keeps_the_small_ones() -> None:
    D = nn.Linear(2, 1)
    with torch.no_grad():
        D.weight.copy_(torch.tensor([[0.005, -7.0]]))
        D.bias.fill_(3.0)
    clip_weights_(D, 0.01)
    assert torch.equal(D.weight, torch.tensor([[0.005, -0.01]]))
    assert D.bias.item() == pytest.approx(0.01)
    assert D.weight.requires_grad


def test_noise_has_its_standard_deviation_and_comes_from_the_generator() -> None:
    x = torch.full((10_000,), 2.0)
    before = torch.get_rng_state()
    noisy = add_noise(x, 0.7, rng())
    assert torch.equal(torch.get_rng_state(), before)
    assert torch.equal(noisy, add_noise(x, 0.7, rng()))
    assert noisy.mean().item() == pytest.approx(2.0, abs=4 * 0.7 / 100)
    assert noisy.std().item() == pytest.approx(0.7, abs=4 * 0.7 / math.sqrt(20_000))


def test_every_note_belongs_to_a_setting_and_shows_its_source() -> None:
    assert set(PENALTIES) <= set(Experiment.model_fields)
    assert {"gp_weight", "r1_weight", "r2_weight", "weight_clip", "instance_noise"} <= set(PENALTIES)
    assert "def gradient_penalty(" in source(PENALTIES["gp_weight"])
    assert source(PENALTIES["spectral_norm"]) == ""
    assert all(getattr(penalties, f.__name__) is f for note in PENALTIES.values() for f in note.functions)

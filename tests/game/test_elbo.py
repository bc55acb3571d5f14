"""The terms of the evidence lower bound against PyTorch's distributions and SciPy's density, in float64."""

from __future__ import annotations

import math

import pytest
import torch
from scipy.stats import norm
from torch.distributions import Normal, kl_divergence

from ganlab.game.elbo import ELBO, gaussian_kl, gaussian_nll, least_nll, reparameterised


def drawn(*shape: int, seed: int = 0) -> torch.Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def test_kl_is_that_of_two_gaussians() -> None:
    mean, log_variance = 3 * drawn(7, 5), 2 * drawn(7, 5, seed=1)
    expected = kl_divergence(Normal(mean, (0.5 * log_variance).exp()), Normal(0.0, 1.0)).sum(1)
    assert torch.allclose(gaussian_kl(mean, log_variance), expected, rtol=1e-12)
    assert torch.equal(gaussian_kl(torch.zeros(3, 2), torch.zeros(3, 2)), torch.zeros(3))


def test_gradient_of_kl_has_its_closed_form() -> None:
    mean, log_variance = drawn(4, 3).requires_grad_(), drawn(4, 3, seed=1).requires_grad_()
    to_mean, to_log_variance = torch.autograd.grad(gaussian_kl(mean, log_variance).sum(), (mean, log_variance))
    assert torch.allclose(to_mean, mean)
    assert torch.allclose(to_log_variance, (log_variance.exp() - 1) / 2)


@pytest.mark.parametrize("shape", [(2,), (3, 4, 4)])
@pytest.mark.parametrize("std", [1e-3, 0.1, 2.0])
def test_reconstruction_is_minus_the_log_of_a_normal_density(shape: tuple[int, ...], std: float) -> None:
    x, again = drawn(6, *shape), drawn(6, *shape, seed=1)
    expected = -norm.logpdf(x.numpy(), again.numpy(), std).reshape(6, -1).sum(1)
    assert torch.allclose(gaussian_nll(x, again, std), torch.from_numpy(expected), rtol=1e-10)
    assert gaussian_nll(x, x, std)[0].item() == pytest.approx(least_nll(math.prod(shape), std))


def test_gradient_of_the_reconstruction_is_the_error_over_the_variance() -> None:
    x, again = drawn(6, 2), drawn(6, 2, seed=1).requires_grad_()
    (gradient,) = torch.autograd.grad(gaussian_nll(x, again, 0.3).sum(), again)
    assert torch.allclose(gradient, (again - x) / 0.09)


def test_latents_have_the_mean_and_spread_that_the_encoder_says_and_pass_gradients() -> None:
    mean = torch.full((200_000, 1), 2.0, requires_grad=True)
    log_variance = torch.full((200_000, 1), math.log(9.0), requires_grad=True)
    z = reparameterised(mean, log_variance, torch.Generator().manual_seed(0))
    assert z.mean().item() == pytest.approx(2.0, abs=0.03)
    assert z.std().item() == pytest.approx(3.0, abs=0.03)
    to_mean, to_log_variance = torch.autograd.grad(z.sum(), (mean, log_variance))
    assert torch.equal(to_mean, torch.ones_like(mean))
    assert torch.allclose(to_log_variance, (z - mean) / 2, atol=1e-5)


def test_minus_the_loss_bounds_the_evidence_of_a_linear_decoder_and_meets_it_at_the_true_posterior() -> None:
    """G(z) = w z: then x ~ N(0, w^2 + s^2), and z given x is a Gaussian that is known."""
    w, s, x = 1.7, 0.6, torch.tensor([[0.9]], dtype=torch.float64)
    variance = 1 / (1 + w**2 / s**2)
    posterior = variance * w / s**2 * x
    evidence = norm.logpdf(x.item(), 0, math.sqrt(w**2 + s**2))

    def bound(mean: torch.Tensor, variance: float) -> float:
        log_variance = torch.full_like(mean, math.log(variance))
        many = (100_000, 1)
        z = reparameterised(mean.expand(many), log_variance.expand(many), torch.Generator().manual_seed(0))
        return float(-(gaussian_nll(x.expand(many), w * z, s).mean() + gaussian_kl(mean, log_variance).mean()))

    assert bound(posterior, variance) == pytest.approx(evidence, abs=0.01)
    assert bound(posterior + 0.5, variance) < evidence - 0.1
    assert bound(posterior, 3 * variance) < evidence - 0.1


def test_each_term_has_a_formula_and_a_reference() -> None:
    for note in ELBO.values():
        assert note.formula and note.reference and note.functions

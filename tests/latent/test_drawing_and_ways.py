"""Latents have their distribution, and the ways between them their geometry."""

from __future__ import annotations

import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from ganlab.experiment import Experiment
from ganlab.latent import draw_latents, lerp, slerp

T = torch.linspace(0, 1, 11, dtype=torch.float64)


def rng(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


@pytest.mark.parametrize(("distribution", "deviation"), [("normal", 1.0), ("uniform", 1 / math.sqrt(3))])
def test_latents_have_their_distribution(distribution: str, deviation: float) -> None:
    before = torch.get_rng_state()
    z = draw_latents(5000, Experiment.of(latent_dim=4, latent_distribution=distribution), rng())
    assert torch.equal(torch.get_rng_state(), before)
    assert z.shape == (5000, 4)
    assert z.dtype == torch.float32
    assert z.mean().item() == pytest.approx(0, abs=4 * deviation / math.sqrt(20_000))
    assert z.std().item() == pytest.approx(deviation, rel=4 / math.sqrt(40_000))
    assert (z.abs().max() <= 1) == (distribution == "uniform")


@given(seed=st.integers(0, 2**31), dim=st.integers(1, 64))
def test_both_ways_lead_from_one_latent_to_the_other(seed: int, dim: int) -> None:
    a, b = torch.randn(2, dim, generator=rng(seed), dtype=torch.float64)
    for way in (lerp, slerp):
        path = way(a, b, T)
        assert path.shape == (11, dim)
        torch.testing.assert_close(path[[0, -1]], torch.stack((a, b)))
        torch.testing.assert_close(way(b, a, 1 - T), path)


def test_slerp_turns_evenly_at_constant_length() -> None:
    a, b = torch.tensor([2.0, 0.0], dtype=torch.float64), torch.tensor([0.0, 2.0], dtype=torch.float64)
    expected = 2 * torch.stack((torch.cos(T * math.pi / 2), torch.sin(T * math.pi / 2)), dim=1)
    torch.testing.assert_close(slerp(a, b, T), expected)


def test_lerp_cuts_through_the_middle() -> None:
    a, b = torch.tensor([2.0, 0.0]), torch.tensor([0.0, 2.0])
    torch.testing.assert_close(lerp(a, b, torch.tensor([0.5])), torch.tensor([[1.0, 1.0]]))


@pytest.mark.parametrize("other", [1.0, 3.0, -1.0])
def test_without_an_arc_of_its_own_slerp_goes_straight(other: float) -> None:
    a = torch.randn(5, generator=rng())
    torch.testing.assert_close(slerp(a, other * a, T.float()), lerp(a, other * a, T.float()))

"""The map of latents, and the ways through several of them."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from ganlab.experiment import Experiment
from ganlab.latent.drawing import on_map
from ganlab.latent.ways import Way, spline, step_lengths, walk

WAYS: tuple[Way, ...] = ("lerp", "slerp", "spline")


def points(n: int, dim: int = 6) -> torch.Tensor:
    return torch.randn(n, dim, generator=torch.Generator().manual_seed(n), dtype=torch.float64)


@pytest.mark.parametrize("way", WAYS)
@given(n=st.integers(2, 6), closed=st.booleans())
def test_a_walk_passes_every_point_and_a_closed_one_comes_home(way: Way, n: int, closed: bool) -> None:
    picked = points(n)
    legs = n if closed else n - 1
    path = walk(picked, way, 10 * legs + 1, closed=closed)
    expected = torch.cat([picked, picked[:1]]) if closed else picked
    torch.testing.assert_close(path[::10], expected)


def test_a_spline_is_smooth_where_straight_ways_have_corners() -> None:
    t = torch.linspace(0, 3, 3001, dtype=torch.float64)
    bend = spline(points(4), t).diff(dim=0).diff(dim=0).norm(dim=1) * 1000**2
    assert bend.max() < 20
    corner = walk(points(4), "lerp", 3001).diff(dim=0).diff(dim=0).norm(dim=1) * 1000**2
    assert corner.max() > 1000


def test_a_closed_spline_is_smooth_at_its_seam() -> None:
    path = walk(points(4), "spline", 4001, closed=True)
    torch.testing.assert_close(path[1] - path[0], path[-1] - path[-2], atol=1e-4, rtol=0)


def test_slerp_keeps_its_pace_on_the_sphere() -> None:
    a, b = torch.eye(5, dtype=torch.float64)[:2]
    steps = walk(torch.stack([a, b]), "slerp", 50).diff(dim=0).norm(dim=1)
    torch.testing.assert_close(steps, steps[:1].expand(49))


def test_step_lengths_are_root_mean_squares() -> None:
    images = torch.zeros(3, 1, 2, 2)
    images[1, 0, 0, 0] = 2.0
    assert step_lengths(images).tolist() == [1.0, 1.0]


def test_each_whole_place_of_the_map_has_its_own_latent() -> None:
    e = Experiment.of(latent_dim=8)
    y, x = torch.meshgrid(torch.arange(-4.0, 4), torch.arange(-4.0, 4), indexing="ij")
    z = on_map(x.flatten(), y.flatten(), e, seed=0)
    assert len(z.unique(dim=0)) == 64
    torch.testing.assert_close(on_map(torch.tensor([-3.0]), torch.tensor([2.0]), e, 0)[0], z[6 * 8 + 1])
    assert not torch.equal(on_map(torch.tensor([0.0]), torch.tensor([0.0]), e, 1), z[4 * 8 + 4 :][:1])


def test_latents_between_places_are_as_normal_as_draws() -> None:
    e = Experiment.of(latent_dim=256)
    x = torch.linspace(0, 12, 97)
    z = on_map(x, 0.37 * x + 0.5, e, seed=3)
    assert z.square().mean().item() == pytest.approx(1, abs=0.05)
    assert (z.square().mean(dim=1) - 1).abs().max() < 0.35


def test_the_map_is_continuous() -> None:
    e = Experiment.of(latent_dim=16)
    x = torch.linspace(-2, 2, 4001)
    assert on_map(x, torch.full_like(x, 0.5), e, 0).diff(dim=0).norm(dim=1).max() < 0.03

"""Planes through latent space."""

from __future__ import annotations

import torch

from ganlab.latent.planes import grid, orthonormal, plane_through, random_plane

EYE = torch.eye(2)


def test_random_planes_have_two_directions_at_right_angles() -> None:
    directions = random_plane(32, torch.Generator().manual_seed(0))
    torch.testing.assert_close(directions @ directions.T, EYE)


def test_a_plane_through_three_points_holds_them() -> None:
    points = torch.randn(3, 16, generator=torch.Generator().manual_seed(1))
    origin, directions = plane_through(points)
    torch.testing.assert_close(directions @ directions.T, EYE)
    inside = origin + (points - origin) @ directions.T @ directions
    torch.testing.assert_close(inside, points)


def test_a_grid_starts_at_the_top_left() -> None:
    latents = grid(torch.zeros(3), torch.eye(3)[:2], reach=2.0, side=5)
    assert latents.shape == (5, 5, 3)
    assert latents[0, 0].tolist() == [-2, 2, 0]
    assert latents[4, 3].tolist() == [1, -2, 0]


def test_in_one_dimension_the_plane_is_a_line() -> None:
    directions = orthonormal(torch.tensor([[3.0], [2.0]]))
    assert directions.tolist() == [[1.0], [0.0]]
    assert grid(torch.zeros(1), directions, 2.0, 5).flatten().tolist() == [-2, -1, 0, 1, 2]

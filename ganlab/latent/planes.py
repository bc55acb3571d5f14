"""Planes through latent space: two directions at right angles, and grids of latents on them."""

from __future__ import annotations

import torch
from torch import Tensor


def random_plane(latent_dim: int, rng: torch.Generator) -> Tensor:
    """Two random directions of length 1, at right angles, (2, latent_dim); all are equally likely."""
    return orthonormal(torch.randn(2, latent_dim, generator=rng, device=rng.device))


def orthonormal(directions: Tensor) -> Tensor:
    """Two directions (2, dim) as two of length 1 at right angles: the first keeps its own (Gram and Schmidt).

    What has no length, or is no direction of its own, becomes 0: in one dimension, the second.
    """
    first = _unit(directions[0])
    return torch.stack([first, _unit(directions[1] - (directions[1] @ first) * first)])


def plane_through(points: Tensor) -> tuple[Tensor, Tensor]:
    """The plane through three points (3, dim): their mean, and two directions in it (2, dim) as `orthonormal` gives."""
    return points.mean(dim=0), orthonormal(points[1:] - points[0])


def grid(origin: Tensor, directions: Tensor, reach: float, side: int) -> Tensor:
    """Latents on a square of the plane, (rows, side, dim): rows from the top, from -reach to reach along both.

    Where the second direction is 0, as with one latent dimension, there is one row.
    """
    axis = torch.linspace(-reach, reach, side, device=origin.device)
    up = axis.flip(0) if bool(directions[1].any()) else axis.new_zeros(1)
    return origin + axis[None, :, None] * directions[0] + up[:, None, None] * directions[1]


def _unit(direction: Tensor) -> Tensor:
    length = torch.linalg.vector_norm(direction)
    return direction / length if length > 1e-6 else torch.zeros_like(direction)

"""How a generator stretches and folds latent space: the singular values of its Jacobian."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

Generator = Callable[[Tensor], Tensor]


def jacobian(G: Generator, z: Tensor) -> Tensor:
    """dG/dz at each latent: z (n, latent_dim) -> (n, values of a sample, latent_dim).

    One forward-mode pass over n * latent_dim copies, each with its own direction of change: exact, and right for
    generators that treat the samples of a batch on their own, as all do in eval mode.
    """
    n, dim = z.shape
    copies = z.repeat_interleave(dim, dim=0)
    directions = torch.eye(dim, device=z.device).repeat(n, 1)
    with torch.no_grad():
        change: Tensor = torch.func.jvp(G, (copies,), (directions,))[1]
    found: Tensor = change.flatten(1).view(n, dim, -1).transpose(1, 2)
    return found


def stretches(G: Generator, z: Tensor) -> Tensor:
    """The Jacobian's singular values at each latent, the largest first: (n, min(values of a sample, latent_dim))."""
    values: Tensor = torch.linalg.svdvals(jacobian(G, z))
    return values


def log_volume(singular_values: Tensor) -> Tensor:
    """The logarithm of how much G magnifies volume at each latent: (n, k) -> (n,).

    The sum of the logarithms of the k singular values: log sqrt(det J'J) where a sample has more values than the
    latent. It falls where G folds latents onto one another; a value of 0 counts as the smallest that float32 has.
    """
    return singular_values.clamp_min(torch.finfo(torch.float32).tiny).log().sum(dim=1)

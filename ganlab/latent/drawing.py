"""Drawing latents: by chance, and on a map on which every latent has its place."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import torch
from torch import Tensor

from ganlab.experiment import Experiment, is_conditional
from ganlab.experiment.codes import draw_codes


def draw_noise(n: int, e: Experiment, rng: torch.Generator) -> Tensor:
    """n latents z, float32, (n, latent_dim), on the generator's device: N(0, 1), or uniform on [-1, 1]."""
    z = torch.empty(n, e.latent_dim, device=rng.device)
    return z.normal_(generator=rng) if e.latent_distribution == "normal" else z.uniform_(-1, 1, generator=rng)


def draw_latents(n: int, e: Experiment, rng: torch.Generator, classes: Tensor | None = None) -> Tensor:
    """n inputs of G, float32, (n, input_dim), on the generator's device: noise, and nothing else in most runs.

    In conditional ones these classes (n,), or any, and codes stand beside it: see `ganlab.experiment.codes`.
    """
    z = draw_noise(n, e, rng)
    return torch.cat([z, draw_codes(n, e, rng, classes)], dim=1) if is_conditional(e) else z


def on_map(x: Tensor, y: Tensor, e: Experiment, seed: int) -> Tensor:
    """The latents at places (n,) of an endless map: every whole (x, y) has a draw of its own; (n, latent_dim).

    Between four of them lies their mixture, weighted as in bilinear interpolation. For normal latents the weights are
    divided by the root of their squares' sum, so that a latent from anywhere on the map is as N(0, 1) as a draw.
    """
    left, below = x.floor(), y.floor()
    mixed, squares = torch.zeros(len(x), e.latent_dim), torch.zeros(len(x), 1)
    for right in (0, 1):
        for above in (0, 1):
            weight = (1 - (x - left - right).abs()) * (1 - (y - below - above).abs())
            mixed += weight[:, None] * _at_whole_places(left + right, below + above, e, seed)
            squares += weight[:, None] ** 2
    return mixed / squares.sqrt() if e.latent_distribution == "normal" else mixed


def _at_whole_places(x: Tensor, y: Tensor, e: Experiment, seed: int) -> Tensor:
    places, which = torch.unique(torch.stack([x, y], 1).long(), dim=0, return_inverse=True)
    return torch.cat([_drawn_at(i, j, e, seed) for i, j in places.tolist()])[which]


@lru_cache(maxsize=4096)
def _drawn_at(i: int, j: int, e: Experiment, seed: int) -> Tensor:
    # Seeds are whole numbers from 0 on: places with negative coordinates take the odd ones.
    key = [seed, *(2 * k if k >= 0 else -2 * k - 1 for k in (i, j))]
    rng = torch.Generator().manual_seed(int(np.random.SeedSequence(key).generate_state(1, np.uint64)[0] >> 1))
    return draw_noise(1, e, rng)

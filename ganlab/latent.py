"""The generator's input space: drawing latents, and ways from one latent to another."""

from __future__ import annotations

import torch
from torch import Tensor

from ganlab.experiment import Experiment


def draw_latents(n: int, e: Experiment, rng: torch.Generator) -> Tensor:
    """n latents z, float32, (n, latent_dim), on the generator's device: N(0, 1), or uniform on [-1, 1]."""
    z = torch.empty(n, e.latent_dim, device=rng.device)
    return z.normal_(generator=rng) if e.latent_distribution == "normal" else z.uniform_(-1, 1, generator=rng)


def lerp(a: Tensor, b: Tensor, t: Tensor) -> Tensor:
    """The straight way from a to b: a, b (latent_dim,) and t (steps,) in [0, 1] -> (steps, latent_dim)."""
    t = t.unsqueeze(1)
    return (1 - t) * a + t * b


def slerp(a: Tensor, b: Tensor, t: Tensor) -> Tensor:
    """The way from a to b along the arc between their directions (Shoemake 1985; White 2016, section 2.1).

    It keeps to lengths that Gaussian latents have, where the straight way cuts through the rarely seen
    middle. a, b (latent_dim,) and t (steps,) in [0, 1] -> (steps, latent_dim). Parallel and opposite
    latents (in one dimension, all) have no one arc between them: there the way is straight.
    """
    cosine = torch.nn.functional.cosine_similarity(a, b, dim=0).clamp(-1, 1)
    angle = torch.acos(cosine)
    if torch.sin(angle) < 1e-3:
        return lerp(a, b, t)
    t = t.unsqueeze(1)
    return (torch.sin((1 - t) * angle) * a + torch.sin(t * angle) * b) / torch.sin(angle)

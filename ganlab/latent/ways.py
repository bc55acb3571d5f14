"""Ways from one latent to another, and through several."""

from __future__ import annotations

from itertools import pairwise
from typing import Literal

import torch
from torch import Tensor

Way = Literal["lerp", "slerp", "spline"]


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


def spline(points: Tensor, t: Tensor, *, closed: bool = False) -> Tensor:
    """The smooth way through all points (n, latent_dim), n >= 2: a cubic spline with knots at 0, 1, ..., n - 1.

    t (steps,) in [0, n - 1] -> (steps, latent_dim). A closed one begins and ends at the same point, and passes it as
    smoothly as the others; an open one has no curvature at its ends.
    """
    from scipy.interpolate import CubicSpline  # training, which draws latents, need not wait for it

    values = points.detach().cpu().double().numpy()
    curve = CubicSpline(range(len(values)), values, bc_type="periodic" if closed else "natural")
    return torch.from_numpy(curve(t.cpu().double().numpy())).to(points)


def walk(points: Tensor, way: Way, steps: int, *, closed: bool = False) -> Tensor:
    """`steps` latents at even steps of the way through the points (n, latent_dim), n >= 2: (steps, latent_dim).

    A closed way goes back to the first point, which is then its last latent too.
    """
    if closed:
        points = torch.cat([points, points[:1]])
    t = torch.linspace(0, len(points) - 1, steps, device=points.device, dtype=points.dtype)
    if way == "spline":
        return spline(points, t, closed=closed)
    between = lerp if way == "lerp" else slerp
    legs = t.floor().long().clamp(max=len(points) - 2)
    found = [between(a, b, t[legs == leg] - leg) for leg, (a, b) in enumerate(pairwise(points))]
    return torch.cat(found)


def step_lengths(samples: Tensor) -> Tensor:
    """How far each sample (n, *shape) is from the one before: root mean square of the values' differences, (n - 1,).

    Even steps in the latent that give uneven ones here show where G jumps. The perceptual path length (Karras et al.
    2019, section 4.1) is the mean of such steps squared, measured on a trained network's features, not on pixels.
    """
    return (samples[1:] - samples[:-1]).flatten(1).square().mean(dim=1).sqrt()

"""Truncation: moves latents, or styles, closer to their mean. Quality rises and variety falls."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import Tensor, nn

from ganlab.networks.stylegan import StyleGANGenerator

MEAN_OF = 1000  # styles whose mean stands for the mean of all


@contextmanager
def truncated(generator: nn.Module, psi: float, draws: Tensor) -> Iterator[None]:
    """Inside, the generator's inputs are scaled towards their mean by psi: 1 changes nothing, 0 leaves the mean.

    A style-based generator's styles move towards the mean style: w' = mean + psi (w - mean) (Karras et al. 2019,
    appendix B), the mean being that of `draws` (n, latent_dim). Others' latents shrink: z' = psi z, whose mean is 0.
    """
    if psi == 1:
        yield
        return
    if isinstance(generator, StyleGANGenerator):
        with torch.no_grad():
            mean = generator.mapping(draws).mean(dim=0)
        hook = generator.mapping.register_forward_hook(lambda _, __, w: mean + psi * (w - mean))
    else:
        hook = generator.register_forward_pre_hook(lambda _, inputs: (psi * inputs[0],))
    try:
        yield
    finally:
        hook.remove()

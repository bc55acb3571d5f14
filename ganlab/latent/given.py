"""A generator that is given a class or codes, as a function of its noise alone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import Tensor, nn


@contextmanager
def given(generator: nn.Module, codes: Tensor) -> Iterator[None]:
    """Within the block, the generator takes noise (n, latent_dim) and adds these codes (1, width); width may be 0."""
    hook = generator.register_forward_pre_hook(
        lambda _, inputs: (torch.cat([inputs[0], codes.expand(len(inputs[0]), -1)], dim=1),)
    )
    try:
        yield
    finally:
        hook.remove()

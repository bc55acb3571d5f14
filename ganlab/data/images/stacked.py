"""Stacked digits: three digits as the red, green and blue of one image, so that there are 1000 modes.

Srivastava et al. 2017 (VEEGAN) and Lin et al. 2018 (PacGAN) stack MNIST's. Here the class of each digit is
drawn first, so that every mode is exactly as likely as every other.
"""

from __future__ import annotations

import torch
from torch import Tensor

from ganlab.data.base import Collection, DataSpec, Distribution

DIGITS = 10
MODES = DIGITS**3


def stacked(digits: Collection) -> Distribution:
    """Images (n, 3, size, size) of three digits each, drawn afresh from labelled grey digits (1, size, size)."""
    assert digits.classes is not None
    by_class = digits.classes.argsort(stable=True)
    count = torch.bincount(digits.classes, minlength=DIGITS)
    first = count.cumsum(0) - count
    _, height, width = digits.spec.shape

    def draw(n: int, rng: torch.Generator) -> Tensor:
        classes = torch.randint(DIGITS, (n * 3,), generator=rng)
        members = torch.rand(n * 3, generator=rng, dtype=torch.float64) * count[classes]
        return digits.take(by_class[first[classes] + members.long()]).view(n, 3, height, width)

    return Distribution(DataSpec((3, height, width), None, extent=1.0), draw)


def mode_number(classes: Tensor) -> Tensor:
    """The number of the mode, (n,), 0 to 999, from the classes of the three digits (n, 3): red, green, blue."""
    return classes @ torch.tensor([DIGITS**2, DIGITS, 1])

"""What every data set offers: its shape, how many samples there are, and batches of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor


@dataclass(frozen=True)
class DataSpec:
    """What a data set's samples look like.

    Attributes:
        shape: of one sample: (1,), (2,) or (channels, height, width).
        size: how many samples there are; None where each is drawn afresh.
        extent: the largest |coordinate| a plot should show; images' pixels lie in [-1, 1].
        centres, sigma: the known modes (modes, dimension) and their standard deviation, or None.
        labels: the names of the classes, () where there are none.
    """

    shape: tuple[int, ...]
    size: int | None
    extent: float
    centres: NDArray[np.float64] | None = None
    sigma: float | None = None
    labels: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Distribution:
    """Data of which there is always more: `draw(n, rng)` gives n fresh samples, float32, (n, *shape).

    Attributes:
        kernels: centres (k, dimension) and standard deviation of equally likely Gaussians whose sum is the
            density, exactly for a mixture, closely for a curve; None where the density is not known.
        draw_labelled: the same samples as `draw`, and their classes (n,); None where there are none.
    """

    spec: DataSpec
    draw: Callable[[int, torch.Generator], Tensor]
    kernels: tuple[NDArray[np.float64], float] | None = None
    draw_labelled: Callable[[int, torch.Generator], tuple[Tensor, Tensor]] | None = None


@dataclass(frozen=True, eq=False)
class Collection:
    """A fixed set of samples: `values` (size, *shape), float32 or, for pixels, uint8; `classes` (size,) or None."""

    spec: DataSpec
    values: Tensor
    classes: Tensor | None = None

    def take(self, indices: Tensor) -> Tensor:
        """The samples with these indices, float32, (n, *shape); bytes 0 to 255 become pixels in [-1, 1]."""
        values = self.values.index_select(0, indices)
        return values.float().div_(127.5).sub_(1) if values.dtype == torch.uint8 else values


Dataset = Distribution | Collection

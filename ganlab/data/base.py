"""What every data set offers: its shape, how many samples there are, and batches of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor


@dataclass(frozen=True)
class Units:
    """How a person's numbers became what is trained on: x = (value - centre) / scale, axis by axis.

    Attributes:
        names: of the axes, () if nobody named them.
    """

    centre: tuple[float, ...]
    scale: tuple[float, ...]
    names: tuple[str, ...] = ()

    def restored(self, x: Tensor) -> Tensor:
        """Returns trained coordinates (n, dimension) in the units of the person's own numbers."""
        return x * torch.tensor(self.scale).to(x) + torch.tensor(self.centre).to(x)

    def distance(self, a: Tensor, b: Tensor) -> Tensor:
        """Returns how far values are apart, less what rounding to 32 bits explains, (n, dimension)."""
        rounding = 4 * torch.finfo(torch.float32).eps * torch.tensor(self.centre).abs()
        return ((a - b).abs() - rounding).clamp(min=0) / torch.tensor(self.scale)

    def __str__(self) -> str:
        scales = self.scale if len(set(self.scale)) > 1 else self.scale[:1]
        return f"x = (value - {_formatted(self.centre)}) / {_formatted(scales)}"


def _formatted(numbers: tuple[float, ...]) -> str:
    told = ", ".join(f"{number:.4g}" for number in numbers)
    return told if len(numbers) == 1 else f"({told})"


@dataclass(frozen=True)
class DataSpec:
    """What a data set's samples look like.

    Attributes:
        shape: of one sample: (1,), (2,) or (channels, height, width).
        size: how many samples there are; None where each is drawn afresh.
        extent: the largest |coordinate| a plot should show; images' pixels lie in [-1, 1].
        centres, sigma: the known modes (modes, dimension) and their standard deviation, or None.
        labels: the names of the classes, () where there are none.
        units: of a person's own points, the numbers that they handed in; None where there are none but the trained.
    """

    shape: tuple[int, ...]
    size: int | None
    extent: float
    centres: NDArray[np.float64] | None = None
    sigma: float | None = None
    labels: tuple[str, ...] = ()
    units: Units | None = None


@dataclass(frozen=True, eq=False)
class Distribution:
    """Data without end: `draw(n, rng)` returns n new samples, float32, (n, *shape).

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

"""Distributions of points in one and two dimensions, each drawn afresh for every batch.

Ring and grid are those of the papers on mode collapse: 8 Gaussians on the unit circle with standard deviation
0.01, and 25 on {-4, -2, 0, 2, 4}^2 with 0.05 (Srivastava et al. 2017, VEEGAN; Lin et al. 2018, PacGAN).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from functools import lru_cache

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ganlab.data.base import Collection, Dataset, DataSpec, Distribution

SPINE = 4096  # points that stand for a whole curve: far closer to each other than the noise is wide
KERNEL_BINS = 1024


def mixture(centres: NDArray[np.float64], sigma: float, extent: float) -> Distribution:
    """Equally likely Gaussians around the centres (modes, dimension), all with the same standard deviation.

    The classes are the modes.
    """
    modes, dimension = centres.shape
    table = torch.tensor(centres, dtype=torch.float32)

    def draw_labelled(n: int, rng: torch.Generator) -> tuple[Tensor, Tensor]:
        mode = torch.randint(modes, (n,), generator=rng)
        return torch.empty(n, dimension).normal_(0, sigma, generator=rng).add_(table.index_select(0, mode)), mode

    def draw(n: int, rng: torch.Generator) -> Tensor:
        return draw_labelled(n, rng)[0]

    labels = tuple(str(mode + 1) for mode in range(modes))
    spec = DataSpec((dimension,), None, extent, centres, sigma, labels)
    return Distribution(spec, draw, (centres, sigma), draw_labelled)


def curve(along: Callable[[Tensor], Tensor], sigma: float, extent: float) -> Distribution:
    """Points spread over a curve, `along`: (n,) in [0, 1) -> (n, 2), with Gaussian noise around it."""

    def draw(n: int, rng: torch.Generator) -> Tensor:
        position = torch.rand(n, generator=rng)
        return torch.empty(n, 2).normal_(0, sigma, generator=rng).add_(along(position))

    spine = along((torch.arange(SPINE, dtype=torch.float64) + 0.5) / SPINE).numpy()
    return Distribution(DataSpec((2,), None, extent), draw, (spine, sigma))


def polar(radius: Tensor | float, angle: Tensor) -> Tensor:
    """(n,) radii and angles -> (n, 2) points."""
    return torch.stack((angle.cos(), angle.sin()), dim=1) * torch.as_tensor(radius).reshape(-1, 1)


def circle_of(modes: int, radius: float, turn: float = 0.0) -> NDArray[np.float64]:
    """(modes, 2) centres, evenly spaced on a circle from the angle `turn` on."""
    angles = turn + 2 * np.pi * np.arange(modes) / modes
    return radius * np.stack((np.cos(angles), np.sin(angles)), axis=1)


def grid_of(side: NDArray[np.float64]) -> NDArray[np.float64]:
    """(len(side)^2, 2) centres: all pairs of these coordinates."""
    return np.stack(np.meshgrid(side, side, indexing="ij"), axis=-1).reshape(-1, 2)


def along_line(t: Tensor) -> Tensor:
    """From (-1, -1) to (1, 1)."""
    return (2 * t - 1).unsqueeze(1).expand(-1, 2)


def along_circle(t: Tensor) -> Tensor:
    """Once round the unit circle."""
    return polar(1.0, 2 * math.pi * t)


def along_moons(t: Tensor) -> Tensor:
    """Two half circles that reach into each other, as many points on either."""
    upper = t < 0.5
    half = polar(1.0, 2 * math.pi * t)  # t below 0.5 is the upper half of the circle, the rest the lower
    shift = torch.tensor([0.5, 0.25])
    return half + torch.where(upper.unsqueeze(1), -shift, shift)


def along_spiral(t: Tensor) -> Tensor:
    """An Archimedean spiral of two turns, as many points on each bit of its length (nearly)."""
    turns = t.sqrt()  # the length up to an angle grows with the angle's square
    return polar(turns, 4 * math.pi * turns)


def point_at_0() -> Distribution:
    """The data of the Dirac game: every sample is 0 (Mescheder et al. 2018, section 2)."""
    return Distribution(DataSpec((1,), None, extent=2.0), lambda n, rng: torch.zeros(n, 1))


POINTS: Mapping[str, Callable[[], Dataset]] = {
    "ring": lambda: mixture(circle_of(8, radius=1.0), sigma=0.01, extent=1.5),
    "grid": lambda: mixture(grid_of(np.array([-4.0, -2.0, 0.0, 2.0, 4.0])), sigma=0.05, extent=5.0),
    "two_gaussians": lambda: mixture(np.array([[-1.0, 0.0], [1.0, 0.0]]), sigma=0.2, extent=2.0),
    "blobs": lambda: mixture(circle_of(3, radius=1.0, turn=np.pi / 2), sigma=0.15, extent=2.0),
    "mixture_1d": lambda: mixture(np.array([[-1.0], [1.0]]), sigma=0.3, extent=3.0),
    "dirac": point_at_0,
    "line": lambda: curve(along_line, sigma=0.02, extent=1.5),
    "circle": lambda: curve(along_circle, sigma=0.02, extent=1.5),
    "moons": lambda: curve(along_moons, sigma=0.05, extent=2.0),
    "spiral": lambda: curve(along_spiral, sigma=0.02, extent=1.5),
}


def density_1d(dataset: Dataset, x: NDArray[np.float64]) -> NDArray[np.float64]:
    """The density of data in one dimension at x (n,): known for a mixture, estimated for a collection.

    The estimate is a sum of Gaussians as wide as Silverman's rule says (1986, equation 3.31).

    Raises:
        ValueError: the data are not in one dimension.
    """
    if dataset.spec.shape != (1,):
        raise ValueError(f"Only one-dimensional data have a density, not data of shape {dataset.spec.shape}.")
    kernels = dataset.kernels if isinstance(dataset, Distribution) else None
    if kernels is not None:
        centres, weights, sigma = kernels[0][:, 0], None, kernels[1]
    else:
        centres, weights, sigma = _kernels_of(dataset)
    heights = np.exp(-0.5 * ((x[:, None] - centres[None, :]) / sigma) ** 2)
    density: NDArray[np.float64] = np.average(heights, axis=1, weights=weights) / (sigma * math.sqrt(2 * math.pi))
    return density


@lru_cache(maxsize=8)  # a live view asks several times a second
def _kernels_of(dataset: Dataset) -> tuple[NDArray[np.float64], NDArray[np.float64], float]:
    """Centres, weights and width of the Gaussians that estimate a collection's density, values binned finely."""
    assert isinstance(dataset, Collection)
    values = dataset.values[:, 0].double().numpy()
    quartiles = np.subtract(*np.percentile(values, [75, 25])) / 1.34
    spread = min(filter(None, (float(values.std()), float(quartiles))), default=1.0)
    counts, edges = np.histogram(values, KERNEL_BINS)
    return (edges[1:] + edges[:-1]) / 2, counts.astype(np.float64), 0.9 * spread * len(values) ** -0.2

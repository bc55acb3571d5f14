"""Which images can be read as one of the classes: a classifier alone names every picture, noise included.

Two questions are asked of an image, and both are calibrated on real images that were held out. Is there a real image
as near to it as real images are to each other? And is it clearly nearer to one class than to the next?
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

NEAR = 0.99  # share of real held-out images that are as near to another real one as is asked
CLEAR = 0.98  # share of them that lie as clearly in one class as is asked
CHUNK = 2048  # images compared together
MOST = 4_000  # real images that others are compared with


@dataclass(frozen=True, eq=False)
class Legibility:
    """Real images to compare others with, and how near is near.

    Attributes:
        images: flattened, (n, features); classes: of each, (n,).
        farthest: the largest distance to the nearest of them that a legible image has.
        least_clear: the largest ratio of its distances to the nearest class and to the next.
        refused: the share of real held-out images that are not legible by this.
    """

    images: Tensor
    classes: Tensor
    farthest: float = float("inf")
    least_clear: float = float("inf")
    refused: float = 0.0

    def legible(self, images: Tensor, named: Tensor) -> Tensor:
        """Which of these images (n, *shape) can be read as the class that each was named, (n,) bool."""
        distance, ratio, nearest = self.measured(images)
        return (distance <= self.farthest) & (ratio <= self.least_clear) & (nearest == named)

    def measured(self, images: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """For each image its distance to the nearest real one, its ratio of distances, and the nearest class."""
        known = torch.unique(self.classes)
        parts = []
        for some in torch.split(images.flatten(1), CHUNK):
            distances = torch.cdist(some, self.images)
            by_class = torch.stack([distances[:, self.classes == each].amin(dim=1) for each in known], dim=1)
            nearest, which = by_class.sort(dim=1)
            ratio = nearest[:, 0] / nearest[:, 1].clamp_min(1e-12) if len(known) > 1 else torch.zeros(len(some))
            parts.append((nearest[:, 0], ratio, known[which[:, 0]]))
        distance, ratio, of_class = (torch.cat(part) for part in zip(*parts, strict=True))
        return distance, ratio, of_class


def calibrated(images: Tensor, classes: Tensor, held_out: Tensor, named: Tensor) -> Legibility:
    """Compare with these images (n, *shape) of these classes (n,); `named` is what each held-out image was named."""
    untried = Legibility(images[:MOST].flatten(1), classes[:MOST])
    distance, ratio, _ = untried.measured(held_out)
    limits = float(torch.quantile(distance, NEAR)), float(torch.quantile(ratio, CLEAR))
    tried = Legibility(untried.images, untried.classes, *limits)
    refused = 1 - float(tried.legible(held_out, named).double().mean())
    return Legibility(tried.images, tried.classes, *limits, refused)

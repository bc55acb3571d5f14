"""The images that need no download: those that come with GanLab or a library of it, and those that it draws."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from ganlab.data.base import Collection
from ganlab.data.images.digits import OWN_SIZE as DIGITS_SIZE
from ganlab.data.images.digits import digits
from ganlab.data.images.mnist import OWN_SIZE as MNIST_SIZE
from ganlab.data.images.mnist import mnist_10k
from ganlab.data.images.shapes import OWN_SIZE as SHAPES_SIZE
from ganlab.data.images.shapes import shapes


@dataclass(frozen=True)
class Shipped:
    """A set of images: how many colours they have, their own size, and what reads or draws them at any size."""

    channels: int
    own_size: int
    at_size: Callable[[int], Collection]


SHIPPED: Mapping[str, Shipped] = {
    "mnist_10k": Shipped(1, MNIST_SIZE, mnist_10k),
    "digits": Shipped(1, DIGITS_SIZE, digits),
    "shapes": Shipped(3, SHAPES_SIZE, shapes),
}

"""A small classifier, trained here in seconds on the labelled images at hand, for metrics that need one.

It names the modes of stacked digits, and its last hidden layer serves as features for distances.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from ganlab.data import Collection
from ganlab.metrics.legibility import Legibility, calibrated
from ganlab.networks.init import built

FEATURES = 128
MOST_IMAGES = 12_000  # to learn from, and to hold out: beyond, accuracy rises little and waiting much
SEEN = 30_000  # images that training goes through, some of them many times
HELD_OUT = 0.2  # of the images, on which the accuracy is measured
BATCH = 64
LEARNING_RATE = 2e-3
LARGEST = 32  # pixels a side that are looked at
CHUNK = 1024  # images classified together
UNREADABLE = -1  # in place of the class of an image that shows none


class SmallCNN(nn.Module):
    """Two strided convolutions, one hidden layer of 128, and a score for each class: textbook, for any size.

    Images of more than 32 pixels are averaged down to 32, so that none takes much longer.

    x (batch, channels, side, side) -> logits (batch, classes)
    """

    def __init__(self, shape: tuple[int, ...], classes: int) -> None:
        super().__init__()
        channels, height, _ = shape
        shrunk = min(height, LARGEST)
        stride = 2 if shrunk > 8 else 1
        side = math.ceil(math.ceil(shrunk / stride) / 2)
        self.features = nn.Sequential(
            nn.AdaptiveAvgPool2d(shrunk) if shrunk < height else nn.Identity(),
            nn.Conv2d(channels, 16, kernel_size=3, stride=stride, padding=1),
            nn.ReLU(),
            nn.Conv2d(16, 32, kernel_size=3, stride=2, padding=1),
            nn.ReLU(),
            nn.Flatten(),
            nn.Linear(32 * side * side, FEATURES),
            nn.ReLU(),
        )
        self.scores = nn.Linear(FEATURES, classes)

    def forward(self, x: Tensor) -> Tensor:
        logits: Tensor = self.scores(self.features(x))
        return logits


@dataclass(frozen=True, eq=False)
class Classifier:
    """A trained network, its accuracy on images that it was not trained on (0 to 1), and which images it may name."""

    network: SmallCNN
    accuracy: float
    held_out: int  # images that the accuracy was measured on
    legibility: Legibility

    def classes(self, images: Tensor) -> Tensor:
        """The likeliest class of each image, whatever it shows: (n, *shape) -> (n,)."""
        return _in_chunks(self.network, images).argmax(dim=1)

    def read(self, images: Tensor) -> Tensor:
        """The class of each image that can be read as one, UNREADABLE for the others: (n, *shape) -> (n,)."""
        named = self.classes(images)
        return torch.where(self.legibility.legible(images, named), named, UNREADABLE)

    def features(self, images: Tensor) -> Tensor:
        """The activations of the last hidden layer, (n, 128)."""
        return _in_chunks(self.network.features, images)


def untrained(shape: tuple[int, ...], seed: int = 0) -> nn.Module:
    """The classifier's layers up to its features, with random weights that follow from the seed."""
    return _small_cnn(shape, 1, torch.Generator().manual_seed(seed)).features.requires_grad_(False)


def train_classifier(data: Collection, seed: int = 0, go_on: Callable[[], bool] = lambda: True) -> Classifier:
    """Train on four fifths of the labelled images, measure on the rest; the seed decides everything.

    Raises:
        ValueError: the images have no classes.
        InterruptedError: `go_on`, asked before every step, said no.
    """
    if data.classes is None:
        raise ValueError("A classifier needs images whose classes are known.")
    rng = torch.Generator().manual_seed(seed)
    order = torch.randperm(len(data.values), generator=rng)[:MOST_IMAGES]
    held_out, kept = order.tensor_split([max(1, int(HELD_OUT * len(order)))])
    images, classes = data.take(kept), data.classes[kept]

    network = _small_cnn(data.spec.shape, int(data.classes.max()) + 1, rng)
    optimizer = torch.optim.Adam(network.parameters(), lr=LEARNING_RATE)
    steps = SEEN // BATCH
    decay = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: 1 - step / steps)
    for _ in range(steps):
        if not go_on():
            raise InterruptedError("The classifier's training was stopped.")
        some = torch.randint(len(kept), (BATCH,), generator=rng)
        optimizer.zero_grad()
        F.cross_entropy(network(images[some]), classes[some]).backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        decay.step()
    network.requires_grad_(False)
    unseen = data.take(held_out)
    named = _in_chunks(network, unseen).argmax(dim=1)
    accuracy = float((named == data.classes[held_out]).double().mean())
    return Classifier(network, accuracy, len(held_out), calibrated(images, classes, unseen, named))


def _small_cnn(shape: tuple[int, ...], classes: int, rng: torch.Generator) -> SmallCNN:
    network = built(lambda: SmallCNN(shape, classes), "default", rng)
    assert isinstance(network, SmallCNN)
    return network


@torch.no_grad()
def _in_chunks(network: nn.Module, images: Tensor) -> Tensor:
    return torch.cat([network(some) for some in torch.split(images, CHUNK)])

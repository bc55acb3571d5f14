"""Digits are scikit-learn's and MNIST's; shapes are what their formulas say, from a seed."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
import torch
from sklearn.datasets import load_digits

from ganlab.data import Collection, load
from ganlab.data.images.shapes import SHAPES, shapes
from ganlab.experiment import Experiment


def images(**values: Any) -> Collection:
    dataset = load(Experiment.of(**values))
    assert isinstance(dataset, Collection)
    return dataset


def everything(data: Collection) -> torch.Tensor:
    return data.take(torch.arange(len(data.values)))


def test_digits_are_the_real_ones_from_minus_one_to_one() -> None:
    data, table = images(data="digits"), load_digits()
    assert data.spec.shape == (1, 8, 8)
    assert data.spec.size == 1797
    assert data.classes is not None
    np.testing.assert_array_equal((everything(data)[:, 0].numpy() + 1) * 8, table.images)
    np.testing.assert_array_equal(data.classes, table.target)
    assert data.spec.labels == tuple("0123456789")


@pytest.mark.parametrize("name", ["mnist_10k", "digits", "shapes"])
@pytest.mark.parametrize("size", [8, 16, 28, 32, 64, 100])
def test_images_come_in_every_size(name: str, size: int) -> None:
    data = images(data=name, image_size=size)
    channels = {"mnist_10k": 1, "digits": 1, "shapes": 3}[name]
    batch = data.take(torch.arange(100))
    assert batch.shape == (100, channels, size, size)
    assert data.spec.shape == batch.shape[1:]
    assert batch.dtype == torch.float32
    assert -1 <= batch.min() < batch.max() <= 1


def test_ten_thousand_digits_of_mnist_come_with_it() -> None:
    data = images(data="mnist_10k")
    assert data.values.shape == (10_000, 1, 28, 28)
    assert data.values.dtype == torch.uint8
    assert (data.values.min(), data.values.max()) == (0, 255)
    assert len(torch.unique(data.values.flatten(1), dim=0)) == 10_000
    assert data.classes is not None
    assert torch.bincount(data.classes).tolist() == [1001, 1127, 991, 1032, 980, 863, 1014, 1070, 944, 978]


def test_they_lie_as_mnist_does() -> None:
    """LeCun et al. 1998: a digit fits into 20x20 pixels, and its centre of mass is in the middle of the 28x28."""
    ink = images(data="mnist_10k").values[:, 0].double()
    for axis in (1, 2):
        profile = ink.sum(dim=axis)
        centre = (profile * (torch.arange(28) + 0.5)).sum(dim=1) / profile.sum(dim=1)
        assert (centre - 14).abs().max() < 1
        inked = profile > 0
        first, last = inked.int().argmax(dim=1), 27 - inked.flip(1).int().argmax(dim=1)
        assert (last - first + 1).max() <= 20


def test_digits_keep_their_ink_when_enlarged() -> None:
    small, large = images(data="digits"), images(data="digits", image_size=32)
    assert everything(large).mean().item() == pytest.approx(everything(small).mean().item(), abs=0.02)


def test_data_are_loaded_once() -> None:
    assert load(Experiment(data="shapes", seed=1)) is load(Experiment(data="shapes", seed=2))


def test_shapes_follow_from_their_seed() -> None:
    one, again, other = shapes(count=64, seed=1), shapes(count=64, seed=1), shapes(count=64, seed=2)
    assert torch.equal(one.values, again.values)
    assert not torch.equal(one.values, other.values)


def test_shapes_vary_and_their_classes_are_known() -> None:
    data = shapes()
    assert data.values.dtype == torch.uint8
    assert data.classes is not None
    assert data.spec.labels == tuple(SHAPES)
    assert torch.bincount(data.classes).min() > 0.17 * 4096  # a fifth each, less 5 standard deviations
    assert len(torch.unique(data.values.flatten(1), dim=0)) == 4096


def test_shapes_never_touch_the_edge_and_are_soft_at_their_own() -> None:
    pixels = shapes(count=256).values
    border = torch.cat((pixels[..., 0, :], pixels[..., -1, :], pixels[..., :, 0], pixels[..., :, -1]), dim=-1)
    assert torch.equal(border, border[..., :1].expand_as(border))
    colours = [len(torch.unique(image.flatten(1), dim=1).T) for image in pixels]
    assert min(colours) > 4  # more than shape and ground: the edge's pixels lie between


AREAS = {
    "circle": math.pi,
    "square": 2.0,
    "triangle": 3 * math.sqrt(3) / 4,
    "star": 5 * 0.45 * math.sin(math.pi / 5),
    "ring": math.pi * (1 - 0.5**2),
}


@pytest.mark.parametrize("name", SHAPES)
def test_shapes_cover_the_area_that_geometry_gives(name: str) -> None:
    side = (np.arange(1000) + 0.5) / 400 - 1.25
    x, y = np.meshgrid(side, side)
    inside = SHAPES[name](x, y) < 0
    assert inside.mean() * 2.5**2 == pytest.approx(AREAS[name], rel=2e-3)

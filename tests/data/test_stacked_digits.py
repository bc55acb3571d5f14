"""Stacked digits: every mode as likely as every other, and each channel a digit of the class it should be."""

from __future__ import annotations

import math

import pytest
import torch

from ganlab.data import Distribution, load, shape_of
from ganlab.data.images.digits import digits
from ganlab.data.images.stacked import MODES, mode_number, stacked
from ganlab.experiment import Experiment


def modes_of(images: torch.Tensor) -> torch.Tensor:
    """The modes of images stacked from the shipped digits, found by looking each channel up."""
    table = digits()
    assert table.classes is not None
    known = table.take(torch.arange(len(table.values))).flatten(1)
    nearest = torch.cdist(images.flatten(0, 1).flatten(1), known).argmin(dim=1)
    return mode_number(table.classes[nearest].view(-1, 3))


def drawn(n: int, seed: int = 0, size: int = 0) -> torch.Tensor:
    dataset = load(Experiment.of(data="stacked_digits", image_size=size))
    assert isinstance(dataset, Distribution)
    return dataset.draw(n, torch.Generator().manual_seed(seed))


@pytest.mark.parametrize("size", [0, 8, 28, 32])
def test_three_digits_are_one_image_in_colour(size: int) -> None:
    images = drawn(50, size=size)
    assert images.shape == (50, *shape_of(Experiment.of(data="stacked_digits", image_size=size)))
    assert images.shape[1:] == (3, size or 8, size or 8)
    assert images.dtype == torch.float32
    assert -1 <= images.min() < images.max() <= 1


def test_draws_follow_from_the_generator() -> None:
    assert torch.equal(drawn(10, seed=1), drawn(10, seed=1))
    assert not torch.equal(drawn(10, seed=1), drawn(10, seed=2))


def test_every_mode_is_equally_likely() -> None:
    n = 20_000
    counts = torch.bincount(modes_of(drawn(n)), minlength=MODES).double()
    assert len(counts) == MODES
    chi_squared = ((counts - n / MODES) ** 2 / (n / MODES)).sum().item()
    assert chi_squared == pytest.approx(MODES - 1, abs=5 * math.sqrt(2 * (MODES - 1)))


def test_modes_are_numbered_red_green_blue() -> None:
    assert mode_number(torch.tensor([[0, 0, 0], [1, 2, 3], [9, 9, 9]])).tolist() == [0, 123, 999]


def test_every_digit_of_a_class_may_appear() -> None:
    table = digits()
    assert table.classes is not None
    images = stacked(table).draw(20_000, torch.Generator().manual_seed(0)).flatten(0, 1).flatten(1)
    seen = torch.unique(images, dim=0)
    known = torch.unique(table.take(torch.arange(len(table.values))).flatten(1), dim=0)
    assert torch.equal(seen, known)

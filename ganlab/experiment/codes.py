"""What the generator is given: noise, and in conditional runs a class, a categorical code and continuous codes.

They stand side by side, `noise | class | category | dials`; class and category are one-hot vectors.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor

from ganlab.experiment import Experiment
from ganlab.experiment.data import classes_in


class GeneratorInput(NamedTuple):
    """The parts of G's input, each (batch, width); one that a run does not use has width 0."""

    noise: Tensor
    y: Tensor  # the class, one-hot
    category: Tensor  # InfoGAN's categorical code, one-hot
    dials: Tensor  # InfoGAN's continuous codes, in [-1, 1]


def class_count(e: Experiment) -> int:
    """How many classes G can be asked for; 0 where it is asked for none."""
    return 0 if e.condition == "none" else classes_in(e)


def widths(e: Experiment) -> list[int]:
    """How many numbers each part of G's input has, in order."""
    return [e.latent_dim, class_count(e), e.info_categories, e.info_continuous]


def input_dim(e: Experiment) -> int:
    """How many numbers G is given for one sample."""
    return sum(widths(e))


def parts(inputs: Tensor, e: Experiment) -> GeneratorInput:
    """Split G's inputs (batch, input_dim) into their parts."""
    return GeneratorInput(*torch.split(inputs, widths(e), dim=1))


def joined(asked: GeneratorInput) -> Tensor:
    """Join the parts into G's inputs (batch, input_dim). The inverse of `parts`."""
    return torch.cat(asked, dim=1)


def one_hot(numbers: Tensor, width: int) -> Tensor:
    """Numbers (n,) from 0 to width - 1 as rows with a single 1, float32, (n, width)."""
    zeros = torch.zeros(len(numbers), width, device=numbers.device)
    return zeros.scatter_(1, numbers.unsqueeze(1), 1.0)  # F.one_hot waits for the device


def draw_codes(n: int, e: Experiment, rng: torch.Generator, classes: Tensor | None = None) -> Tensor:
    """All of n inputs of G but the noise, (n, input_dim - latent_dim): these classes (n,), or any, and codes.

    Classes and categories are drawn with equal chances, dials from U[-1, 1] (Chen et al. 2016, section 7.2).
    """
    _, class_width, categories, dials = widths(e)

    def any_of(width: int) -> Tensor:
        return torch.randint(width, (n,), generator=rng, device=rng.device)

    codes = []
    if class_width:
        codes.append(one_hot(any_of(class_width) if classes is None else classes, class_width))
    if categories:
        codes.append(one_hot(any_of(categories), categories))
    if dials:
        codes.append(torch.empty(n, dials, device=rng.device).uniform_(-1, 1, generator=rng))
    return torch.cat(codes, dim=1)


def row_per_class(inputs: Tensor, e: Experiment, columns: int) -> Tensor:
    """Change the first inputs so that each class has a row. In a column, only the class differs."""
    classes = class_count(e)
    first = parts(inputs[:columns].repeat(classes, 1), e)
    y = torch.eye(classes, device=inputs.device).repeat_interleave(columns, dim=0)
    return torch.cat([joined(first._replace(y=y)), inputs[classes * columns :]])

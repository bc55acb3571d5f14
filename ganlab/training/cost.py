"""Estimates how long one iteration of an Experiment will take here, before it is tried."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from functools import cache, lru_cache
from typing import Any

import torch
from torch import nn
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils.flop_counter import flop_registry

from ganlab.data import DataUnavailable
from ganlab.experiment import Experiment, ExperimentError, is_images
from ganlab.training.build import build_trainer

FEW = 2  # samples of the step whose operations are counted; what they cost grows with their number
WORTH_COUNTING = 2e8  # multiplications in one layer; below that, no step takes more than a moment
CHANNELS, SIDE, IMAGES = 32, 32, 16  # of the convolution by which this machine is measured


def seconds_of_a_step(experiment: Experiment) -> float:
    """About how long an iteration takes on this machine's CPU, as busy as it is now: good to a factor of a few.

    0 where it is but a moment, and where it can't be told: the data are not here, or no batch may be so small.
    """
    return needed / operations_a_second() if (needed := operations_if_many(experiment)) else 0.0


def operations_if_many(experiment: Experiment) -> float:
    """Floating-point operations of an iteration; 0 where they are few, and where they can't be told: see above."""
    return 0.0 if _of_one_layer(experiment) < WORTH_COUNTING else operations(experiment)


@lru_cache(maxsize=256)
def operations(experiment: Experiment) -> float:
    """Floating-point operations of an iteration: those of a step on few samples, times as many as there are."""
    few = min(FEW * experiment.packing, experiment.batch_size)
    try:
        small = build_trainer(experiment.changed(batch_size=few, n_critic=1, device="cpu"))
    except (ExperimentError, DataUnavailable):
        return 0.0
    with _Counting() as counted:
        small.step()
    return float(counted.total) * experiment.batch_size / few * experiment.n_critic


@cache
def operations_a_second() -> float:
    """Returns this machine's speed in convolutions, forwards and backwards: most of a large step."""
    convolution = nn.Conv2d(CHANNELS, CHANNELS, 3, padding=1)
    images = torch.ones(IMAGES, CHANNELS, SIDE, SIDE, requires_grad=True)
    best = 0.0
    for _ in range(3):  # the first takes longer, and any may be held up
        started = time.perf_counter()
        with _Counting() as counted:
            convolution(images).sum().backward()
        best = max(best, counted.total / (time.perf_counter() - started))
    return best


def in_words(seconds: float) -> str:
    """A length of time as a person says it."""
    if seconds < 90:
        return f"{max(seconds, 2):.0f} seconds"
    return f"{seconds / 60:.0f} minutes" if seconds < 5400 else f"{max(seconds / 3600, 2):.0f} hours"


class _Counting(TorchDispatchMode):  # type: ignore[no-untyped-call]
    """Counts the operations of matrix products and convolutions while it is entered, gradients of gradients too."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.total = 0.0

    def __torch_dispatch__(
        self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: Mapping[str, Any] | None = None
    ) -> Any:
        result = func(*args, **(kwargs or {}))
        count: Callable[..., int] | None = flop_registry.get(func._overloadpacket)
        if count is not None:
            self.total += count(*args, **(kwargs or {}), out_val=result)
        return result


def _of_one_layer(e: Experiment) -> float:
    """Multiplications of a layer of the wider network for one iteration, roughly and rather too many."""
    samples, width = e.batch_size * e.n_critic * (1 + e.unroll_steps), max(e.g_width, e.d_width)
    if not is_images(e):
        return float(samples * width**2)
    numbers = 3 * e.image_size**2
    return float(samples * max(width * max(width, numbers), numbers * max(e.g_channels, e.d_channels) ** 2))

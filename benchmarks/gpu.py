"""Training on a CUDA GPU against the CPU of the same machine, in steps a second."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

import torch

from benchmarks import wall
from benchmarks.report import Figure, Measure, Pace, median_of
from benchmarks.train import DCGAN32, RING_MLP, SMALL_MLP, Block, our_block
from ganlab.experiment import Experiment

DCGAN64 = DCGAN32.changed(image_size=64, g_channels=64, d_channels=64)
SECONDS = 4
NONE_HERE = "There is no CUDA device here, so nothing was measured."


def compare(name: str, block_on: Callable[[str], Block], pace: Pace) -> Iterator[Figure]:
    """Both devices in turns in this process, each going first in every other round; the GPU's clocks warm up first."""
    if not torch.cuda.is_available():
        print(f"{name}: {NONE_HERE}", file=sys.stderr)
        return
    blocks = {device: block_on(device) for device in ("cuda", "cpu")}
    for block in blocks.values():
        block(pace.of(SECONDS, 1))
    runs: list[dict[str, Any]] = []
    for number in range(pace.of(5, 2)):
        rates = {device: blocks[device](pace.of(SECONDS, 1)) for device in sorted(blocks, reverse=number % 2 == 1)}
        runs.append({"ratio": rates["cuda"] / rates["cpu"], **rates})
    against = f"the CPU of the same machine; {torch.cuda.get_device_name()}, torch {torch.__version__}"
    yield Figure(name, median_of(runs, "ratio"), "ratio", against, runs)


def one(experiment: Experiment, device: str) -> Block:
    return our_block(experiment.changed(device=device))


def many(base: Experiment, device: str) -> Block:
    return wall.together_block(wall.wall(base.changed(device=device)))


FIGURES: Mapping[str, Measure] = {
    name: partial(compare, name, block_on)
    for name, block_on in (
        ("gpu.small_mlp.vs_cpu", partial(one, SMALL_MLP)),
        ("gpu.ring_mlp.vs_cpu", partial(one, RING_MLP)),
        ("gpu.dcgan64.vs_cpu", partial(one, DCGAN64)),
        ("gpu.wall25.vs_cpu", partial(many, wall.LARGE)),
    )
}

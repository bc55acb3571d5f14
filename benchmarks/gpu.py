"""Training on a CUDA GPU against the CPU of the same machine, captured against eager, and rounded against exact."""

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
from ganlab.training.device import release

DCGAN64 = DCGAN32.changed(image_size=64, g_channels=64, d_channels=64)
SECONDS = 2  # so that all of `make gpu` takes less than eight minutes
NONE_HERE = "There is no CUDA device here, so nothing was measured."


def compare(name: str, ours: Callable[[], Block], base: Callable[[], Block], of: str, pace: Pace) -> Iterator[Figure]:
    """Ours and its base in turns in this process, each going first in every other round; the GPU warms up first.

    Args:
        of: what the base is.
    """
    if not torch.cuda.is_available():
        print(f"{name}: {NONE_HERE}", file=sys.stderr)
        return
    blocks = {"ours": ours(), "base": base()}
    for block in blocks.values():
        block(pace.of(SECONDS, 1))
    runs: list[dict[str, Any]] = []
    for number in range(pace.of(5, 2)):
        rates = {side: blocks[side](pace.of(SECONDS, 1)) for side in sorted(blocks, reverse=number % 2 == 1)}
        runs.append({"ratio": rates["ours"] / rates["base"], **rates})
    release()
    against = f"{of}; {torch.cuda.get_device_name()}, torch {torch.__version__}"
    yield Figure(name, median_of(runs, "ratio"), "ratio", against, runs)


def one(experiment: Experiment, **changes: str) -> Block:
    return our_block(experiment.changed(**changes))


def many(base: Experiment, *, captured: bool = True, **changes: str) -> Block:
    return wall.together_block(wall.wall(base.changed(**changes)), captured)


def eager(experiment: Experiment) -> Block:
    return our_block(experiment.changed(device="cuda"), captured=False)


CPU, EXACT = "the CPU of the same machine", "float32 on the same GPU"
EAGER = "the same iterations, each operation launched by itself"
FIGURES: Mapping[str, Measure] = {
    **{
        name: partial(compare, name, partial(block, e, device="cuda"), partial(block, e, device="cpu"), CPU)
        for name, block, e in (
            ("gpu.small_mlp.vs_cpu", one, SMALL_MLP),
            ("gpu.ring_mlp.vs_cpu", one, RING_MLP),
            ("gpu.dcgan64.vs_cpu", one, DCGAN64),
            ("gpu.wall25.vs_cpu", many, wall.LARGE),
        )
    },
    **{
        name: partial(compare, name, partial(one, e, device="cuda"), partial(eager, e), EAGER)
        for name, e in (
            ("gpu.small_mlp.captured_vs_eager", SMALL_MLP),
            ("gpu.ring_mlp.captured_vs_eager", RING_MLP),
            ("gpu.dcgan64.captured_vs_eager", DCGAN64),
        )
    },
    "gpu.wall25.captured_vs_eager": partial(
        compare,
        "gpu.wall25.captured_vs_eager",
        partial(many, wall.LARGE, device="cuda"),
        partial(many, wall.LARGE, device="cuda", captured=False),
        EAGER,
    ),
    **{
        name: partial(
            compare, name, partial(one, e, device="cuda", precision=precision), partial(one, e, device="cuda"), EXACT
        )
        for name, e, precision in (
            ("gpu.ring_mlp.bf16", RING_MLP, "bf16"),
            ("gpu.dcgan64.bf16", DCGAN64, "bf16"),
            ("gpu.dcgan64.tf32", DCGAN64, "tf32"),
        )
    },
}

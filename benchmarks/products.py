"""The training step against its physical limit: the time of its matrix products alone over that of the whole step."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

import torch
from torch.utils._python_dispatch import TorchDispatchMode

from benchmarks.report import Figure, Measure, Pace, median_of
from benchmarks.train import RING_MLP, Block, our_block
from ganlab.experiment import Experiment
from ganlab.training.trainer import Trainer

PRODUCTS: Mapping[Any, Any] = {torch.ops.aten.addmm.default: torch.addmm, torch.ops.aten.mm.default: torch.mm}
SECONDS, ROUNDS = 2, 9

Product = tuple[Callable[..., torch.Tensor], tuple[Any, ...]]


class Noting(TorchDispatchMode):  # type: ignore[no-untyped-call]
    """Notes each matrix product that is done inside the block, with what it was done on."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.products: list[Product] = []

    def __torch_dispatch__(
        self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: Mapping[str, Any] | None = None
    ) -> Any:
        if func in PRODUCTS:
            self.products.append((PRODUCTS[func], tuple(arg.detach() for arg in args)))
        return func(*args, **(kwargs or {}))


def products_block(e: Experiment) -> Block:
    """The matrix products of one step, again and again; returns steps' worth of them a second."""
    trainer = Trainer(e)
    with Noting() as noted:
        trainer.step()

    def multiply(seconds: float) -> float:
        torch.set_num_threads(trainer.threads)
        started, count = time.perf_counter(), 0
        while (elapsed := time.perf_counter() - started) < seconds:
            for product, factors in noted.products:
                product(*factors)
            count += 1
        return count / elapsed

    return multiply


def compare(name: str, experiment: Experiment, pace: Pace) -> Iterator[Figure]:
    """Steps and products in turns in this process, each going first in every other round."""
    threads = torch.get_num_threads()
    blocks = {"steps": our_block(experiment), "products": products_block(experiment)}
    runs: list[dict[str, Any]] = []
    for number in range(pace.of(ROUNDS, 1)):
        rates = {side: blocks[side](pace.of(SECONDS, 1)) for side in sorted(blocks, reverse=number % 2 == 1)}
        runs.append({"ratio": rates["steps"] / rates["products"], **rates})
    torch.set_num_threads(threads)
    against = "the time of the same step's matrix products alone, same process run"
    yield Figure(name, median_of(runs, "ratio"), "ratio", against, runs)


FIGURES: Mapping[str, Measure] = {
    "train.ring_mlp.vs_products": partial(compare, "train.ring_mlp.vs_products", RING_MLP)
}

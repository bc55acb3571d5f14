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
SECONDS, ROUNDS = 1, 15  # so short that the machine is the same for a step and its parts

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


def products_of(trainer: Trainer) -> list[Product]:
    """The matrix products of one step."""
    noting = Noting()
    with noting:
        trainer.step()
    return noting.products


def parts(e: Experiment) -> dict[str, Callable[[], Any]]:
    """What a step consists of besides autograd, activations, losses and the calls between them, each on its own."""
    trainer = Trainer(e)
    products = products_of(trainer)
    logits = torch.randn(2, e.batch_size, generator=torch.Generator().manual_seed(0))
    nothing = torch.zeros(())

    def multiply() -> None:
        for product, factors in products:
            product(*factors)

    def optimise() -> None:
        for player, descend in ((trainer.d, trainer._descend_d), (trainer.g, trainer._descend_g)):
            assert player.theta.grad is not None
            descend(player.theta.grad)

    def note() -> None:
        trainer._record(dict.fromkeys(trainer.scalars, nothing) | trainer._scores(*logits))
        trainer.drain()

    return {
        "products": multiply,
        "optimisers": optimise,
        "batches": lambda: (trainer._real(), trainer._latents()),
        "scalars": note,
    }


def block(action: Callable[[], Any], threads: int) -> Block:
    """Does it again and again; returns how often a second."""

    def repeat(seconds: float) -> float:
        torch.set_num_threads(threads)
        started, count = time.perf_counter(), 0
        while (elapsed := time.perf_counter() - started) < seconds:
            action()
            count += 1
        return count / elapsed

    return repeat


def compare(name: str, experiment: Experiment, pace: Pace) -> Iterator[Figure]:
    """Steps and their parts in turns in this process; `runs` has each part's share of the step's time."""
    threads = torch.get_num_threads()
    steps = our_block(experiment)
    alone = {part: block(action, Trainer(experiment).threads) for part, action in parts(experiment).items()}
    runs: list[dict[str, Any]] = []
    for _ in range(pace.of(ROUNDS, 1)):
        rate = steps(pace.of(SECONDS, 1))
        runs.append(
            {part: rate / again(pace.of(SECONDS, 1)) for part, again in alone.items()} | {"steps_a_second": rate}
        )
    torch.set_num_threads(threads)
    against = "the time of the same step's matrix products alone, same process run; the other parts' shares in runs"
    yield Figure(name, median_of(runs, "products"), "ratio", against, runs)


FIGURES: Mapping[str, Measure] = {
    "train.ring_mlp.vs_products": partial(compare, "train.ring_mlp.vs_products", RING_MLP)
}

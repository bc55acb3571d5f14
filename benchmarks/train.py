"""The training loop against a plain tutorial's, in steps a second, on an idle and on a busy machine."""

from __future__ import annotations

import multiprocessing
import os
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from typing import Any

import numpy as np
import torch

from benchmarks import tutorial
from benchmarks.report import Figure, Measure, Pace, median_of
from ganlab.data import Sampler, load
from ganlab.experiment import Experiment
from ganlab.runs.trainee import SETTLE_SECONDS
from ganlab.training.captured.step import CapturedStep
from ganlab.training.device import claim
from ganlab.training.trainer import Trainer

SMALL_MLP = Experiment.of(data="ring", g_width=32, d_width=32, batch_size=150, device="cpu")
RING_MLP = Experiment.of(data="ring", g_width=128, d_width=128, batch_size=256, device="cpu")
DCGAN32 = Experiment.of(
    data="shapes",
    generator="dcgan",
    discriminator="dcgan",
    g_channels=16,
    d_channels=16,
    g_norm="batch",
    d_norm="batch",
    init="dcgan",
    latent_dim=100,
    batch_size=64,
    lr_g=2e-4,
    lr_d=2e-4,
    device="cpu",
)
TUTORIAL_POINTS = 51_200  # drawn once, as a tutorial would; GanLab draws each batch afresh
COOLING = 0.3  # seconds for which the other side's idle threads may still spin

Block = Callable[[float], float]  # trains for about so many seconds; returns steps a second


def networks_of_tutorial(e: Experiment) -> tuple[torch.nn.Module, torch.nn.Module]:
    """The tutorial's networks for one of the experiments above."""
    if e.generator == "dcgan":
        return tutorial.dcgans32(e.latent_dim, e.g_channels)
    return tutorial.mlps(e.latent_dim, e.g_width)


def tutorial_block(e: Experiment, threads: int) -> Block:
    """The tutorial's loop with as many threads as torch starts with."""
    dataset = load(e)
    data = Sampler(dataset, e.seed).next(dataset.spec.size or TUTORIAL_POINTS)
    steps = tutorial.training(
        *networks_of_tutorial(e),
        data,
        latent_dim=e.latent_dim,
        batch_size=e.batch_size,
        lr=e.lr_g,
        betas=(e.beta1_g, e.beta2_g),
    )

    def train(seconds: float) -> float:
        torch.set_num_threads(threads)
        started, count = time.perf_counter(), 0
        while (elapsed := time.perf_counter() - started) < seconds:
            next(steps)
            count += 1
        return count / elapsed

    return train


def our_block(e: Experiment, captured: bool = True) -> Block:
    """GanLab's loop, its scalars read as often as a run reads them."""
    trainer = Trainer(e)
    step = CapturedStep(trainer) if captured else trainer.step

    def train(seconds: float) -> float:
        claim(trainer.threads, trainer.experiment.precision)
        started, count = time.perf_counter(), 0
        read = started
        while (now := time.perf_counter()) - started < seconds:
            if now - read >= SETTLE_SECONDS:
                trainer.drain()
                read = now
            step()
            count += 1
        trainer.drain()
        return count / (time.perf_counter() - started)

    return train


def compare(name: str, experiment: Experiment, seconds: int, busy: bool, pace: Pace) -> Iterator[Figure]:
    """Both loops in turns in this process, each going first in every other round."""
    default_threads = torch.get_num_threads()
    blocks = {"ours": our_block(experiment), "tutorial": tutorial_block(experiment, default_threads)}
    runs: list[dict[str, Any]] = []
    with busy_neighbour() if busy else idle():
        for block in blocks.values():
            block(pace.of(seconds, 1) / 2)
        for number in range(pace.of(7, 3)):
            rates = {}
            for side in sorted(blocks, reverse=number % 2 == 1):
                time.sleep(COOLING)
                rates[side] = blocks[side](pace.of(seconds, 1))
            runs.append({"ratio": rates["ours"] / rates["tutorial"], **rates})
    torch.set_num_threads(default_threads)
    against = f"plain tutorial loop with torch's {default_threads} threads, same process run"
    if busy:
        against += ", one other busy process"
    yield Figure(name, median_of(runs, "ratio"), "ratio", against, runs)


@contextmanager
def idle() -> Iterator[None]:
    """Nothing else runs."""
    yield


@contextmanager
def busy_neighbour() -> Iterator[None]:
    """One other process that keeps one core busy, as a neighbour's training on one thread would."""
    context = multiprocessing.get_context("spawn")
    begun = context.Event()
    process = context.Process(target=spin, args=(begun,), daemon=True)
    process.start()
    try:
        if not begun.wait(60):
            raise RuntimeError("the busy process did not start")
        yield
    finally:
        process.kill()
        process.join()


def spin(begun: Any) -> None:
    """Multiply matrices and count, for ever, on one thread."""
    torch.set_num_threads(1)
    weights, x = torch.randn(128, 128), torch.randn(256, 128)
    numbers = np.arange(1000.0)
    begun.set()
    parent = os.getppid()
    while os.getppid() == parent:
        x = torch.tanh(x @ weights)
        numbers = np.sqrt(numbers + sum(range(200)))


FIGURES: Mapping[str, Measure] = {
    name: partial(compare, name, experiment, seconds, busy)
    for name, experiment, seconds, busy in (
        ("train.small_mlp.vs_tutorial", SMALL_MLP, 3, False),
        ("train.ring_mlp.vs_tutorial", RING_MLP, 3, False),
        ("train.dcgan32.vs_tutorial", DCGAN32, 6, False),
        ("train.small_mlp.vs_tutorial_busy", SMALL_MLP, 4, True),
        ("train.ring_mlp.vs_tutorial_busy", RING_MLP, 4, True),
    )
}

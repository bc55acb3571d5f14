"""Twenty-five GANs trained as one computation against the same one after another, in iterations a second."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

import torch

from benchmarks.report import Figure, Measure, Pace, median_of
from benchmarks.train import Block, our_block
from ganlab.experiment import Experiment
from ganlab.runs.trainee import SETTLE_SECONDS
from ganlab.training.batched import BatchedTrainer, families
from ganlab.training.captured.step import CapturedStep

SMALL = Experiment.of(data="ring", g_width=32, d_width=32, batch_size=64, device="cpu")
LARGE = Experiment.of(data="ring", g_width=128, d_width=128, batch_size=256, device="cpu")
CONV = Experiment.of(
    data="digits",
    generator="dcgan",
    discriminator="dcgan",
    g_channels=16,
    d_channels=16,
    g_norm="batch",
    d_norm="batch",
    init="dcgan",
    batch_size=32,
    lr_g=2e-4,
    lr_d=2e-4,
    device="cpu",
)
SIDE = 5  # learning rates of each player
ROUNDS = 9


def wall(base: Experiment) -> list[Experiment]:
    """Members whose learning rates of G and D differ, as on the wall's first page."""
    rates = [base.lr_g * 2**k for k in range(-2, SIDE - 2)]
    return [base.changed(lr_g=g, lr_d=d) for g in rates for d in rates]


def compare(name: str, base: Experiment, seconds: int, pace: Pace) -> Iterator[Figure]:
    """Both in turns in this process and on one thread each, each going first in every other round."""
    members = wall(base)
    blocks = {"together": together_block(members), "alone": our_block(base)}
    default_threads = torch.get_num_threads()
    runs: list[dict[str, Any]] = []
    for block in blocks.values():
        block(pace.of(seconds, 1) / 2)
    for number in range(pace.of(ROUNDS, 3)):
        rates = {side: blocks[side](pace.of(seconds, 1)) for side in sorted(blocks, reverse=number % 2 == 1)}
        runs.append({"ratio": rates["together"] / rates["alone"], **rates})
    torch.set_num_threads(default_threads)
    against = f"one after another with GanLab's own loop; iterations/s of all {len(members)} members in all, one thread"
    yield Figure(name, median_of(runs, "ratio"), "ratio", against, runs)


def together_block(experiments: list[Experiment], captured: bool = True) -> Block:
    """Trains all members, looked after as often as a sweep's; returns the iterations a second of all of them in all."""
    trainers = [BatchedTrainer([experiments[i] for i in family]) for family in families(experiments)]
    steps = [CapturedStep(trainer) if captured else trainer.step for trainer in trainers]

    def train(seconds: float) -> float:
        torch.set_num_threads(trainers[0].threads)
        started, count = time.perf_counter(), 0
        looked = started
        while (now := time.perf_counter()) - started < seconds:
            if now - looked >= SETTLE_SECONDS:
                look_after(trainers)
                looked = now
            for step in steps:
                step()
            count += len(experiments)
        look_after(trainers)
        return count / (time.perf_counter() - started)

    return train


def look_after(trainers: list[BatchedTrainer]) -> None:
    """Ask whether all weights are finite, which waits for the device."""
    for trainer in trainers:
        trainer.finite()


FIGURES: Mapping[str, Measure] = {
    name: partial(compare, name, base, seconds)
    for name, base, seconds in (
        ("wall.small.vs_loop", SMALL, 2),
        ("wall.large.vs_loop", LARGE, 3),
        ("wall.conv.vs_loop", CONV, 3),
    )
}

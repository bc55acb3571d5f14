"""All that the members of a wall draw: real batches, latents, noise and what penalties throw."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import torch
from torch import Tensor

from ganlab.data import Sampler, load
from ganlab.experiment import Experiment
from ganlab.training import rng
from ganlab.training.batched.ahead import Ahead, BatchSource, RealBatches, normal, uniform, uniform_in_turn


class StackedSampler:
    """Batches of all members, (members, *shape), from streams that are called like those of a Trainer."""

    def __init__(self, experiments: Sequence[Experiment], penalties: Sequence[int], device: torch.device) -> None:
        """`penalties`: how many random numbers those of a member draw at a time, an update."""
        e, n = experiments[0], experiments[0].batch_size
        features = math.prod(load(e).spec.shape)

        def stream(numbers: int, source: Callable[[Experiment], BatchSource]) -> Ahead:
            return Ahead([source(member) for member in experiments], len(experiments) * numbers, device)

        def chance(member: Experiment, name: str) -> torch.Generator:
            return rng.generator(member.seed, name, device)

        def real(member: Experiment) -> BatchSource:
            return RealBatches(Sampler(load(e), rng.stream_seed(member.seed, "data")), n)

        def latents(member: Experiment) -> BatchSource:
            generator, shape = chance(member, "latents"), (n, e.latent_dim)
            return normal(generator, shape) if e.latent_distribution == "normal" else uniform(generator, shape, -1, 1)

        self._streams = {"data": stream(n * features, real), "latents": stream(n * e.latent_dim, latents)}
        if any(member.instance_noise > 0 for member in experiments):
            self._streams["noise"] = stream(n * features, lambda member: normal(chance(member, "noise"), (n, features)))
        if penalties:
            self._streams["penalties"] = stream(
                sum(penalties), lambda member: uniform_in_turn(chance(member, "penalties"), penalties)
            )

    def next(self, stream: str) -> Tensor:
        """The next batch of this stream."""
        return self._streams[stream].next()

    def states_of(self, member: int) -> dict[str, Any]:
        """The states of a member's sources by stream, as they would be if nothing had been drawn ahead."""
        return {name: ahead.state_of(member) for name, ahead in self._streams.items()}

    def go_on_from(self, states: Sequence[Mapping[str, Any]]) -> None:
        """Go on from these states of the sources by stream, one mapping a member; what was drawn ahead is dropped."""
        for name, ahead in self._streams.items():
            ahead.go_on_from([of_member[name] for of_member in states])

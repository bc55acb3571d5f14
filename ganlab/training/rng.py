"""A run's own sources of chance: nothing here or elsewhere in training uses the global one."""

from __future__ import annotations

import numpy as np
import torch

STREAMS = (
    "init",
    "data",
    "latents",
    "noise",
    "penalties",
    "probes",
    "augmentation",
    "networks",
    "classes",
    "guess",
    "optimal_d",
)


def stream_seed(seed: int, stream: str) -> int:
    """A seed for one of the `STREAMS` of a run, unrelated to those of the others."""
    return int(np.random.SeedSequence([seed, STREAMS.index(stream)]).generate_state(1, np.uint64)[0] >> 1)


def generator(seed: int, stream: str, device: torch.device | str = "cpu") -> torch.Generator:
    """A generator of random numbers for one stream, on the device where they are used."""
    return torch.Generator(device).manual_seed(stream_seed(seed, stream))

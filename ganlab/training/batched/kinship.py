"""Which experiments can be trained as one batched computation."""

from __future__ import annotations

import math
from collections.abc import Sequence

from ganlab.data import shape_of
from ganlab.experiment import Experiment, knob

PER_PLAYER = ("lr", "beta1", "beta2", "schedule_steps", "clip_norm", "clip_value")
FREE = frozenset(
    {f"{name}_{role}" for name in PER_PLAYER for role in ("g", "d")}
    | {
        "seed", "ema_decay", "gp_weight", "r1_weight", "r2_weight", "zero_gp_weight", "dragan_weight", "weight_clip",
        "label_smoothing", "instance_noise", "instance_noise_steps", "max_steps",
    }
)  # fmt: skip
SHARED = frozenset(
    {f"{name}_{role}" for name in ("optimizer", "schedule") for role in ("g", "d")}
    | {f"{role}_{name}" for name in ("depth", "width", "activation", "norm") for role in ("g", "d")}
    | {
        "data", "own_data", "image_size", "latent_dim", "latent_distribution", "batch_size", "generator",
        "discriminator", "d_minibatch", "packing", "unroll_steps", "n_critic", "loss", "init", "device", "threads",
    }
)  # fmt: skip
MOST_NUMBERS = 2**18  # in a layer's activations: with more, the memory that comes and goes costs more than the calls
THROWING = ("gp_weight", "zero_gp_weight", "dragan_weight")  # penalties that draw from one stream of chance
ASKING = (*THROWING, "r1_weight", "r2_weight")  # penalties that show D more batches


def why_apart(e: Experiment) -> str | None:
    """Why this experiment can't be trained together with others like it, as the end of a sentence; None if it can."""
    if e.generator not in ("mlp", "dense") or e.discriminator not in ("mlp", "dense"):
        return "only MLPs and Dense networks are"
    if e.d_minibatch == "discrimination":
        return "minibatch discrimination is not"
    foreign = (name for name in e.differences() if name not in FREE | SHARED and knob(name).applies(e))
    return next((f"{knob(name).label} ({name}) is not" for name in foreign), None)


def kin(e: Experiment) -> tuple[object, ...]:
    """Experiments with the same key can be trained together, if any can."""
    shared = tuple(getattr(e, name) for name in sorted(SHARED))
    remembers = e.d_norm == "batch" or e.d_minibatch == "stddev"  # D keeps statistics of all that it is shown
    return (*shared, *(getattr(e, name) > 0 for name in (ASKING if remembers else THROWING)))


def widest(e: Experiment) -> int:
    """How many numbers a sample is in the widest layer of both networks."""
    players = ((e.generator, e.g_width, e.g_depth), (e.discriminator, e.d_width, e.d_depth))
    widths = [width * 2 ** (depth - 1) if network == "dense" else width for network, width, depth in players]
    return max(*widths, math.prod(shape_of(e)))


def families(experiments: Sequence[Experiment]) -> list[list[int]]:
    """The members, by number, that are trained as one computation; a family of one is trained alone.

    Kin too large to be computed at once in fast memory are split into families of nearly the same size.
    """
    alike: dict[object, list[int]] = {}
    for number, e in enumerate(experiments):
        alike.setdefault(number if why_apart(e) else kin(e), []).append(number)
    found = []
    for members in alike.values():
        e = experiments[members[0]]
        most = max(2, MOST_NUMBERS // (e.batch_size * widest(e)))
        parts = math.ceil(len(members) / most)
        found += [members[len(members) * i // parts : len(members) * (i + 1) // parts] for i in range(parts)]
    return found

"""Which experiments can be trained as one batched computation."""

from __future__ import annotations

import math
from collections.abc import Sequence

from ganlab.data import shape_of
from ganlab.experiment import Experiment, knob
from ganlab.experiment.choices import CONVOLUTIONAL

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
    | {f"{role}_{name}" for name in ("depth", "width", "channels", "activation", "norm") for role in ("g", "d")}
    | {
        "data", "own_data", "image_size", "latent_dim", "latent_distribution", "batch_size", "generator",
        "discriminator", "d_minibatch", "packing", "unroll_steps", "n_critic", "loss", "init", "device", "threads",
        "pooling", "dropout",
    }
)  # fmt: skip
GENERATORS, DISCRIMINATORS = ("mlp", "dense", "dcgan"), ("mlp", "dense", "dcgan", "cnn")
MOST_OF_A_SAMPLE = 2**11  # numbers in the widest layer: larger convolutions are no faster together than in a loop
MOST_NUMBERS = 2**18  # in a layer's activations: with more, the memory that comes and goes costs more than the calls
THROWING = ("gp_weight", "zero_gp_weight", "dragan_weight")  # penalties that draw from one stream of chance
ASKING = (*THROWING, "r1_weight", "r2_weight")  # penalties that show D more batches


def why_apart(e: Experiment) -> str | None:
    """Why this experiment can't be trained together with others like it, as the end of a sentence; None if it can."""
    if e.generator not in GENERATORS or e.discriminator not in DISCRIMINATORS:
        return "only MLP, Dense, DCGAN and plain convolutional networks are"
    if e.d_minibatch == "discrimination":
        return "minibatch discrimination is not"
    if (numbers := widest(e)) > MOST_OF_A_SAMPLE and is_convolutional(e):
        return f"above {MOST_OF_A_SAMPLE:,} numbers a sample (here {numbers:,}) convolutions gain nothing by it"
    foreign = (name for name in e.differences() if name not in FREE | SHARED and knob(name).applies(e))
    return next((f"{knob(name).label} ({name}) is not" for name in foreign), None)


def is_convolutional(e: Experiment) -> bool:
    """Whether one of its networks works on feature maps."""
    return e.generator in CONVOLUTIONAL or e.discriminator in CONVOLUTIONAL


def kin(e: Experiment) -> tuple[object, ...]:
    """Experiments with the same key can be trained together, if any can."""
    shared = tuple(getattr(e, name) for name in sorted(SHARED))
    drops = e.discriminator == "cnn" and e.dropout > 0  # D throws dice over all that it is shown ...
    remembers = e.d_norm == "batch" or e.d_minibatch == "stddev"  # ... or keeps statistics of it
    return (*shared, *(getattr(e, name) > 0 for name in (ASKING if drops or remembers else THROWING)))


def widest(e: Experiment) -> int:
    """How many numbers a sample is in the widest layer of both networks."""
    players = (e.generator, e.g_width, e.g_channels, e.g_depth), (e.discriminator, e.d_width, e.d_channels, e.d_depth)
    return max(*(_widest(e, *player) for player in players), math.prod(shape_of(e)))


def _widest(e: Experiment, network: str, width: int, channels: int, depth: int) -> int:
    """The same of one network."""
    size = shape_of(e)[-1]
    match network:
        case "dense":
            return width * int(2 ** (depth - 1))
        case "dcgan":
            return channels * (size // 2) ** 2
        case "cnn":
            return max(width, channels * (-(-size // 2) if e.pooling == "strided" else size) ** 2)
        case _:
            return width


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

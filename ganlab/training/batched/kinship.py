"""Which experiments can be trained as one batched computation."""

from __future__ import annotations

import math
from collections.abc import Sequence

from ganlab.data import shape_of
from ganlab.experiment import Experiment, knob
from ganlab.experiment.networks import (
    DISCRIMINATORS,
    GENERATORS,
    NETWORKS,
    DiscriminatorNetworkSettings,
    GeneratorNetworkSettings,
)
from ganlab.game.losses import LOSSES
from ganlab.game.penalties import GRADIENT_PENALTIES
from ganlab.networks import ARCHITECTURES, discriminator_of, generator_of
from ganlab.training.batched.penalties import FOR_MANY

PER_PLAYER = ("lr", "beta1", "beta2", "schedule_steps", "clip_norm", "clip_value")
FREE = frozenset(
    {f"{name}_{role}" for name in PER_PLAYER for role in ("g", "d")}
    | {
        "seed", "ema_decay", "weight_clip", "instance_noise", "instance_noise_steps", "max_steps", *FOR_MANY,
        *(name for loss in LOSSES.values() for name in loss.fields),
    }
)  # fmt: skip
SHARED = frozenset(
    {f"{name}_{role}" for name in ("optimizer", "schedule") for role in ("g", "d")}
    | {
        "data", "own_data", "own_classes", "image_size", "latent_dim", "latent_distribution", "batch_size",
        "d_minibatch", "packing", "unroll_steps", "n_critic", "loss", "init", "device", "precision", "threads",
    }
)  # fmt: skip
SHAPING = frozenset(GeneratorNetworkSettings.model_fields) | frozenset(DiscriminatorNetworkSettings.model_fields)
MOST_OF_A_SAMPLE = 2**11  # numbers in the widest layer: larger convolutions are no faster together than in a loop
MOST_NUMBERS = 2**18  # in a layer's activations: with more, the memory that comes and goes costs more than the calls
MOST_ON_A_GPU = 2**21  # there a call costs more, and 25 of the largest dense networks still fit
ASKING = tuple(GRADIENT_PENALTIES)  # fields of penalties that show D more batches, ...
THROWING = tuple(name for name in ASKING if "rng" in GRADIENT_PENALTIES[name].takes)  # ... and draw random numbers


def why_apart(e: Experiment) -> str | None:
    """Why this experiment can't be trained together with others like it, as the end of a sentence; None if it can."""
    if generator_of(e).widest is None or discriminator_of(e).widest is None:
        return f"only {_names_of_batched()} networks are"
    if e.d_minibatch == "discrimination":
        return "minibatch discrimination is not"
    if (numbers := widest(e)) > MOST_OF_A_SAMPLE and is_convolutional(e):
        return f"above {MOST_OF_A_SAMPLE:,} numbers a sample (here {numbers:,}) convolutions gain nothing by it"
    if LOSSES[e.loss].memory is not None:
        return f"a loss that remembers something ({LOSSES[e.loss].label}) is not"
    foreign = (name for name in e.differences() if name not in FREE | SHARED | SHAPING and knob(name).applies(e))
    return next((f"{knob(name).label} ({name}) is not" for name in foreign), None)


def _names_of_batched() -> str:
    """The architectures that can be trained together, in a sentence."""
    g = [name for name in GENERATORS if (player := ARCHITECTURES[name].generator) and player.widest]
    d = [name for name in DISCRIMINATORS if (player := ARCHITECTURES[name].discriminator) and player.widest]
    *names, last = [NETWORKS[name].name for name in dict.fromkeys([*g, *d])]
    return f"{', '.join(names)} and {last}"


def is_convolutional(e: Experiment) -> bool:
    """Whether one of its networks works on feature maps."""
    return knob("g_channels").applies(e) or knob("d_channels").applies(e)


def kin(e: Experiment) -> tuple[object, ...]:
    """Experiments with the same key can be trained together, if any can."""
    shared = tuple(getattr(e, name) for name in sorted(SHARED))
    shaping = tuple(getattr(e, name) for name in sorted(SHAPING) if knob(name).applies(e))
    drops = knob("dropout").applies(e) and e.dropout > 0  # D throws dice over all that it is shown ...
    remembers = e.d_norm == "batch" or e.d_minibatch == "stddev"  # ... or keeps statistics of it
    return (*shared, *shaping, *(getattr(e, name) > 0 for name in (ASKING if drops or remembers else THROWING)))


def widest(e: Experiment) -> int:
    """How many numbers a sample is in the widest layer of both networks, where these can be trained together."""
    shape, players = shape_of(e), (generator_of(e), discriminator_of(e))
    return max([math.prod(shape), *(player.widest(e, shape) for player in players if player.widest is not None)])


def most_numbers(e: Experiment) -> int:
    """How many numbers a layer's activations should be at most. Of the Experiment alone: all workers split alike."""
    return MOST_ON_A_GPU if e.device == "cuda" else MOST_NUMBERS


def families(experiments: Sequence[Experiment]) -> list[list[int]]:
    """The members, by number, that are trained as one computation; a family of one is trained alone.

    Kin too large to be computed at once in fast memory are split into families of nearly the same size; on a GPU, those
    whose device is "auto" too, since a worker can't know which device another one has.
    """
    alike: dict[object, list[int]] = {}
    for number, e in enumerate(experiments):
        alike.setdefault(number if why_apart(e) else kin(e), []).append(number)
    found = []
    for members in alike.values():
        e = experiments[members[0]]
        most = max(2, most_numbers(e) // (e.batch_size * widest(e)))
        parts = math.ceil(len(members) / most)
        found += [members[len(members) * i // parts : len(members) * (i + 1) // parts] for i in range(parts)]
    return found

"""Every method that an Experiment can switch on beside its loss, and what a page says about it."""

from __future__ import annotations

from collections.abc import Mapping

from ganlab.experiment import DEFAULTS, Experiment, knob
from ganlab.game.augmentation import SEEN
from ganlab.game.notes import Note
from ganlab.game.penalties import PENALTIES
from ganlab.game.terms import GENERATOR_TERMS
from ganlab.networks import MINIBATCH
from ganlab.networks.conditioning import CONDITIONING
from ganlab.training.mistakes import MISTAKEN_PENALTIES
from ganlab.training.optimizers import CLIPPING, WEIGHT_DECAY
from ganlab.training.unrolling import UNROLLING

# By the name of the field that switches it on, with the value that does where there are several: "augment:always".
METHODS: Mapping[str, Note] = {
    **CONDITIONING,
    **PENALTIES,
    **GENERATOR_TERMS,
    **SEEN,
    **MINIBATCH,
    **UNROLLING,
    **CLIPPING,
    **WEIGHT_DECAY,
}


def in_use(e: Experiment) -> list[Note]:
    """The methods that have an effect in this Experiment, as it has them: a mistake may change one."""
    mistaken = MISTAKEN_PENALTIES.get(e.mistake, {})
    return [mistaken.get(key, note) for key, note in METHODS.items() if _is_on(e, *key.split(":"))]


def _is_on(e: Experiment, name: str, value: str | None = None) -> bool:
    chosen = getattr(e, name)
    return knob(name).applies(e) and (chosen != getattr(DEFAULTS, name) if value is None else chosen == value)

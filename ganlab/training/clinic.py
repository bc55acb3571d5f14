"""The two pieces of code that the clinic shows of each mistake: the wrong one and the right one, as they run."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from typing import Any

from ganlab.data.images.digits import digits
from ganlab.experiment.choices import Mistake
from ganlab.game.losses import cross_entropy_d, non_saturating_g
from ganlab.game.mistaken_losses import ones_for_both_d, towards_zeros_g, wrong_sign_d
from ganlab.game.penalties import gradient_penalty
from ganlab.networks import layers, mlp
from ganlab.presets.clinic import Case
from ganlab.training.mistakes import MISTAKEN, gradient_penalty_with_one_weight
from ganlab.training.trainer import Trainer

Piece = Callable[..., Any]

# By the mistake's name: what is right. What is wrong is the mistake's Trainer, but for those named below.
RIGHT: Mapping[Mistake, tuple[Piece, ...]] = {
    "sigmoid_twice": (mlp.MLPDiscriminator, cross_entropy_d),
    "two_activations": (layers.activation,),
    "output_batch_norm": (mlp.MLPGenerator,),
    "wrong_sign": (cross_entropy_d,),
    "ones_for_both": (cross_entropy_d, non_saturating_g),
    "not_detached": (Trainer.iterate,),
    "unit_range": (Trainer._real, digits),
    "mixed_batches": (Trainer._update_discriminator,),
    "one_weight_per_batch": (gradient_penalty,),
}
WRONG: Mapping[Mistake, tuple[Piece, ...]] = {
    "wrong_sign": (wrong_sign_d,),
    "ones_for_both": (ones_for_both_d, towards_zeros_g),
    "one_weight_per_batch": (gradient_penalty_with_one_weight,),
}


def wrong_and_right(case: Case) -> tuple[str, str]:
    """The Python of the mistake and of what it should be; of a mere setting, both values."""
    mistake = case.broken.mistake
    if mistake == "none":
        broken = {field: getattr(case.broken, field) for field in case.changes}
        return _settings(broken), _settings(case.changes)
    return _source(WRONG.get(mistake, (MISTAKEN[mistake],))), _source(RIGHT[mistake])


def _settings(values: Mapping[str, Any]) -> str:
    return "\n".join(f"{field} = {value}" for field, value in values.items())


def _source(pieces: tuple[Piece, ...]) -> str:
    return "\n\n".join(inspect.cleandoc("\n" + inspect.getsource(piece)) for piece in pieces)

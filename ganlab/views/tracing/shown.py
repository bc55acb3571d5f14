"""Which functions a recorder follows: those of one iteration that a student sees as source."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from types import CodeType
from typing import Any

from ganlab.game import elbo
from ganlab.training import methods, objective, optimizers
from ganlab.training.conditional import naming_loss
from ganlab.training.trainer import Trainer

METHODS = (
    "iterate", "_real", "_latents", "_batch", "_update_discriminator", "_update_conditional_d", "_update_generator",
    "_update_conditional_g", "_update_both", "_update", "_descend_d", "_descend_g", "_update_average",
)  # fmt: skip
ROOMS = ("ganlab.game", "ganlab.training")  # what networks do inside is a chapter of its own


def followed(trainer: Trainer) -> dict[CodeType, Callable[..., Any]]:
    """The functions that one iteration of this trainer may call, by their code."""
    found: dict[CodeType, Callable[..., Any]] = {}
    for function in _functions(trainer):
        plain = inspect.unwrap(function)
        if inspect.isfunction(plain) and plain.__module__.startswith(ROOMS):
            found[plain.__code__] = plain
    return found


def _functions(trainer: Trainer) -> Iterator[Callable[..., Any]]:
    for owner in type(trainer).__mro__:
        yield from (vars(owner)[name] for name in METHODS if name in vars(owner))
    if trainer.experiment.model == "vae":
        for term in elbo.ELBO.values():
            yield from term.functions
    else:
        yield from (trainer.loss.d, trainer.loss.g, objective.generator_objective, naming_loss)
    for note in methods.in_use(trainer.experiment):
        yield from note.functions
    yield optimizers.descend

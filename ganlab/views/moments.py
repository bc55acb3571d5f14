"""Moments of a training that are kept, so that the players of then can still be asked: early, in the middle, now."""

from __future__ import annotations

from dataclasses import dataclass
from weakref import WeakKeyDictionary

import torch
from torch import Tensor

from ganlab.experiment import Experiment
from ganlab.training.build import build_trainer
from ganlab.training.trainer import Trainer
from ganlab.views.inputs import Moment
from ganlab.views.logbook import Logbook
from ganlab.views.view import Answer, View, has_discriminator

FIRST = 50  # iterations: G has just begun
APART = 4  # times as many iterations as at the moment before
MOST_BYTES = 4_000_000  # of a moment: larger networks are not kept
MOST = 8


@dataclass(frozen=True)
class Kept:
    """The networks of a moment: copies on the CPU of what each holds, by name."""

    iteration: int
    experiment: Experiment
    states: dict[str, dict[str, Tensor]]


_KEPT: WeakKeyDictionary[Trainer, list[Kept]] = WeakKeyDictionary()  # a question knows the trainer alone


def kept_of(trainer: Trainer) -> list[Kept]:
    """The moments kept of this training, the earliest first."""
    return _KEPT.setdefault(trainer, [])


def trainer_at(trainer: Trainer, iteration: int) -> Trainer:
    """A trainer whose networks are those of a kept moment; it knows nothing else of that time.

    Raises:
        ValueError: no moment of this iteration is kept.
    """
    found = next((kept for kept in kept_of(trainer) if kept.iteration == iteration), None)
    if found is None:
        raise ValueError(f"Iteration {iteration:,} of this run is not kept: choose another moment.")
    past = build_trainer(found.experiment)
    for name, network in past.networks.items():
        network.load_state_dict(found.states[name])
    past.iteration = found.iteration
    return past


def _note(book: Logbook, _: float) -> None:
    """Keep this moment if it is one of those to keep: after 50 iterations, 200, 800, and so on."""
    trainer, kept = book.inputs.trainer, kept_of(book.inputs.trainer)
    due = APART * kept[-1].iteration if kept else FIRST
    if len(kept) == MOST or trainer.iteration < due:
        return
    states = {name: network.state_dict() for name, network in trainer.networks.items()}
    size = sum(value.numel() * value.element_size() for state in states.values() for value in state.values())
    if size > MOST_BYTES:
        return
    copies = {
        name: {key: torch.as_tensor(value).detach().to("cpu", copy=True) for key, value in state.items()}
        for name, state in states.items()
    }
    kept.append(Kept(trainer.iteration, trainer.experiment, copies))


def moments(_: Moment, book: Logbook) -> Answer:
    """The iterations of the moments that are kept."""
    return {"iterations": [kept.iteration for kept in kept_of(book.inputs.trainer)]}


VIEW = View("moments", has_discriminator, moments, pages=frozenset(), note=_note)

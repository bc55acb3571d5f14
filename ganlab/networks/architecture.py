"""How an architecture is declared, in the module of its name and beside its classes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from torch import nn

from ganlab.experiment import Experiment
from ganlab.networks.discriminator import Discriminator

Shape = tuple[int, ...]
Network = TypeVar("Network", bound=nn.Module, covariant=True)


@dataclass(frozen=True)
class Player(Generic[Network]):
    """One of the two networks of an architecture. A run builds it from these lines, and an exported script writes them.

    Attributes:
        network: its class.
        arguments: what the class is called with, by the Experiment and the shape of a sample (of what D sees).
        draws: whether the class takes one argument more, the generator that its layers draw from while they train.
        blocks: the other classes that it is made of, whose source is shown beside its own.
        widest: how many numbers its widest layer makes of one sample, by the Experiment and the sample's shape. With
            it, a wall trains many such networks as one computation (see training/batched/stack.py for the layers
            that it knows); None: one by one.
    """

    network: type[Network]
    arguments: Callable[[Experiment, Shape], tuple[Any, ...]]
    draws: bool = False
    blocks: tuple[type[nn.Module], ...] = ()
    widest: Callable[[Experiment, Shape], int] | None = None

    def call(self, e: Experiment, shape: Shape, chance: Any) -> tuple[type[Network], tuple[Any, ...]]:
        """The class, and all that it is called with; `chance` is what its layers draw from, if they do."""
        return self.network, (*self.arguments(e, shape), *([chance] if self.draws else []))

    @property
    def classes(self) -> tuple[type[nn.Module], ...]:
        """The classes whose source a page shows."""
        return self.network, *self.blocks


@dataclass(frozen=True)
class Architecture:
    """What a page says about an architecture, and the players that it has; None: it can't play that role."""

    title: str
    reference: str
    intuition: str
    generator: Player[nn.Module] | None = None
    discriminator: Player[Discriminator] | None = None

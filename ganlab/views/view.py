"""What a view is: its name, when it has a meaning, what it answers, how that is sent, and where it is drawn."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from ganlab.experiment import Experiment
from ganlab.views.inputs import Moment
from ganlab.views.log import Rows
from ganlab.views.logbook import Logbook

Answer = dict[str, Any]
Page = Literal["train", "collapse", "model"]


@dataclass(frozen=True)
class Wire:
    """How a view's arrays are sent; without it they go as they are, and exact.

    Attributes:
        bits: for an array that is drawn, never read as numbers: 256 shades, or 65,535 places along an axis.
        jpeg_bytes: what the mosaic "pixels" may weigh as a JPEG; None for mosaics that are sent whole.
    """

    bits: Mapping[str, Literal[8, 16]] = field(default_factory=dict)
    jpeg_bytes: int | None = None


@dataclass(frozen=True)
class View:
    """One thing that can be watched of a run.

    The module of the same name in ganlab/browser/views draws it.

    Attributes:
        name: as viewers ask for it, and as frames call it.
        applies: whether it has a meaning for what an experiment trains.
        answer: plain data and arrays: what the networks say at a moment, and what the logbook holds.
        parts: what is answered with it only for whoever asks, by the view's name, a dot and its own: "plane.arrows".
        wire: how its arrays are sent.
        pages: those on which it has a card of its own; none, for what others draw with theirs.
        crowded_out: of the experiments that it applies to, those whose pages have no card for it.
        place: among the cards of a page, from 0, the large one; those of the same place stand by name.
        node: of the Model page's diagram, the one that it is about; "" for none.
        seldom: whether a run that trains asks it once a second only, since it costs much and changes slowly.
        logs: those that it writes to, each with the rows that it begins with.
        note: called with the seconds trained so far whenever scalars are read, whether anybody watches or not.
    """

    name: str
    applies: Callable[[Experiment], bool]
    answer: Callable[[Moment, Logbook], Answer]
    wire: Wire = field(default_factory=Wire)
    parts: Mapping[str, Callable[[Moment, Logbook], Answer]] = field(default_factory=dict)
    pages: frozenset[Page] = frozenset({"train"})
    crowded_out: Callable[[Experiment], bool] = lambda e: False
    place: int = 95
    node: str = ""
    seldom: bool = False
    logs: Mapping[str, Rows] = field(default_factory=dict)
    note: Callable[[Logbook, float], None] | None = None


def always(_: Experiment) -> bool:
    """Returns true for every experiment."""
    return True


def has_discriminator(e: Experiment) -> bool:
    """Returns whether a discriminator judges the samples."""
    return e.model == "gan"


def is_dirac_game(e: Experiment) -> bool:
    """Returns whether each player has one weight. The page then shows little but their path."""
    return e.data == "dirac"

"""How many seconds of training each iteration took to reach: another axis for what other views show."""

from __future__ import annotations

from ganlab.views.inputs import Moment
from ganlab.views.logbook import Logbook
from ganlab.views.view import Answer, View, always


def clock(_: Moment, book: Logbook) -> Answer:
    """Iterations, and the seconds that had been trained by then."""
    return dict(zip(("x", "seconds"), book.logs["clock"].columns(), strict=True))


def _note(book: Logbook, seconds: float) -> None:
    book.logs["clock"].add(book.iteration, seconds)


VIEW = View("clock", always, clock, pages=frozenset(), logs={"clock": ((0, 0.0),)}, note=_note)

"""The probes of a run: whatever is watched is answered here, by the views' own declarations."""

from __future__ import annotations

import time
from collections.abc import Iterable
from concurrent.futures import Future
from typing import Any

import numpy as np

from ganlab.metrics.modes import Coverage
from ganlab.training.history import History
from ganlab.training.trainer import Trainer
from ganlab.views.catalogue import all_views, views_of
from ganlab.views.film import Film
from ganlab.views.images import pixels
from ganlab.views.inputs import Inputs, as_array, moment
from ganlab.views.log import Log
from ganlab.views.logbook import Logbook
from ganlab.views.seldom import Seldom
from ganlab.views.view import Answer


class Probes:
    """The probes of one Trainer; they answer the views asked for.

    Attributes:
        book: what the views look back on.
    """

    def __init__(self, trainer: Trainer, history: History) -> None:
        self._inputs = Inputs(trainer)
        self._views = views_of(trainer.experiment)
        logs = {name: rows for view in all_views().values() for name, rows in view.logs.items()}
        self.book = Logbook(self._inputs, history, logs)
        self._seldom = Seldom()

    def answer(self, names: Iterable[str], moving: bool = False) -> dict[str, Answer]:
        """The named views at this iteration, with those of their parts that are named; what has no meaning here is left
        out.

        While it trains (`moving`), views that are asked seldom may repeat what they said within the last second.
        """
        wanted = set(names)
        self.book.awaited = set()
        asked = [view for view in self._views if view.name in wanted]
        repeated = self._seldom.repeated(asked, time.monotonic()) if moving else {}
        with moment(self._inputs) as now:
            found = {view.name: repeated.get(view.name) or view.answer(now, self.book) for view in asked}
            self._seldom.keep(found, asked, time.monotonic())
            for view in asked:
                for part, answer in view.parts.items():
                    if f"{view.name}.{part}" in wanted:
                        found[view.name] = found[view.name] | answer(now, self.book)
        return found

    def note(self, seconds: float) -> None:
        """Let views note what they keep of every run, watched or not, when so many seconds have been trained."""
        for view in self._views:
            if view.note is not None:
                view.note(self.book, seconds)

    def coverage(self) -> Coverage | None:
        """How 2,500 samples cover the data's known modes; None where none are known."""
        with moment(self._inputs) as now:
            return now.coverage

    def samples(self) -> np.ndarray:
        """A few of the samples shown: images (16, height, width, channels) as bytes, or points (400, dimension)."""
        with moment(self._inputs) as now:
            return pixels(now.samples[:16]) if self._inputs.images else as_array(now.samples[:400])

    @property
    def logs(self) -> dict[str, Log]:
        """What was measured when somebody looked."""
        return self.book.logs

    @property
    def film(self) -> Film:
        """Of images, what became of a few latents."""
        return self.book.recall(Film)

    @property
    def awaited(self) -> set[Future[Any]]:
        """What is trained in the background that the views answered last need."""
        return self.book.awaited

    @property
    def measuring(self) -> float:
        """Seconds that went into measurements that keep to a share of time of their own."""
        return self.book.measuring

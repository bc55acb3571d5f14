"""The measurements of a probe at the iterations at which somebody watched."""

from __future__ import annotations

import numpy as np

MOST = 800  # entries; more than a chart can show

Rows = tuple[tuple[float, ...], ...]


class Log:
    """Rows of an iteration and its values, the oldest first; when there are too many, every other one is dropped."""

    def __init__(self, rows: Rows = ()) -> None:
        self._rows = list(rows)

    def add(self, iteration: int, *values: float) -> None:
        """Note the values at this iteration, in place of those noted at the same one before."""
        if self._rows and self._rows[-1][0] == iteration:
            self._rows.pop()
        self._rows.append((iteration, *values))
        if len(self._rows) > MOST:
            self._rows = self._rows[::2]

    def __len__(self) -> int:
        return len(self._rows)

    @property
    def last(self) -> tuple[float, ...]:
        """The newest row."""
        return self._rows[-1]

    def rows(self) -> Rows:
        """Returns the rows, so that another log can go on from them."""
        return tuple(self._rows)

    def go_on_from(self, rows: Rows) -> None:
        """Take over the rows of another log."""
        self._rows = list(rows)

    def columns(self) -> np.ndarray:
        """Iterations, then each value, (1 + values, n)."""
        return np.array(self._rows, np.float32).T

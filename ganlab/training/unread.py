"""Scalars that wait on the device until somebody reads them, so that no step waits for the device."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor

from ganlab.training.history import Floats

ROWS = 256  # iterations whose scalars may wait


class Unread:
    """The scalars of the iterations since they were last drained, a row each; NaN where one was not measured."""

    def __init__(self, scalars: tuple[str, ...], device: torch.device) -> None:
        self._scalars = scalars
        self._rows = torch.full((ROWS, len(scalars)), torch.nan, device=device)
        self._waiting = 0
        self._read: list[Floats] = []
        self._unmeasured = torch.full((), torch.nan, device=device)

    def note(self, measured: Mapping[str, Tensor]) -> None:
        """Add the row of an iteration, which measured these scalars."""
        if self._waiting == ROWS:
            self._read_rows()
        row = [measured.get(name, self._unmeasured).detach() for name in self._scalars]
        torch.stack(row, out=self._rows[self._waiting])
        self._waiting += 1

    def drain(self) -> list[Floats]:
        """The scalars since the last call, blocks of rows (n, scalars), oldest first."""
        self._read_rows()
        drained, self._read = self._read, []
        return drained

    def _read_rows(self) -> None:
        if self._waiting:
            self._read.append(self._rows[: self._waiting].cpu().numpy().copy())
            self._waiting = 0

"""Every scalar of every iteration, and a short form of it for drawing."""

from __future__ import annotations

import warnings
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from ganlab.experiment.choices import Model

SCALARS_OF_D = ("loss_d", "penalty", "score_real", "score_fake", "grad_norm_d")
SCALARS_OF_G = ("loss_g", "grad_norm_g")
SCALARS = (*SCALARS_OF_D, *SCALARS_OF_G)  # of a GAN
VAE_SCALARS = ("reconstruction", "kl", "grad_norm_encoder", "grad_norm_decoder")
SCALARS_OF: Mapping[Model, tuple[str, ...]] = {"gan": SCALARS, "vae": VAE_SCALARS}
Floats = NDArray[np.float32]


class History:
    """Append-only and lossless: row i holds the values of iteration i + 1, in the order of `scalars`.

    NaN stands where a value was not measured (D's loss in a generator step taken alone).
    """

    def __init__(self, scalars: tuple[str, ...] = SCALARS) -> None:
        self.scalars = scalars
        self._rows = np.empty((1024, len(scalars)), np.float32)
        self._count = 0
        self._buckets = Buckets(len(scalars))

    def __len__(self) -> int:
        return self._count

    def append(self, rows: Floats) -> None:
        """Add rows (n, scalars), the oldest first."""
        needed = self._count + len(rows)
        if needed > len(self._rows):
            grown = np.empty((max(needed, 2 * len(self._rows)), len(self.scalars)), np.float32)
            grown[: self._count] = self._rows[: self._count]
            self._rows = grown
        self._rows[self._count : needed] = rows
        self._count = needed
        self._buckets.extend(self.rows())

    def rows(self) -> Floats:
        """All rows (iterations, scalars), as a read-only view."""
        view = self._rows[: self._count]
        view.flags.writeable = False
        return view

    def column(self, name: str, last: int | None = None) -> Floats:
        """Returns one scalar over all iterations, or over the last few."""
        start = 0 if last is None else max(0, self._count - last)
        return self.rows()[start:, self.scalars.index(name)]

    def thinned(self) -> tuple[Floats, Floats, Floats, Floats]:
        """Iterations (n,) and the mean, least and greatest values (n, scalars) around each; n is at most 400."""
        return self._buckets.view(self.rows())


class Buckets:
    """The rows of a history in at most `most` buckets of equal length, which doubles when they run out.

    A row is read twice (once into a bucket, once while its bucket is still open), so that drawing
    costs the same after a million iterations as after a thousand.
    """

    def __init__(self, width: int, most: int = 400) -> None:
        self._width = width
        self._most = most
        self._length = 1
        self._full = np.empty((3, 0, width), np.float32)

    def extend(self, rows: Floats) -> None:
        """Fill buckets from `rows`, which holds all rows so far."""
        while len(rows) // self._length > self._most:
            self._length *= 2
            pairs = self._full.shape[1] // 2
            self._full = _summary(self._full[:, : 2 * pairs].reshape(3, pairs, 2, self._width), axis=2)
        done = self._full.shape[1]
        fresh = len(rows) // self._length - done
        if fresh > 0:
            start = done * self._length
            block = rows[start : start + fresh * self._length].reshape(fresh, self._length, self._width)
            self._full = np.concatenate([self._full, _summary(np.stack([block] * 3), axis=2)], axis=1)

    def view(self, rows: Floats) -> tuple[Floats, Floats, Floats, Floats]:
        """See `History.thinned`."""
        full = self._full
        x = (np.arange(full.shape[1], dtype=np.float32) + 1) * self._length
        open_rows = rows[full.shape[1] * self._length :]
        if len(open_rows):
            full = np.concatenate([full, _summary(np.stack([open_rows[None]] * 3), axis=2)], axis=1)
            x = np.append(x, np.float32(len(rows)))
        return x, full[0], full[1], full[2]


def _summary(values: Floats, axis: int) -> Floats:
    """Mean, least and greatest of the first, second and third plane, NaN where all are NaN."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        mean, low, high = values
        axis -= 1
        return np.stack([np.nanmean(mean, axis), np.nanmin(low, axis), np.nanmax(high, axis)]).astype(np.float32)

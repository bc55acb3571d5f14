"""What became of a few fixed latents from pass to pass through the data: a strip of moments, thinned as it grows."""

from __future__ import annotations

import base64
import io
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor

from ganlab.experiment.codes import class_count
from ganlab.views.images import pixels
from ganlab.views.inputs import generate, moment
from ganlab.views.logbook import Logbook

LATENTS = 6
MOST = 16  # moments
APART_SECONDS = 1.0  # at least, however short a pass is
MOST_BYTES = 700  # of a moment's picture, so that a frame with sixteen of them stays below 60 kB
SIDE = 50  # pixels of a sample: no place for the strip is large enough for more
TINY = 16
QUALITIES = (80, 60, 40, 20, 5, 0)


@dataclass(frozen=True)
class Still:
    """The samples after so many whole passes: a WebP, one above the other."""

    passes: int
    iteration: int
    picture: bytes


class Film:
    """Samples of the same latents, seen at the end of a pass; the first and the newest are always there.

    A pass that ends within a second of the last moment kept is left out. Where G is asked for classes, each latent
    is of another class.

    Attributes:
        stills: at most 16, the oldest first.
    """

    def __init__(self, book: Logbook) -> None:
        self.stills: tuple[Still, ...] = ()
        self._inputs = book.inputs
        self._seen_at = 0.0

    def add_if_due(self) -> None:
        """Keep this moment if a pass has ended since the last call, or if it is the first."""
        trainer = self._inputs.trainer
        if trainer.sampler.passes is None or not self._inputs.images:
            return
        passes, now = int(trainer.sampler.passes), time.monotonic()
        if self.stills and (passes <= self.stills[-1].passes or now - self._seen_at < APART_SECONDS):
            return
        self._seen_at = now
        with moment(self._inputs) as seen:
            images = pixels(generate(seen.generator, self._latents()))
        self.stills = thinned((*self.stills, Still(passes, trainer.iteration, encoded(images))))

    def view(self) -> dict[str, Any]:
        """The strip as it is sent: a column for each moment, a row for each latent."""
        trainer = self._inputs.trainer
        labels = trainer.spec.labels[:LATENTS] if class_count(trainer.experiment) else ()
        stills = [
            {"passes": each.passes, "iteration": each.iteration, "picture": np.frombuffer(each.picture, np.uint8)}
            for each in self.stills
        ]
        return {"rows": len(labels) or LATENTS, "most": MOST, "labels": labels, "stills": stills}

    def _latents(self) -> Tensor:
        """Returns the latents that are shown first, or the first of each class."""
        classes = class_count(self._inputs.trainer.experiment)
        if classes:
            return self._inputs.latents[:: self._inputs.wall[1]][: min(classes, LATENTS)]
        return self._inputs.latents[:LATENTS]


def thinned(stills: Sequence[Still]) -> tuple[Still, ...]:
    """At most 16 moments: the one whose neighbours are closest goes, but never the first or the last."""
    kept = list(stills)
    while len(kept) > MOST:
        gaps = [after.passes - before.passes for before, after in zip(kept, kept[2:], strict=False)]
        del kept[1 + gaps.index(min(gaps))]
    return tuple(kept)


def encoded(images: NDArray[np.uint8]) -> bytes:
    """Images (n, height, width, channels) above each other as a WebP, of about 700 bytes at most unless they are noise.

    Those of at most 16 pixels a side are exact if that is light enough. Those of more than 50 are made smaller by a
    whole factor.
    """
    n, height, width, channels = images.shape
    column = images.reshape(n * height, width, channels)
    picture = Image.fromarray(column[..., 0] if channels == 1 else column).reduce(-(-height // SIDE))
    data = b""
    for exact, quality in (*([(True, 80)] if height <= TINY else []), *((False, quality) for quality in QUALITIES)):
        file = io.BytesIO()
        picture.save(file, "WEBP", lossless=exact, quality=quality)
        data = file.getvalue()
        if len(data) <= MOST_BYTES:
            break
    return data


def stills_to_plain(stills: Sequence[Still]) -> list[list[Any]]:
    """Returns the stills as JSON holds them."""
    return [[each.passes, each.iteration, base64.b64encode(each.picture).decode()] for each in stills]


def stills_from_plain(plain: Sequence[Sequence[Any]]) -> tuple[Still, ...]:
    """The inverse of `stills_to_plain`."""
    return tuple(Still(passes, iteration, base64.b64decode(picture)) for passes, iteration, picture in plain)

"""Data that are images: samples of fixed latents beside real ones."""

from __future__ import annotations

from ganlab.experiment import is_images
from ganlab.experiment.codes import class_count
from ganlab.views.images import mosaic, strip
from ganlab.views.inputs import Moment
from ganlab.views.logbook import Logbook
from ganlab.views.reconstruction import reconstructed
from ganlab.views.view import Answer, View, Wire


def samples(now: Moment, _: Logbook) -> Answer:
    """Samples, always of the same latents, and two rows of real images; of a VAE, one of them and its reconstructions.

    Where G is asked for classes, each has a row, and a column shares its noise.
    """
    rows, columns = now.inputs.wall
    e, real = now.trainer.experiment, now.inputs.real
    shown = mosaic(now.samples[: rows * columns], rows, columns)
    shown["labels"] = now.trainer.spec.labels if class_count(e) else ()
    if e.model == "vae":
        again = reconstructed(now, real[:columns])
        return shown | strip("real", real[:columns], 1, columns) | strip("reconstructed", again, 1, columns)
    return shown | strip("real", real[: 2 * columns], 2, columns)


VIEW = View("samples", is_images, samples, Wire(jpeg_bytes=22_000), place=0, node="fake")

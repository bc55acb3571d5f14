"""Every scalar and a grid of samples, as TensorBoard's event files."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ganlab.export.files import CannotExport
from ganlab.export.pictures import draw_samples
from ganlab.export.trained_run import TrainedRun

if TYPE_CHECKING:
    from matplotlib.figure import Figure

FOLDER = "tensorboard"
EVENTS = "events.out.tfevents.ganlab"  # one name always: a second export replaces the first


def write_tensorboard(run: TrainedRun, folder: Path) -> str:
    """tensorboard/events.out.tfevents.ganlab: to be shown by `tensorboard --logdir tensorboard`."""
    from tensorboardX import SummaryWriter
    from tensorboardX.proto.event_pb2 import Event

    with SummaryWriter(str(folder / FOLDER)) as writer:
        writer.add_text("experiment", f"```json\n{run.experiment.to_json()}```")
        writer.add_image("samples", _pixels(draw_samples(run)), run.iteration, dataformats="HWC")
        for name, values in zip(run.scalars, run.history.T, strict=True):
            for iteration, value in enumerate(values, start=1):
                if not np.isnan(value):
                    writer.add_scalar(name, float(value), iteration)
    (written,) = (folder / FOLDER).iterdir()
    path = written.replace(folder / FOLDER / EVENTS)
    values = [value for record in _records(path) for value in Event.FromString(record).summary.value]
    found = sum(value.tag in run.scalars for value in values)
    expected = int((~np.isnan(run.history)).sum())
    if found != expected:
        raise CannotExport(f"Of {expected:,} values {found:,} could be read back: please report this.")
    return f"read back: {found:,} values of {len(run.scalars)} scalars"


def _records(path: Path) -> Iterator[bytes]:
    """The records of a TFRecord file: a length, its checksum, the record, its checksum."""
    content, at = path.read_bytes(), 0
    while at < len(content):
        length = int.from_bytes(content[at : at + 8], "little")
        yield content[at + 12 : at + 12 + length]
        at += 12 + length + 4


def _pixels(figure: Figure) -> np.ndarray:
    """The figure as (height, width, 3) bytes."""
    from PIL import Image

    picture = io.BytesIO()
    figure.savefig(picture, format="png")
    return np.asarray(Image.open(picture).convert("RGB"))

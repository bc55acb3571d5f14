"""Take a trained generator home: files that work without this app, each checked before it is offered."""

from ganlab.export.files import CannotExport
from ganlab.export.generator import TrainedGenerator, load_generator

__all__ = ["CannotExport", "TrainedGenerator", "load_generator"]

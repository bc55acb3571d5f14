"""Take a trained generator home: files that work without this app, each checked before it is offered."""

from ganlab.export.files import CannotExport
from ganlab.export.generator import Generator, load_generator

__all__ = ["CannotExport", "Generator", "load_generator"]

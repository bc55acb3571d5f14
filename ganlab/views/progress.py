"""What became of a few fixed latents from pass to pass through the data."""

from __future__ import annotations

from ganlab.experiment import is_images
from ganlab.views.film import Film
from ganlab.views.inputs import Moment
from ganlab.views.logbook import Logbook
from ganlab.views.view import Answer, View


def progress(_: Moment, book: Logbook) -> Answer:
    """The moments that were kept."""
    return book.recall(Film).view()


def _note(book: Logbook, _: float) -> None:
    book.recall(Film).add_if_due()


VIEW = View("progress", is_images, progress, place=110, node="fake", note=_note)

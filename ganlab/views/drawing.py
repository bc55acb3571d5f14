"""How samples are drawn: the one place that says so, for Python's pages and for the browser."""

from __future__ import annotations

from typing import Literal

from ganlab.data import shape_of
from ganlab.experiment import Experiment, is_images

Drawing = Literal["plane", "line", "phase", "images"]


def drawing_of(e: Experiment) -> Drawing:
    """Points in a plane or on a line, the two players of the Dirac game in their plane, or images."""
    if is_images(e):
        return "images"
    if e.data == "dirac":
        return "phase"
    return "line" if shape_of(e) == (1,) else "plane"

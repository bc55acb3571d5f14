"""What a page says about a method: its formula, where it comes from, why it is there, and the source that runs."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Note:
    """`formula` is LaTeX, `intuition` a sentence; `functions` are those that compute it here."""

    label: str
    formula: str
    reference: str
    intuition: str
    functions: tuple[Callable[..., object], ...] = ()


def source(note: Note) -> str:
    """The Python of a method's functions and classes, as it runs; empty where PyTorch's own does the work."""
    return "\n\n".join(inspect.getsource(function) for function in note.functions)

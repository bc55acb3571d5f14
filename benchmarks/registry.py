"""Which figures there are, by name, and the function that measures each."""

from __future__ import annotations

from collections.abc import Mapping

from benchmarks import (
    ceiling,
    classroom,
    collapse,
    gpu,
    hostile,
    hosts,
    keeping,
    lab,
    largest_tables,
    latent,
    live,
    page,
    preset,
    products,
    restart,
    trace,
    train,
    wall,
)
from benchmarks.report import Measure

FIGURES: Mapping[str, Measure] = {
    **train.FIGURES,
    **products.FIGURES,
    **live.FIGURES,
    **page.FIGURES,
    **lab.FIGURES,
    **preset.FIGURES,
    **latent.FIGURES,
    **wall.FIGURES,
    **keeping.FIGURES,
    **collapse.FIGURES,
    **hostile.FIGURES,
    **largest_tables.FIGURES,
    **hosts.FIGURES,
    **ceiling.FIGURES,
    **trace.FIGURES,
    **classroom.FIGURES,
    **restart.FIGURES,
    **gpu.FIGURES,
}


def chosen(name: str) -> dict[Measure, list[str]]:
    """The measures of a figure, of a family, or (for "") of everything, in order, and what each of them gives."""
    found: dict[Measure, list[str]] = {}
    for known, measure in FIGURES.items():
        if not name or f"{known}.".startswith(f"{name}."):
            found.setdefault(measure, []).append(known)
    return found

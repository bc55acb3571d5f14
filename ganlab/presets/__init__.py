"""Named Experiments that are worth seeing, each with what it shows and where its settings come from."""

from __future__ import annotations

from collections.abc import Mapping

from ganlab.presets import clinic, collapse, conditional, dirac, others, published, start, walkthroughs
from ganlab.presets.preset import Family, Preset

__all__ = ["DEFAULT", "FAMILIES", "PRESETS", "Family", "Preset"]

FAMILIES = (
    Family("Start here", "One for each kind of data, quick on any machine.", start.PRESETS),
    Family("Mode collapse", "Modes lost within seconds; the Collapse page measures and cures them.", collapse.PRESETS),
    Family(
        "Published settings",
        "Each has the settings of its source; what differs is written behind the title.",
        published.PRESETS,
    ),
    Family(
        "Walk-throughs",
        "Five systems from articles: as published, corrected, and with variations.",
        walkthroughs.PRESETS,
    ),
    Family("Dirac game", "Two numbers play against each other: how every method moves, in one plane.", dirac.PRESETS),
    Family("Classes and codes", "Ask G for a class, or see what it makes of a code.", conditional.PRESETS),
    Family("Other ways", "The same generators, trained in other ways: as a VAE, and with energies.", others.PRESETS),
    Family("Clinic", "Famous mistakes, each with its fix one click away.", clinic.PRESETS),
)

PRESETS: Mapping[str, Preset] = {preset.name: preset for family in FAMILIES for preset in family.presets}
DEFAULT = PRESETS["ring-ns"]

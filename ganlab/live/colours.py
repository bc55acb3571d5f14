"""What each colour means, in light and dark theme: one table for charts, canvases and style sheets."""

from __future__ import annotations

from collections.abc import Mapping

# Okabe and Ito's colour-blind safe set; the light theme takes its darker shades, so that thin lines keep contrast.
COLOURS: Mapping[str, Mapping[str, str]] = {
    "light": {
        "real": "#0072B2",
        "generated": "#D55E00",
        "discriminator": "#007A5E",
        "generator": "#AA4499",
    },
    "dark": {
        "real": "#56B4E9",
        "generated": "#E69F00",
        "discriminator": "#2BC4A0",
        "generator": "#DD88CC",
    },
}

# What tells runs apart, in the order in which they are given out: also for colour-blind eyes, and from the hues above.
RUN_COLOURS: Mapping[str, tuple[str, ...]] = {
    "light": ("#000066", "#ee5588", "#6688ff", "#993300", "#6622bb", "#440000"),
    "dark": ("#aa66ff", "#ffff99", "#00eeff", "#cc2200", "#99cc00", "#117788"),
}


def run_colour(number: int) -> str:
    """The colour of a run as CSS, which follows the page's theme."""
    return f"light-dark({RUN_COLOURS['light'][number]}, {RUN_COLOURS['dark'][number]})"

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

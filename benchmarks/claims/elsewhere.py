"""Texts that no row of the table holds: what proves them otherwise, or why they promise nothing of a run."""

from __future__ import annotations

from collections.abc import Mapping

GAME = "tests/training/test_dirac_game.py"  # the game has no chance in it, but for instance noise: one run is all runs
WALK = "tests/presets/test_walkthroughs.py"
TABLE = "benchmarks/results/mode_collapse.md"

PROVED: Mapping[str, str] = {
    "ring-settled": TABLE,
    "grid-settled": TABLE,
    "dirac-minimax": GAME,
    "dirac-non-saturating": GAME,
    "dirac-wgan": GAME,
    "dirac-wgan-gp": GAME,
    "dirac-instance-noise": GAME,
    "dirac-r1": GAME,
    "dirac-r1-critical": GAME,
    "dirac-consensus": GAME,
    "walk-1-cosine-raw": WALK,
    "walk-2-adam": WALK,
    "walk-3-circle": WALK,
    "walk-3-too-small": WALK,
    "walk-3-too-large": WALK,
    "walk-3-decay": WALK,
    "walk-3-momentum": WALK,
    "walk-3-adam": WALK,
    "walk-5-as-given": WALK,
    "published-lsgan": "tests/game/test_losses.py",
    "moons-ls": "tests/game/test_losses.py",
}
"""By the name of the preset: the file that proves its explanation, by theory or by seeds of its own."""

ASKS = "It asks the reader to look, and foretells nothing."
DESCRIBES = "It says what the settings are or how the method is meant, not what this run will do."

SILENT: Mapping[str, str] = {
    "ring-ns": ASKS,
    "grid": "It compares the data, not what a run does.",
    "mixture-1d": "It says what is drawn.",
    "shapes-dcgan-r1": ASKS,
    "spiral-hinge": ASKS,
    "published-gan": ASKS,
    "published-dcgan": DESCRIBES,
    "published-dcgan-original": DESCRIBES,
    "published-wgan": DESCRIBES,
    "published-wgan-gp-images": DESCRIBES,
    "published-wgan-gp-toy": DESCRIBES,
    "published-dragan": DESCRIBES,
    "published-sngan": DESCRIBES,
    "published-r1": DESCRIBES,
    "published-r3gan": DESCRIBES,
    "published-lightweight": DESCRIBES,
    "published-pacgan": DESCRIBES,
    "published-unrolled": DESCRIBES,
    "published-consensus": DESCRIBES,
    "digits-conditional": ASKS,
    "digits-acgan": ASKS,
    "digits-infogan": ASKS,
    "walk-2-sign-right": DESCRIBES,
    "walk-4-wgan": DESCRIBES,
    "walk-4-wgan-gp": DESCRIBES,
    "walk-5-average": DESCRIBES,
    "walk-5-batch-norm": DESCRIBES,
}
"""By the name of the preset: why its explanation says nothing of a run's behaviour."""

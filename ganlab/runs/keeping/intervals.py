"""How often a run that trains is saved."""

from __future__ import annotations

SAVE_SECONDS = 8.0  # between two saves: with the time to write one, ten are lost at most
SOON_SECONDS = 1.0  # likewise right after it began; each pause is as long as it has trained by then


def pause_after(trained: float, longest: float = SAVE_SECONDS) -> float:
    """The seconds from one save to the next, where the newest one came `trained` seconds after the first."""
    return min(longest, max(SOON_SECONDS, trained))

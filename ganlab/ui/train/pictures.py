"""What `python -m benchmarks.gallery` made of each preset: a small picture, and how long its training takes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from ganlab.presets import PRESETS
from ganlab.ui.site import site_file

INDEX = "assets/gallery/pictures.json"
# How many seconds at most a person would call so.
IN_WORDS = (
    (15, "a few seconds"),
    (45, "half a minute"),
    (90, "a minute"),
    (3_000, "{:.0f} minutes"),
    (5_400, "an hour"),
)


@dataclass(frozen=True)
class PresetPicture:
    """A preset's picture.

    Attributes:
        iterations: after how many it was taken.
        pace: seconds that 1,000 iterations take on one CPU core, as measured.
    """

    path: Path
    iterations: int
    pace: float

    def time(self, last: int) -> str:
        """How long the training takes to its `last` iteration; where it has none (0), how long 1,000 take."""
        return f"whole run: {in_words(self.pace * last / 1000)}" if last else f"1,000 iterations: {in_words(self.pace)}"


@lru_cache(maxsize=1)
def pictures() -> Mapping[str, PresetPicture]:
    """Returns the pictures by the preset's name, without those of settings that have changed since."""
    index = site_file(INDEX)
    if index is None:
        return {}
    found: dict[str, PresetPicture] = {}
    for name, entry in json.loads(index.read_text(encoding="utf-8")).items():
        path = index.with_name(f"{name}.webp")
        if name in PRESETS and PRESETS[name].experiment.differences() == entry["settings"] and path.exists():
            found[name] = PresetPicture(path, entry["iterations"], entry["s_per_1000"])
    return found


def in_words(seconds: float) -> str:
    """A length of time, as roughly as it is known of another machine."""
    told = next((words for most, words in IN_WORDS if seconds <= most), "{:.0f} hours")
    return told.format(seconds / 60 if "minutes" in told else max(seconds / 3600, 2))

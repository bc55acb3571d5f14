"""`python -m benchmarks.gallery`: the pictures of the presets' gallery, each of what the preset's own training makes.

Every preset is trained with its own seed for a few CPU seconds of one thread, or as many iterations as it sets itself,
and the samples of the generator that the page shows are drawn: of images a mosaic, of points a cloud on the data's axes
with real points behind it, of the Dirac game the path of both players. None is picked. What is done is kept after every
preset: the run can be broken off and taken up again. A preset that has changed since, or is given more time, is trained
anew.
"""

from __future__ import annotations

import argparse
import io
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from benchmarks.presets import as_json, rounded, train_for
from ganlab.experiment import Experiment, is_images
from ganlab.presets import PRESETS
from ganlab.runs.keeping.picture import SamplePreview, draw
from ganlab.training.build import build_trainer
from ganlab.training.dirac import DiracTrainer
from ganlab.training.history import History
from ganlab.training.trainer import Trainer
from ganlab.views import Probes
from ganlab.views.inputs import Inputs

FOLDER = Path(__file__).parents[1] / "assets" / "gallery"
INDEX = FOLDER / "pictures.json"
MEASURED = Path(__file__).parent / "results" / "presets.json"
SIDE = 112  # pixels, as the pictures of stored runs
MOST_BYTES = 4096
QUALITIES = (80, 65, 50, 35, 20, 10)  # of a mosaic, the best that fits
FINE = 4  # drawn so many times larger, then reduced
REAL, GENERATED = (64, 150, 205), (224, 123, 0)  # on light and on dark pages
PATH = (46, 155, 120)
EDGE = 1.6  # the Dirac game's plane reaches at least this far
SECONDS_OF_POINTS, SECONDS_OF_IMAGES = 3.0, 5.0

Points = NDArray[np.float32]


def picture(trainer: Trainer) -> Image.Image:
    """What the shown generator makes, (SIDE, SIDE); behind points, real ones."""
    if isinstance(trainer, DiracTrainer):
        return path(np.array(trainer.trail)[:, 1:])
    samples, extent = Probes(trainer, History()).samples(), trainer.spec.extent
    if samples.ndim == 4:
        return Image.open(io.BytesIO(draw(SamplePreview(samples, extent))))
    layers = ((Inputs(trainer).flat_real[: len(samples)], REAL), (samples, GENERATED))
    drawn = bars if samples.shape[1] == 1 else cloud
    base = Image.new("RGBA", (SIDE * FINE, SIDE * FINE), (*REAL, 0))
    for points, colour in layers:
        base.alpha_composite(drawn(points, extent, colour))
    return reduced(base)


def cloud(points: Points, extent: float, colour: tuple[int, int, int]) -> Image.Image:
    """Points (n, 2) on a plane from -extent to extent, FINE times as large."""
    layer = Image.new("RGBA", (SIDE * FINE, SIDE * FINE), (*colour, 0))
    pen = ImageDraw.Draw(layer)
    for x, y in on_canvas(points, extent):
        pen.ellipse((x - 5, y - 5, x + 5, y + 5), fill=(*colour, 255))
    return layer


def bars(points: Points, extent: float, colour: tuple[int, int, int]) -> Image.Image:
    """Points (n, 1) on a line from -extent to extent as a histogram that shows what is behind it."""
    counts, _ = np.histogram(points[np.isfinite(points)], bins=SIDE // 4, range=(-extent, extent))
    layer = Image.new("RGBA", (SIDE * FINE, SIDE * FINE), (*colour, 0))
    pen = ImageDraw.Draw(layer)
    width, height = 4 * FINE, SIDE * FINE
    for i, count in enumerate(counts / max(counts.max(), 1)):
        if count > 0:
            pen.rectangle((i * width, height * (1 - 0.95 * count), (i + 1) * width - 1, height), fill=(*colour, 160))
    return layer


def path(states: NDArray[np.float64]) -> Image.Image:
    """The path of both players of the Dirac game (n, 2), from dot to dot, around the equilibrium in the middle."""
    extent = max(EDGE, 1.1 * float(np.nan_to_num(np.abs(states)).max()))
    layer = Image.new("RGBA", (SIDE * FINE, SIDE * FINE), (*PATH, 0))
    pen = ImageDraw.Draw(layer)
    on = on_canvas(states, extent)
    pen.line([tuple(state) for state in on], fill=(*PATH, 255), width=FINE + 1, joint="curve")
    for (x, y), colour in (((SIDE * FINE / 2,) * 2, REAL), (on[-1], GENERATED)):
        pen.ellipse((x - 14, y - 14, x + 14, y + 14), fill=(*colour, 255))
    return reduced(layer)


def on_canvas(points: NDArray[Any], extent: float) -> NDArray[np.float64]:
    """Those of the points (n, 2) that lie within the plane, in pixels, the second axis upwards."""
    shares = (points.astype(np.float64) / extent + 1) / 2
    within = shares[np.isfinite(shares).all(1) & (np.abs(shares - 0.5) <= 0.5).all(1)]
    return np.stack([within[:, 0], 1 - within[:, 1]], axis=1) * SIDE * FINE


def reduced(large: Image.Image) -> Image.Image:
    """The picture in its own size."""
    return large.resize((SIDE, SIDE), Image.Resampling.LANCZOS)


def as_webp(image: Image.Image) -> bytes:
    """The picture in at most MOST_BYTES.

    Raises:
        ValueError: not even the lowest quality is that small.
    """
    for quality in QUALITIES:
        file = io.BytesIO()
        image.save(file, "WEBP", quality=quality, alpha_quality=quality, method=6)
        if len(file.getvalue()) <= MOST_BYTES:
            return file.getvalue()
    raise ValueError(f"The picture does not fit into {MOST_BYTES:,} bytes.")


def budget(e: Experiment) -> float:
    """CPU seconds of training that show what the preset is about, or at least how it begins."""
    return SECONDS_OF_IMAGES if is_images(e) else SECONDS_OF_POINTS


def make(name: str, cpu_seconds: float, folder: Path = FOLDER) -> dict[str, Any]:
    """Train the preset, write its picture, and return how far it came."""
    e = PRESETS[name].experiment
    torch.set_num_threads(1)
    trainer = build_trainer(e.changed(device="cpu"))
    seconds = train_for(trainer, cpu_seconds)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.webp").write_bytes(as_webp(picture(trainer)))
    return {"iterations": trainer.iteration, "cpu_s": rounded(seconds)}


def is_made(entry: Mapping[str, Any], e: Experiment, cpu_seconds: float) -> bool:
    """Whether the entry is of these very settings, and had this much time or came to its own end."""
    same = entry.get("settings") == e.differences()
    return same and (entry["cpu_s"] >= cpu_seconds or 0 < e.max_steps <= entry["iterations"])


def pace(made: Mapping[str, Any], measured: Mapping[str, Any]) -> float | None:
    """Seconds of 1,000 iterations: as `benchmarks.presets` measured the same settings, else as they took here."""
    same = measured.get("settings") == made["settings"]
    row = next((row for row in measured["seeds"] if "failed" not in row), made) if same else made
    return rounded(1000 * row["cpu_s"] / row["iterations"])


def write(entries: Mapping[str, dict[str, Any]]) -> None:
    """The index of the pictures, in the order of the presets, with what the page says of each."""
    measured = json.loads(MEASURED.read_text())["presets"]
    told = {name: entries[name] for name in PRESETS if name in entries}
    for name, entry in told.items():
        entry["s_per_1000"] = pace(entry, measured.get(name, {}))
    INDEX.write_text(as_json(told) + "\n")


def main() -> int:
    """Make the pictures that are not made yet."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.gallery", description=__doc__)
    parser.add_argument("--only", nargs="+", choices=PRESETS, default=list(PRESETS), metavar="NAME")
    parser.add_argument("--cpu-seconds", type=float, help="of training, for each (3 for points, 5 for images)")
    options = parser.parse_args()
    entries: dict[str, Any] = json.loads(INDEX.read_text()) if INDEX.exists() else {}
    for name in sorted(options.only, key=lambda name: is_images(PRESETS[name].experiment)):
        e = PRESETS[name].experiment
        cpu_seconds = options.cpu_seconds or budget(e)
        if not is_made(entries.get(name, {}), e, cpu_seconds):
            entries[name] = {"settings": e.differences()} | make(name, cpu_seconds)
            write(entries)
            print(name, entries[name]["iterations"], "iterations", file=sys.stderr, flush=True)
    write(entries)
    return 0


if __name__ == "__main__":
    sys.exit(main())

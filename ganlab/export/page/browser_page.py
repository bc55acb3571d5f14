"""The generator as one HTML file that runs in any browser, offline: sliders, an interpolation, a seed."""

from __future__ import annotations

import base64
import html
import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from ganlab.experiment.choices import DATA
from ganlab.experiment.codes import class_count
from ganlab.export.files import CannotExport
from ganlab.export.generator import TrainedGenerator
from ganlab.export.page.graph import graph_of
from ganlab.export.page.steps import Graph
from ganlab.export.program import tracing
from ganlab.export.trained_run import TrainedRun

STATIC = Path(__file__).with_name("static")
CHECKED = 16  # samples of the rounded weights that are compared here
CHECKED_IN_BROWSER = 4  # ... and by the page itself, whenever it opens
CHECKED_SEED = 1
ONE_LEVEL = 2 / 255  # of a pixel, whose range is [-1, 1]


def write_page(run: TrainedRun, folder: Path) -> str:
    """generator.html: the network's graph, its weights as 16-bit floats, and a small interpreter in JavaScript.

    Where 16 bits would move a pixel by more than one level, the weights keep 32.
    """
    generator = run.generator
    with tracing():
        graph = graph_of(generator)
    bits, difference = 16, _difference(generator, graph.rounded())
    if not difference <= ONE_LEVEL * _scale(generator):
        bits, difference = 32, _difference(generator, graph)
    if not difference <= ONE_LEVEL * _scale(generator):
        raise CannotExport(f"The graph differs from torch by {difference:.1e}: please report this.")
    (folder / "generator.html").write_text(_page(run, graph, bits), encoding="utf-8")
    found = f"{difference * 127.5:.2f} of 255 levels" if generator.makes_images else f"{difference:.1e}"
    return f"with {bits}-bit weights, largest difference from torch over {CHECKED} samples: {found}"


def _scale(generator: TrainedGenerator) -> float:
    return max(1.0, float(generator.untransformed(generator.latents(CHECKED, CHECKED_SEED)).abs().max()))


def _difference(generator: TrainedGenerator, graph: Graph) -> float:
    z = generator.latents(CHECKED, CHECKED_SEED)
    found = torch.cat([graph.run(one) for one in z[:, None]])
    return generator.distance(found, generator(z))


def _page(run: TrainedRun, graph: Graph, bits: int) -> str:
    title = f"A generator of: {DATA[run.experiment.data]}"
    subtitle = f"Trained with GanLab for {run.iteration:,} iterations. It runs in this browser, without the internet."
    parts = {
        "title": html.escape(title),
        "subtitle": html.escape(subtitle),
        "experiment": html.escape(run.experiment.to_json()),
        "style": (STATIC / "page.css").read_text(encoding="utf-8"),
        "operations": (STATIC / "operations.js").read_text(encoding="utf-8"),
        "page": (STATIC / "page.js").read_text(encoding="utf-8"),
        "program": json.dumps(_about(run, graph, bits)).replace("</", "<\\/"),
        "weights": base64.b64encode(_packed(graph.numbers(), bits)).decode(),
    }
    page = (STATIC / "page.html").read_text(encoding="utf-8")
    head, *pieces = page.split("{{")
    filled = [head]
    for piece in pieces:
        name, _, rest = piece.partition("}}")
        filled += [parts[name], rest]
    return "".join(filled)


def _about(run: TrainedRun, graph: Graph, bits: int) -> dict[str, Any]:
    """All that the page knows of the generator."""
    generator = run.generator
    z = generator.latents(CHECKED_IN_BROWSER, CHECKED_SEED)
    samples = generator(z)
    return {
        "program": graph.described(),
        "bits": bits,
        "latent_dim": run.experiment.latent_dim,
        "distribution": run.experiment.latent_distribution,
        "classes": _class_names(run),
        "categories": run.experiment.info_categories,
        "dials": run.experiment.info_continuous,
        "shape": generator.shape,
        "images": generator.makes_images,
        "extent": _scale(generator) * 1.2,
        "units": None if generator.units is None else asdict(generator.units),
        "check": {"inputs": _rounded(z), "samples": _rounded(samples.flatten(1))},
    }


def _class_names(run: TrainedRun) -> list[str]:
    """Of the classes that the generator can be asked for."""
    count = class_count(run.experiment)
    return list(run.labels) if len(run.labels) == count else [str(number) for number in range(count)]


def _packed(numbers: Tensor, bits: int) -> bytes:
    kind = np.dtype("<f2" if bits == 16 else "<f4")
    return numbers.numpy().astype(kind).tobytes()


def _rounded(values: Tensor) -> list[list[float]]:
    return [[float(f"{value:.7g}") for value in row] for row in values.tolist()]

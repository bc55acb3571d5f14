"""The outcome of the presets as a table in Markdown: a section for each family, every seed of every preset."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from ganlab.data import shape_of
from ganlab.experiment import Experiment, is_images
from ganlab.metrics.features import COORDINATES
from ganlab.presets import FAMILIES, Preset

Row = Mapping[str, Any]
Column = tuple[str, str, Callable[[float], str]]  # its head, the score it shows, and how

PROTOCOL = """\
Written by `python -m benchmarks.presets`; every seed is shown, none is picked. Each was trained on one thread for
{budget} CPU seconds (or for as many iterations as the preset sets itself) on one machine: what others come to in the
same time differs. These budgets are short: a row says what a visitor sees in the first minute or so, not what a
method can reach. Broken presets of the clinic and first steps of the walk-throughs are meant to fail.

The seeds stand side by side, 0 first; "-" is what could not be measured, "not finite" a generator whose samples are
not. `real` rows are what a perfect sampler reads: other real samples, as many, against the same reference.

- Samples of the generator that the page shows, in eval mode: 2,500, or half as many as there are images.
- Modes, good samples, reverse KL: a sample is good within 3 standard deviations of the nearest mode, a mode
  counts if it is the nearest of one of those (Srivastava et al. 2017; Lin et al. 2018), KL in nats.
- Jensen-Shannon: against the known density, in nats, at most 0.693. These values were measured with cells of six
  standard deviations and half a count in each, before the estimate was made finer: they read too low, and do not
  compare with what the app shows now.
- Fréchet distance: squared, between Gaussians fitted to both sets. Of points on their coordinates; of images on the
  last hidden layer of a small classifier that is trained here on these images (in the tables' first rows: its accuracy
  on test images). Not comparable with Inception FID, nor between data sets.
- Precision and coverage (Kynkaanniemi et al. 2019; Naeem et al. 2020), k = 5, on the same features.
- The Dirac game has two numbers only: how far both are from the equilibrium (0, 0) after 500 iterations, from 1.414."""


def three(value: float) -> str:
    """Three significant digits, without an exponent where it can be read so."""
    return f"{value:.3g}" if abs(value) < 1000 else f"{value:,.0f}"


def percent(value: float) -> str:
    """A share in percent."""
    return f"{100 * value:.1f}"


def whole(value: float) -> str:
    """A count."""
    return f"{value:,.0f}"


FRECHET: Column = ("Fréchet distance", "frechet", three)
KINDS: Mapping[str, tuple[Column, ...]] = {
    "points": (
        ("modes", "modes", whole),
        ("good samples %", "high_quality", percent),
        ("reverse KL", "reverse_kl", three),
        ("Jensen-Shannon", "js", three),
        FRECHET,
    ),
    "images": (FRECHET, ("precision", "precision", three), ("coverage", "coverage", three)),
    "dirac": (("distance from (0, 0)", "distance", three),),
}


def table(results: Mapping[str, Any]) -> str:
    """The presets' outcome, in the order in which the app lists them; those not measured are left out."""
    budgets = sorted({row["cpu_seconds"] for row in results["presets"].values()})
    lines = ["# What the presets come to", "", PROTOCOL.format(budget=" or ".join(f"{b:g}" for b in budgets))]
    for family in FAMILIES:
        measured = [preset for preset in family.presets if preset.name in results["presets"]]
        if measured:
            lines += ["", f"## {family.title}"]
        for kind, columns in KINDS.items():
            of_kind = [preset for preset in measured if kind_of(preset.experiment) == kind]
            if of_kind:
                lines += ["", *section(of_kind, columns, results)]
    return "\n".join(lines) + "\n"


def section(presets: Sequence[Preset], columns: Sequence[Column], results: Mapping[str, Any]) -> list[str]:
    """One table: real samples of each data set first, then the presets."""
    heads = ["preset", "data", "iterations", *(head for head, _, _ in columns)]
    lines = [cells(heads), cells("---" for _ in heads)]
    used = dict.fromkeys(data_name(preset.experiment) for preset in presets)
    of_data = {data: results["data"][data] for data in used if data in results["data"]}
    lines += [
        cells([of_real(real), data, "", *(shown([real], key, text) for _, key, text in columns)])
        for data, real in of_data.items()
    ]
    for preset in presets:
        seeds = results["presets"][preset.name]["seeds"]
        title, data = f"{preset.title} (`{preset.name}`)", data_name(preset.experiment)
        if failed := next((row["failed"] for row in seeds if "failed" in row), None):
            lines.append(cells([title, data, f"failed: {failed}", *("" for _ in columns)]))
            continue
        scores = [shown(seeds, key, text) for _, key, text in columns]
        lines.append(cells([title, data, shown(seeds, "iterations", whole), *scores]))
    return lines


def of_real(real: Row) -> str:
    """What the row of the real samples says before their scores."""
    if real["features"] == COORDINATES:
        return f"*real*, {real['n']:,} samples"
    accuracy = "" if real["accuracy"] is None else f", accuracy {percent(real['accuracy'])} %"
    return f"*real*, {real['n']:,} images{accuracy}"


def shown(seeds: Sequence[Row], key: str, text: Callable[[float], str]) -> str:
    """One score of every seed."""
    if all(key not in row for row in seeds):
        return "-"
    return " · ".join(one(row, key, text) for row in seeds)


def one(row: Row, key: str, text: Callable[[float], str]) -> str:
    """One seed's score."""
    if row.get(key) is not None:
        return text(row[key])
    return "not finite" if key in ("frechet", "distance") else "-"


def cells(values: Iterable[str]) -> str:
    """A line of a table."""
    return f"| {' | '.join(value.replace('|', '/') for value in values)} |"


def data_name(e: Experiment) -> str:
    """The data, and the size of images."""
    return f"{e.data} {shape_of(e)[-1]}x{shape_of(e)[-1]}" if is_images(e) else e.data


def kind_of(e: Experiment) -> str:
    """Which of the tables an experiment belongs in."""
    if e.data == "dirac":
        return "dirac"
    return "images" if is_images(e) else "points"

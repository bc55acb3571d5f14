"""A model card: what the generator is, how it was trained, how good it is by which protocol, and its limits."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import torch

from ganlab import data
from ganlab.data import Sampler
from ganlab.experiment import Experiment, is_images, knob
from ganlab.experiment.choices import MODELS
from ganlab.export.generator import TrainedGenerator
from ganlab.export.onnx import READ_BY, input_layout
from ganlab.export.pictures import draw_curves, draw_samples
from ganlab.export.trained_run import TrainedRun
from ganlab.metrics.distances import sliced_wasserstein
from ganlab.metrics.modes import mode_coverage, perfect_high_quality
from ganlab.presets import PRESETS, Preset
from ganlab.runs.state import MOVED

CARD = "model-card.md"
COVERAGE_SAMPLES = 2500  # as in VEEGAN's and PacGAN's protocols
COMPARED = 1000
SEED = 0
LATELY = 100  # iterations whose mean stands for the end
DOTS_PER_INCH = 110


def write_card(run: TrainedRun, folder: Path) -> str:
    """model-card.md with the two pictures that it shows."""
    for name, draw in {"samples": draw_samples, "curves": draw_curves}.items():
        draw(run).savefig(folder / f"card-{name}.png", dpi=DOTS_PER_INCH, bbox_inches="tight")
    (folder / CARD).write_text(card(run), encoding="utf-8")
    return f"after {run.iteration:,} iterations, with {len(run.interventions)} changes during training"


def card(run: TrainedRun) -> str:
    """The card as Markdown."""
    e = run.experiment
    untrained = "\n**This generator is untrained: its samples are noise.**\n" if run.iteration == 0 else ""
    parts = [
        f"# {MODELS[e.model]} on: {_value(e, 'data')}\n{untrained}",
        _facts(run),
        "![Samples](card-samples.png)\n",
        "## Metrics\n\n" + _metrics(run),
        "## Curves\n\n" + _curves(run),
        "## Settings\n\n" + _settings(run),
        "## Changes while it trained\n\n" + _interventions(run),
        "## Limits\n\n" + _limits(e),
    ]
    return "\n".join(parts)


def _facts(run: TrainedRun) -> str:
    generator, e = run.generator, run.experiment
    count = sum(weight.numel() for weight in generator.network.parameters())
    kept = f", the moving average of its weights (decay {e.ema_decay})" if e.ema_decay > 0 else ""
    facts = {
        "Generator": f"{_value(e, 'generator')}, {count:,} parameters{kept}",
        "Input": f"{input_layout(e)}; the noise is {_value(e, 'latent_distribution')}",
        "Output": f"{' × '.join(map(str, generator.shape))}, "
        + ("pixels in [-1, 1]" if is_images(e) else "coordinates, unbounded"),
        **_units(generator),
        "Trained": f"{run.iteration:,} iterations with batches of {e.batch_size}, seed {e.seed}",
        "Runs in": f"the .onnx: {READ_BY}; the .pt2: the torch that wrote it, {torch.__version__}, and later ones",
        "Made with": "GanLab; experiment.json repeats the run",
    }
    return _table(("", ""), facts.items())


def _units(generator: TrainedGenerator) -> dict[str, str]:
    if generator.units is None:
        return {}
    named = f" ({', '.join(generator.units.names)})" if generator.units.names else ""
    return {"Units": f"those of the data{named}; the network itself was trained on scaled numbers: {generator.units}"}


def _metrics(run: TrainedRun) -> str:
    e, generator = run.experiment, run.generator
    rows: list[tuple[str, str, str]] = []
    spec = data.load(e).spec
    if spec.centres is not None and spec.sigma is not None:
        found = mode_coverage(generator.sample(COVERAGE_SAMPLES, SEED).numpy(), spec.centres, spec.sigma)
        best = perfect_high_quality(spec.shape[0])
        protocol = f"{COVERAGE_SAMPLES:,} samples, nearest centre within 3 sigma (VEEGAN, PacGAN)"
        rows += [
            (
                "Modes captured",
                f"{found.captured} of {found.total}",
                f"{protocol}; a mode needs more of them than chance would give it",
            ),
            (
                "Modes touched",
                f"{found.touched} of {found.total}",
                f"{protocol}; one such sample is enough, as in the papers",
            ),
            ("Good samples", f"{found.high_quality:.1%}", f"the same; {best:.1%} for a perfect generator"),
            ("Reverse KL", f"{found.reverse_kl:.4f} nats", "the same; histogram of captured modes against uniform"),
        ]
    real = Sampler(data.load(e), SEED).next(COMPARED).flatten(1).numpy()
    fake = generator.untransformed(generator.latents(COMPARED, SEED)).flatten(1).numpy()
    if np.isfinite(fake).all():
        kind = "pixels" if is_images(e) else "coordinates"
        rows.append(
            (
                "Sliced Wasserstein distance",
                f"{sliced_wasserstein(real, fake):.4f}",
                f"{COMPARED:,} real and as many generated samples, {kind} as they are, 128 directions (Bonneel et al. "
                "2015)",
            )
        )
    return _table(("Metric", "Value", "Protocol"), rows)


def _curves(run: TrainedRun) -> str:
    ends = []
    for name, values in zip(run.scalars, run.history.T, strict=True):
        lately = values[-LATELY:][np.isfinite(values[-LATELY:])]
        if len(lately):
            ends.append((name.replace("_", " "), f"{lately.mean():.4g}"))
    if not ends:
        return "Nothing has been measured yet.\n"
    lasting = min(LATELY, len(run.history))
    return _table(("Scalar", f"Mean of the last {lasting} iterations"), ends) + "\n![Curves](card-curves.png)\n"


def _settings(run: TrainedRun) -> str:
    e = run.initial_experiment
    preset = _nearest(e)
    changed = e.differences(preset.experiment)
    rows = [(knob(name).label, name, _value(preset.experiment, name), _value(e, name)) for name in changed]
    if rows:
        said = f"The preset with the fewest differences is **{preset.title}**. {_source(preset, e)}\n\n"
        said += _table(("What differs", "Field", "Preset", "Here"), rows)
    else:
        said = f"They are those of the preset **{preset.title}**. {preset.source}\n"
    return f"{said}\n<details><summary>All settings</summary>\n\n```json\n{e.to_json()}```\n</details>\n"


def _source(preset: Preset, e: Experiment) -> str:
    """Where the preset's settings are from; a source of other data is not one of this run's."""
    if e.data == preset.experiment.data:
        return f"Its source: {preset.source}"
    return f"That preset has other data ({_value(preset.experiment, 'data')}), so its source is not given here."


def _nearest(e: Experiment) -> Preset:
    """The preset from which the fewest settings differ."""
    return min(PRESETS.values(), key=lambda preset: len(e.differences(preset.experiment)))


def _interventions(run: TrainedRun) -> str:
    if not run.interventions:
        return "None.\n"
    said = {
        "change": "changed",
        "step_d": "one update of D alone",
        "step_g": "one update of G alone",
        MOVED: "went on, on another kind of device, with new random numbers",
    }
    rows = [
        (
            f"{i.iteration:,}",
            said.get(i.kind, i.kind),
            ", ".join(f"{name} = {value}" for name, value in i.values.items()),
        )
        for i in run.interventions
    ]
    return _table(("After iteration", "What", "Values"), rows)


def _limits(e: Experiment) -> str:
    limits = [
        "Metrics depend on how many samples are compared: compare them only with values of the same protocol.",
        "The generator imitates its training data: what is missing or too frequent in them is missing or too frequent "
        "in its samples.",
        "The losses of a GAN do not tell how good its samples are.",
    ]
    if is_images(e):
        limits.append("Distances between pixels say little about what an image shows.")
    return "".join(f"- {limit}\n" for limit in limits)


def _value(e: Experiment, name: str) -> str:
    value: Any = getattr(e, name)
    return str(knob(name).choices.get(value, value))


def _table(head: tuple[str, ...], rows: Any) -> str:
    lines = [head, ("---",) * len(head), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)

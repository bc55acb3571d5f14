"""Whether the presets of the Collapse page collapse: on how many seeds of five.

The blobs have when most samples are good and sit on one of three modes; the others when at most half of the modes are
captured, wherever the samples lie.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial

import torch
from torch import Tensor

from benchmarks.mode_collapse import SAMPLES, SAMPLING_SEED, coverage_of
from benchmarks.report import Figure, Measure, Pace
from ganlab.data import Collection, load
from ganlab.experiment import Experiment
from ganlab.latent import draw_latents
from ganlab.metrics import classifier_for
from ganlab.metrics.classifier import UNREADABLE
from ganlab.presets import PRESETS
from ganlab.presets.collapse import COLLAPSED_AFTER
from ganlab.runs import Rest, Run, State
from ganlab.training.batched import together

STEPS = {name.removeprefix("collapse-"): steps for name, steps in COLLAPSED_AFTER.items()}
MODES = {"grid": 25, "stacked": 1000, "digits": 10}
SEEDS = 5


def collapsed(case: str, pace: Pace) -> Iterator[Figure]:
    """Train all seeds together, then count the modes of 2,500 samples of each."""
    base = PRESETS[f"collapse-{case}"].experiment.changed(device="cpu")
    count = modes_of(base)
    latents = draw_latents(SAMPLES, base, torch.Generator().manual_seed(SAMPLING_SEED))
    modes = []
    for _, members in together([base.changed(seed=seed) for seed in range(SEEDS)]):
        torch.set_num_threads(members.threads)
        for _ in range(pace.of(STEPS[case], 2)):
            members.step()
        modes += [count(samples) for samples in members.samples(latents)]
    against = f"{SEEDS} seeds: those with at most half of {MODES[case]} modes after {STEPS[case]:,} iterations"
    yield Figure(f"collapse.{case}", sum(2 * found <= MODES[case] for found in modes), "seeds", against, modes)


def held(pace: Pace) -> Iterator[Figure]:
    """Train each seed of the blobs until it is held, as the page does: at the first look that finds it collapsed."""
    last, at = pace.of(STEPS["blobs"], 2), []
    for seed in range(SEEDS):
        run = Run(PRESETS["collapse-blobs"].experiment.changed(device="cpu", seed=seed))
        run.play(Rest(last, "", once_collapsed=True))
        while run.state is State.RUNNING:
            run.obey()
            run.turn(1.0)
        at.append(run.iteration)
    against = f"{SEEDS} seeds: those that are held before {last:,} iterations, because they have collapsed"
    yield Figure("collapse.blobs", sum(iteration < last for iteration in at), "seeds", against, at)


def modes_of(base: Experiment) -> Callable[[Tensor], int]:
    """What counts the modes of samples: of labelled images, the classes that a classifier finds among them."""
    if base.data == "digits":
        data = load(base)
        assert isinstance(data, Collection)
        classifier = classifier_for(data)
        return lambda samples: len(set(classifier.read(samples).tolist()) - {UNREADABLE})
    count = coverage_of(base)
    return lambda samples: int(count(samples)["modes"])


FIGURES: Mapping[str, Measure] = {"collapse.blobs": held} | {
    f"collapse.{case}": partial(collapsed, case) for case in MODES
}

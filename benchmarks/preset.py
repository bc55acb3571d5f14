"""What the presets learn in their first minute, seed by seed, each in a process of its own."""

from __future__ import annotations

import multiprocessing
import os
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from typing import Any

import numpy as np
import torch

from benchmarks.report import Figure, Measure, Pace, median_of
from ganlab.data.images.digits import digits
from ganlab.latent import draw_latents
from ganlab.metrics.modes import mode_coverage
from ganlab.presets import DEFAULT, PRESETS
from ganlab.training.trainer import Trainer

SAMPLES = 2500  # as in VEEGAN's and PacGAN's protocols
HIGH_QUALITY = 0.9
LOOK_EVERY = 2.0  # seconds of training
SAMPLING_SEED = 20_171  # of the latents that are looked at; no run's own
CONFIDENT = 0.9
PRESENT = 0.01  # share of the samples from which a digit counts as present


def ring_covered(pace: Pace) -> Iterator[Figure]:
    """In how many seeds the default ring covers all modes with 90 % good samples after half a minute."""
    seconds = pace.of(30, 4)
    runs = _each_seed(train_ring, pace.of(10, 2), seconds)
    against = f"{len(runs)} seeds, {seconds} s of training on one thread, {SAMPLES} samples"
    yield Figure("preset.ring.covered", sum(run["covered"] for run in runs), f"seeds of {len(runs)}", against, runs)


def train_ring(seed: int, seconds: float) -> dict[str, Any]:
    """One seed: its coverage at the end, and when it was first complete."""
    trainer = Trainer(DEFAULT.experiment.changed(seed=seed, device="cpu"))
    torch.set_num_threads(1)
    spec = trainer.spec
    assert spec.centres is not None
    assert spec.sigma is not None
    trained, first = 0.0, None
    while True:
        coverage = mode_coverage(shown_samples(trainer, SAMPLES), spec.centres, spec.sigma)
        covered = coverage.captured == coverage.total and coverage.high_quality >= HIGH_QUALITY
        if covered and first is None:
            first = trained
        if trained >= seconds:
            break
        trained += train_for(trainer, min(LOOK_EVERY, seconds - trained))
    return {
        "seed": seed,
        "covered": covered,
        "modes": coverage.captured,
        "high_quality": coverage.high_quality,
        "reverse_kl": coverage.reverse_kl,
        "first_covered_s": first,
        "iterations": trainer.iteration,
    }


def digits_recognised(pace: Pace) -> Iterator[Figure]:
    """The share of the digits preset's samples that a classifier of real digits is sure of after a minute."""
    seconds = pace.of(60, 4)
    runs = _each_seed(train_digits, pace.of(4, 2), seconds)
    real, noise = median_of(runs, "real"), median_of(runs, "noise")
    against = (
        f"{seconds} s of training on one thread; {real:.2f} of unseen real digits and {noise:.2f} of noise "
        f"with the digits' own histogram at each pixel are classified with confidence > {CONFIDENT}"
    )
    yield Figure("preset.digits.recognised", median_of(runs, "recognised"), "share", against, runs)


def train_digits(seed: int, seconds: float) -> dict[str, Any]:
    """One seed: what a classifier makes of its samples, of digits that it has not seen, and of noise."""
    experiment = PRESETS["digits-dcgan"].experiment.changed(seed=seed, device="cpu")
    trainer = Trainer(experiment)
    torch.set_num_threads(1)
    train_for(trainer, seconds)
    samples = _flat(shown_samples(trainer, SAMPLES))
    data = digits()
    assert data.classes is not None
    real, labels = _flat(data.values.numpy()), data.classes.numpy()
    rng = np.random.default_rng(seed)
    order = rng.permutation(len(real))
    known, unseen = np.split(order, [2 * len(real) // 3])
    classifier = _classifier().fit(real[known], labels[known])
    noise = np.stack([rng.permutation(pixel) for pixel in real.T], axis=1)
    sure = classifier.predict_proba(samples).max(axis=1) > CONFIDENT
    shares = np.bincount(classifier.predict(samples)[sure], minlength=10) / len(samples)
    return {
        "seed": seed,
        "recognised": float(sure.mean()),
        "digits_present": int(np.count_nonzero(shares >= PRESENT)),
        "share_of_each_digit": shares.tolist(),
        "real": _share_sure(classifier, real[unseen]),
        "noise": _share_sure(classifier, noise),
        "accuracy_on_real": float(classifier.score(real[unseen], labels[unseen])),
        "iterations": trainer.iteration,
    }


def _classifier() -> Any:
    """Logistic regression: of scikit-learn's, the one that is seldom sure of what is no digit (an SVM often is)."""
    from sklearn.linear_model import LogisticRegression

    return LogisticRegression(max_iter=500)


def _share_sure(classifier: Any, images: np.ndarray) -> float:
    return float((classifier.predict_proba(images).max(axis=1) > CONFIDENT).mean())


def _flat(images: np.ndarray) -> np.ndarray:
    return images.reshape(len(images), -1).astype(np.float64)


def train_for(trainer: Trainer, seconds: float) -> float:
    """Train for about so long, reading the scalars at the end; returns how long it took."""
    started = time.perf_counter()
    while (elapsed := time.perf_counter() - started) < seconds:
        trainer.step()
    trainer.drain()
    return elapsed


@torch.no_grad()
def shown_samples(trainer: Trainer, count: int) -> np.ndarray:
    """Samples of the generator that the page shows, in eval mode."""
    latents = draw_latents(count, trainer.experiment, torch.Generator().manual_seed(SAMPLING_SEED))
    generator = trainer.shown.eval()
    samples: np.ndarray = generator(latents).numpy()
    generator.train()
    return samples


def _each_seed(train: Callable[[int, float], dict[str, Any]], seeds: int, seconds: float) -> list[dict[str, Any]]:
    """As many at once as there are cores: each trains on one thread."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(os.cpu_count(), context, max_tasks_per_child=1) as pool:
        return list(pool.map(train, range(seeds), [seconds] * seeds))


FIGURES: Mapping[str, Measure] = {
    "preset.ring.covered": ring_covered,
    "preset.digits.recognised": digits_recognised,
}

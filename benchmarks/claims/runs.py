"""The runs in which the sentences can be seen, the cheap ones first."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from benchmarks.claims.observed import Watched, watch
from ganlab.experiment import Experiment
from ganlab.presets import PRESETS
from ganlab.presets.clinic import CASES

FIXED = ", corrected"
SMALL: dict[str, Any] = {"g_width": 32, "d_width": 32, "batch_size": 64, "latent_dim": 4}
_AVERAGED_R1: dict[str, Any] = {"loss": "minimax", "r1_weight": 1.0, "ema_decay": 0.99, "beta1_g": 0.0, "g_width": 64}
NARROW_ON_A_GRID = _AVERAGED_R1 | {"data": "grid", "latent_dim": 1, "lr_g": 3e-3, "lr_d": 1e-3, "beta1_d": 0.0}
SMALL_BATCHES = _AVERAGED_R1 | {"batch_size": 32, "latent_dim": 2, "d_width": 64, "lr_g": 5e-4, "lr_d": 1.8e-3}


def _of(name: str, iterations: int, **changes: Any) -> Watched:
    return Watched(PRESETS[name].experiment.changed(**changes), iterations)


def _clinic() -> dict[str, Watched]:
    """Each case, and the same without its mistake."""
    lasting = {"clinic-two-activations": 600, "clinic-sigmoid-twice": 1_000, "clinic-mixed-batches": 400}
    runs = {}
    for name, case in CASES.items():
        iterations = lasting.get(name, 400)
        runs[name] = Watched(case.broken, iterations)
        runs[name + FIXED] = Watched(case.fixed(case.broken), iterations)
    return runs


# Runs that show what a rule of the commentary names, as in tests/views/test_commentary.py.
_COMMENTED: dict[str, Watched] = {
    "D hardly opposed": Watched(Experiment.of(**SMALL, loss="minimax", lr_g=1e-6, lr_d=5e-3), 600),
    "D hardly moves": Watched(Experiment.of(**SMALL, data="moons", lr_d=1e-6, lr_g=1e-2), 400),
    "a critic without a leash": Watched(Experiment.of(**SMALL, loss="wasserstein", lr_d=0.05, lr_g=0.05), 400),
    "circle with R1": Watched(
        Experiment.of(data="circle", r1_weight=0.1, ema_decay=0.99, batch_size=128, latent_dim=2), 1_500
    ),
    "a narrow latent and R1": Watched(Experiment.of(**SMALL | NARROW_ON_A_GRID), 1_500),
    "small batches and R1": Watched(Experiment.of(**SMALL_BATCHES), 1_500),
    "too much momentum": Watched(
        Experiment.of(**SMALL, data="moons", loss="minimax", lr_g=2e-3, lr_d=2e-3, beta1_g=0.95, beta1_d=0.95), 600
    ),
    "a VAE that says nothing": Watched(Experiment.of(**SMALL, model="vae", decoder_std=3.0), 400),
}

_PRESETS: dict[str, Watched] = {
    "collapse-digits": _of("collapse-digits", 500),
    "collapse-blobs": _of("collapse-blobs", 1_000),
    "collapse-stacked": _of("collapse-stacked", 500),
    "collapse-grid": _of("collapse-grid", 1_000),
    "ring-vae": _of("ring-vae", 1_000),
    "ring-ns": _of("ring-ns", 1_000),
    "digits-infogan": _of("digits-infogan", 300),
    "ring-ebgan": _of("ring-ebgan", 1_000),
    "ring-projection": _of("ring-projection", 2_000),
    "digits-vae": _of("digits-vae", 400),
    "digits-vae, KL weight 10": _of("digits-vae", 400, kl_weight=10.0),
    "digits-began": _of("digits-began", 600),
    "digits-began, gamma 0.3": _of("digits-began", 600, began_gamma=0.3),
    "digits-dcgan": _of("digits-dcgan", 1_200),
    "ring-wgan-gp": _of("ring-wgan-gp", 400),
}

_WALKTHROUGHS: dict[str, Watched] = {
    "walk-3-as-given": _of("walk-3-as-given", 500),
    "walk-3-right": _of("walk-3-right", 2_000),
    "walk-3-penalty": _of("walk-3-penalty", 2_000),
    "walk-3-ring-descent": _of("walk-3-ring-descent", 2_000),
    "walk-3-ring-momentum": _of("walk-3-ring-momentum", 2_000),
    "walk-5-strided, dense D": _of("walk-5-strided", 200, discriminator="dense"),
    "walk-2-as-given": _of("walk-2-as-given", 100),
    "walk-5-100": _of("walk-5-100", 20),
    "walk-4-dcgan": _of("walk-4-dcgan", 200),
    "walk-1-as-given": _of("walk-1-as-given", 200),
    "walk-1-sign-right": _of("walk-1-sign-right", 200),
    "walk-1-cross-entropy": _of("walk-1-cross-entropy", 200),
    "walk-5-no-dropout": _of("walk-5-no-dropout", 200),
    "walk-5-strided": _of("walk-5-strided", 200),
    "walk-4-as-given": _of("walk-4-as-given", 100),
    "walk-4-dense": _of("walk-4-dense", 200),
    "walk-2-vae": _of("walk-2-vae", 300),
    "walk-1-wgan-gp": _of("walk-1-wgan-gp", 200),
    "walk-5-average": _of("walk-5-average", 200),
    "walk-5-max": _of("walk-5-max", 200),
    "walk-2-sgd": _of("walk-2-sgd", 600),
    "walk-2-sign-right": _of("walk-2-sign-right", 600),
}

RUNS: Mapping[str, Watched] = _COMMENTED | _clinic() | _PRESETS | _WALKTHROUGHS


def watch_until(ends: float, name: str, seed: int) -> dict[str, Any] | None:
    """What is seen of a run of this seed; None where it is later than `ends`, by the machine's monotonic clock."""
    return watch(RUNS[name], seed) if time.monotonic() < ends else None

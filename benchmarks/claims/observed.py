"""What is seen of a run of one seed: quantities that the sentences are held against, most of which no rule reads."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from benchmarks.presets import SAMPLES, SAMPLING_SEED, rounded, samples_of
from ganlab.data import Collection
from ganlab.experiment import Experiment, is_conditional, is_images
from ganlab.experiment.codes import joined, parts
from ganlab.game.terms import COSINES
from ganlab.latent import draw_latents
from ganlab.metrics.background import classifier_for
from ganlab.metrics.classifier import UNREADABLE
from ganlab.metrics.distances import sliced_wasserstein
from ganlab.metrics.modes import mode_coverage
from ganlab.metrics.yardstick import Yardstick, yardstick
from ganlab.networks import parameter_count
from ganlab.training.build import build_trainer
from ganlab.training.history import SCALARS_OF, History
from ganlab.training.trainer import Trainer
from ganlab.views import Probes

LOOKS, QUARTERS = 10, 4
PAIRS = 256  # samples among which distances are averaged


@dataclass(frozen=True)
class Watched:
    """A run: its settings, and for how many iterations."""

    experiment: Experiment
    iterations: int


def watch(run: Watched, seed: int) -> dict[str, Any]:
    """Train a run with this seed on one thread, and say what was seen of it at evenly spaced looks and at the end."""
    torch.set_num_threads(1)
    trainer = build_trainer(run.experiment.changed(seed=seed, device="cpu"))
    by = yardstick(trainer.dataset, SAMPLES)
    history = History(SCALARS_OF[trainer.experiment.model])
    probes = Probes(trainer, history)
    images, game = is_images(trainer.experiment), trainer.experiment.model == "gan"
    looks: list[dict[str, float]] = []
    said: list[dict[str, Any]] = []
    cpu_s = 0.0
    for look in range(LOOKS + 1):
        if look:
            started = time.process_time()
            for _ in range(run.iterations // LOOKS):
                trainer.step()
            cpu_s += time.process_time() - started
            for rows in trainer.drain():
                history.append(rows)
        if images and game:
            cosine = probes.answer(["cosine"])["cosine"]
            looks.append({of: float(cosine[of][-1]) for of in COSINES})
        else:
            looks.append(by.measure(samples_of(trainer, len(by.held_out))))
        said.append(seen_by_an_onlooker(trainer, probes, by))
        trainer.shown.train()
    quarters = np.array_split(history.rows(), QUARTERS)
    samples = samples_of(trainer, len(by.held_out))
    return {
        "seed": seed,
        "parameters": sum(parameter_count(network) for network in trainer.networks.values()),
        "ms": rounded(1000 * cpu_s / trainer.iteration),
        "quarters": {
            scalar: [rounded(float(np.nanmean(quarter[:, i]))) for quarter in quarters]
            for i, scalar in enumerate(history.scalars)
        },
        "looks": {key: [rounded(look.get(key)) for look in looks] for key in looks[0]},  # None once all is NaN
        "end": {key: rounded(value) for key, value in by.measure(samples).items()},
        "grain": rounded(grain(samples) / grain(by.held_out)) if images else None,
        "grey": [rounded(grey(x)) for x in (samples, by.held_out)] if images else None,
        "said": {key: [look[key] for look in said] for key in said[0]},
        "more": {key: rounded(value) for key, value in _at_the_end(trainer, samples, by, history).items()},
    }


def seen_by_an_onlooker(trainer: Trainer, probes: Probes, by: Yardstick) -> dict[str, Any]:
    """The line above the picture at a look, and what an onlooker can measure without reading what the rules read.

    `distance`: sliced Wasserstein to the data, and `pairwise`: mean distance between samples over that between data,
    both over the data's spread; `occupied`: modes that the samples spread over (the exponential of the entropy of the
    nearest one), as a share; `told`: how often D scores a held-out real sample above a generated one; `same_code`: as
    `pairwise`, of samples with the same code.
    """
    known_modes = ["modes"] if trainer.spec.centres is not None else []  # which the app counts at every look, too
    line = probes.answer([*known_modes, "commentary"])["commentary"]
    fake, real = samples_of(trainer, len(by.held_out)), by.held_out
    told = {"verdict": line["verdict"], "severity": line["severity"]}
    a, b = (x.flatten(1)[:2500].double() for x in (fake, real))
    measures = ("distance", "pairwise", "occupied", "told", "same_code")
    numbers: dict[str, float] = dict.fromkeys(measures, float("nan"))
    if a.isfinite().all():
        numbers["distance"] = sliced_wasserstein(b.numpy(), a.numpy()) / float(b.std(0).mean())
        numbers["pairwise"] = float(torch.pdist(a[:PAIRS]).mean() / torch.pdist(b[:PAIRS]).mean())
        numbers["occupied"] = _occupied(a, trainer)
        if trainer.experiment.model == "gan" and not is_conditional(trainer.experiment):
            numbers["told"] = _told(trainer, fake, real)
        if trainer.experiment.info_categories:
            numbers["same_code"] = _same_code(trainer) / float(torch.pdist(b[:PAIRS]).mean())
    return told | {key: rounded(value) for key, value in numbers.items()}


def _occupied(samples: Tensor, trainer: Trainer) -> float:
    centres = trainer.spec.centres
    if centres is None:
        return float("nan")
    nearest = torch.cdist(samples, torch.from_numpy(centres).to(samples)).argmin(1)
    shares = torch.bincount(nearest, minlength=len(centres)) / len(samples)
    return float(torch.special.entr(shares).sum().exp() / len(centres))


@torch.no_grad()
def _same_code(trainer: Trainer) -> float:
    """The mean distance between samples that share a category, all dials being alike."""
    latents = draw_latents(PAIRS, trainer.experiment, torch.Generator().manual_seed(SAMPLING_SEED))
    asked = parts(latents, trainer.experiment)
    latents = joined(asked._replace(dials=asked.dials[:1].expand_as(asked.dials)))
    samples = trainer.shown.eval()(latents).flatten(1).double()
    category = asked.category.argmax(1)
    groups = [samples[category == each] for each in category.unique()]
    return float(torch.cat([torch.pdist(group) for group in groups if len(group) > 1]).mean())


@torch.no_grad()
def _told(trainer: Trainer, fake: Tensor, real: Tensor) -> float:
    D, packing = trainer.discriminator, trainer.experiment.packing
    if packing > 1:
        return float("nan")
    D.eval()
    of_real, of_fake = (D(x[:PAIRS]) for x in (real, fake))
    D.train()
    return float((of_real[:, None] > of_fake).float().mean())


def _at_the_end(trainer: Trainer, samples: Tensor, by: Yardstick, history: History) -> dict[str, float]:
    """What the sentences on some runs are about; each is measured wherever it has a meaning."""
    e, found = trainer.experiment, {"reach": float(samples.abs().max())}
    if trainer.spec.centres is not None and trainer.spec.sigma is not None and samples.isfinite().all():
        coverage = mode_coverage(samples.numpy(), trainer.spec.centres, trainer.spec.sigma)
        found |= {"captured": coverage.captured, "of": coverage.total, "high_quality": coverage.high_quality}
    if "penalty" in history.scalars:
        penalty = history.column("penalty")[len(history) // 2 :]
        found["roughness"] = float(np.abs(np.diff(penalty)).mean() / max(penalty.mean(), 1e-12))
    if is_images(e):
        black = (by.held_out.flatten(1) <= -0.99).all(0)
        if black.any():
            dark = samples.flatten(1)[:, black]
            found |= {"black_mean": float(dark.mean()), "black_std": float(dark.std())}
        if e.data == "digits" and isinstance(trainer.dataset, Collection):
            found |= _classes(classifier_for(trainer.dataset).read(samples))
    if e.model == "gan" and not is_conditional(e) and e.packing == 1:
        found |= _of_the_networks(trainer, samples)
    return found


def _classes(named: Tensor) -> dict[str, float]:
    counts = torch.bincount(named[named != UNREADABLE], minlength=10)
    return {"readable": float((named != UNREADABLE).float().mean()), "top": float(counts.max() / max(counts.sum(), 1))}


@torch.no_grad()
def _of_the_networks(trainer: Trainer, samples: Tensor) -> dict[str, float]:
    """D's least logit, the share of its hidden units without a gradient, what one number of z does to a sample."""
    D, x = trainer.discriminator, torch.cat([samples[:PAIRS], -samples[:PAIRS]])
    D.eval()
    found = {"least_logit": float(D(x).min())}
    D.train()
    if trainer.experiment.data in ("ring", "grid"):
        found["dead"] = _dead_units(D, torch.cat([trainer.sampler.next(500), samples[:500]]))
    z = torch.randn(64, trainer.experiment.latent_dim, generator=torch.Generator().manual_seed(1))
    shown = trainer.shown.eval()
    changes = [shown(z + one) - shown(z) for one in torch.eye(z.shape[1])[:16]]
    found["effect"] = float(torch.stack(changes).square().mean().sqrt())
    return found


def _dead_units(D: nn.Module, x: Tensor) -> float:
    shares = []
    for layer in D.children():
        x = layer(x)
        if isinstance(layer, nn.Sequential | nn.LeakyReLU | nn.ReLU):
            shares.append((x == 0).all(dim=0).float().mean().item())
    return sum(shares) / len(shares) if shares else 0.0


def grain(images: Tensor) -> float:
    """How far a pixel differs from the mean of its four neighbours, on average."""
    around = images[..., :-2, 1:-1] + images[..., 2:, 1:-1] + images[..., 1:-1, :-2] + images[..., 1:-1, 2:]
    return float((images[..., 1:-1, 1:-1] - around / 4).abs().mean())


def grey(images: Tensor) -> float:
    """The share of pixels that are neither dark nor light."""
    return float((images.abs() < 0.5).float().mean())


Observations = Mapping[str, Any]  # what `watch` says of one seed of a run
Verdict = tuple[bool | None, str]  # whether it is so, and the figures


@dataclass(frozen=True)
class Claim:
    """What the app says, word for word; in which runs it can be seen, and whether one seed of these bears it out.

    `kind` says where it stands: a preset's explanation, a setting's tip, a case of the clinic, a walk-through, the
    line above the picture. `needs` names what older observations lack.
    """

    kind: str
    where: str
    text: str
    runs: tuple[str, ...]
    holds: Callable[..., Verdict]
    needs: tuple[str, ...] = ()

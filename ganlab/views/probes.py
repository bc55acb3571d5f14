"""The views a page can watch, and the probe that answers each."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import torch

from ganlab.experiment import Experiment, has_codes, is_conditional, is_images
from ganlab.game.terms import COSINES
from ganlab.latent import draw_latents, lerp, slerp
from ganlab.metrics.classifier import Classifier
from ganlab.metrics.modes import Coverage, mode_coverage, perfect_high_quality
from ganlab.training import rng
from ganlab.training.dirac import DiracTrainer
from ganlab.training.history import SCALARS, History
from ganlab.training.objective import cosine_of
from ganlab.training.trainer import Trainer
from ganlab.views import codes, images, naming, phase, points, vae
from ganlab.views.classes import ClassCounts, has_classes
from ganlab.views.commentary import RULES, Evidence, comment
from ganlab.views.commentary_vae import VAE_RULES
from ganlab.views.film import Film
from ganlab.views.inputs import Inputs, Moment, generate, moment
from ganlab.views.latent_map import has_latent_map, latent_map
from ganlab.views.log import Log
from ganlab.views.naming import names_something
from ganlab.views.neighbours import Neighbours
from ganlab.views.quality import Quality

VIEWS = (
    "losses", "scores", "gradients", "histograms", "plane", "line", "phase", "samples", "interpolation", "modes",
    "cosine", "clock", "quality", "naming", "codes", "progress", "commentary", "latent_map", "classes",
    "neighbours",
)  # fmt: skip
VIEWS_OF_D = ("scores", "histograms", "cosine")
HISTOGRAM_BINS = 32


def views_of(experiment: Experiment) -> tuple[str, ...]:
    """The views that have a meaning for what this Experiment trains, whatever its data."""
    without = set() if experiment.model == "gan" else set(VIEWS_OF_D)
    if not is_conditional(experiment) or not names_something(experiment):
        without.add("naming")
    if experiment.data == "dirac":
        without.add("quality")
    if not has_codes(experiment):
        without.add("codes")
    if not is_images(experiment):
        without |= {"classes", "neighbours"}
    elif not has_classes(experiment):
        without.add("classes")
    if not has_latent_map(experiment):
        without.add("latent_map")
    return tuple(view for view in VIEWS if view not in without)


@dataclass(frozen=True)
class ViewSettings:
    """What a viewer may choose about the probes of a run.

    Attributes:
        interpolation: along a straight line, or along the sphere.
        endpoints: seeds of the two latents to walk between.
        category, dials: the code of which samples are shown, where G is given codes.
        turned: the dial that changes across the grid of codes.
    """

    interpolation: Literal["lerp", "slerp"] = "slerp"
    endpoints: tuple[int, int] = (0, 1)
    category: int = 0
    dials: tuple[float, ...] = (0.0, 0.0, 0.0, 0.0)
    turned: int = 0


class Probes:
    """The probes of one Trainer; they answer the views asked for, and remember how coverage went.

    Attributes:
        logs: what was measured when somebody looked, and ("clock") how many seconds of training each iteration took
            to reach, which whoever trains notes.
        film: of images, what became of a few latents; whoever trains has it look now and then.
    """

    def __init__(self, trainer: Trainer, history: History) -> None:
        self._trainer = trainer
        self._history = history
        self._inputs = Inputs(trainer)
        self._classes, self._neighbours = ClassCounts(), Neighbours(trainer)
        logs = ("coverage", "divergence", "classes", "cosine", "clock", "naming", "quality")
        self.logs = {name: Log() for name in logs}
        self.logs["clock"].add(0, 0.0)
        self._quality = Quality(self._inputs, self.logs)
        self.film = Film(self._inputs)
        self.settings = ViewSettings()

    def answer(self, views: Iterable[str]) -> dict[str, dict[str, Any]]:
        """The watched views at this iteration, as arrays and numbers; a view that has no meaning here is left out."""
        wanted = set(views) & set(views_of(self._trainer.experiment))
        answers: dict[str, dict[str, Any]] = {}
        self._quality.awaited = self._classes.awaited = None
        if wanted & {"losses", "scores", "gradients"}:
            answers |= {name: view for name, view in self._curves().items() if name in wanted}
        if "clock" in wanted:
            answers["clock"] = dict(zip(("x", "seconds"), self.logs["clock"].columns(), strict=True))
        with moment(self._inputs) as now:
            answers |= {name: probe(now) for name, probe in self._probes().items() if name in wanted}
        return answers

    @property
    def kind(self) -> Literal["plane", "line", "phase", "images"]:
        """How the data are drawn."""
        if self._inputs.images:
            return "images"
        if isinstance(self._trainer, DiracTrainer):
            return "phase"
        return "line" if self._trainer.spec.shape == (1,) else "plane"

    def coverage(self) -> Coverage | None:
        """How 2,500 samples cover the data's known modes; None where none are known."""
        with moment(self._inputs) as now:
            return _coverage(now)

    def samples(self) -> np.ndarray:
        """A few of the samples shown: images (16, height, width, channels) as bytes, or points (400, dimension)."""
        with moment(self._inputs) as now:
            return images.pixels(now.samples[:16]) if self.kind == "images" else now.samples[:400].cpu().numpy()

    @property
    def awaited(self) -> set[Future[Classifier]]:
        """What is trained in the background that the views answered last need."""
        return {awaited for awaited in (self._quality.awaited, self._classes.awaited) if awaited is not None}

    @property
    def measuring(self) -> float:
        """Seconds that went into measurements that keep to a share of time of their own."""
        return self._quality.spent

    def _probes(self) -> dict[str, Callable[[Moment], dict[str, Any]]]:
        """The probes that look at the networks and have a meaning for these data."""
        is_vae = self._trainer.experiment.model == "vae"
        probes: dict[str, Callable[[Moment], dict[str, Any]]] = {
            "histograms": self._histograms,
            "interpolation": self._interpolation,
            "cosine": self._cosine,
            "quality": self._quality.view,
            "commentary": self._commentary,
            "naming": self._naming,
            "codes": self._codes,
        }
        match self.kind:
            case "plane":
                probes["plane"] = vae.plane if is_vae else points.plane
            case "line":
                probes["line"] = vae.line if is_vae else points.line
            case "phase":
                probes["phase"] = phase.phase
            case "images":
                probes["samples"] = vae.samples if is_vae else images.samples
                probes["progress"] = lambda _: self.film.view()
                probes["neighbours"] = self._neighbours.look
                if has_classes(self._trainer.experiment):
                    probes["classes"] = lambda now: self._classes.look(now, self.logs["classes"])
        if self._trainer.spec.centres is not None:
            probes["modes"] = self._modes
            if has_latent_map(self._trainer.experiment):
                probes["latent_map"] = latent_map
        return probes

    def _curves(self) -> dict[str, dict[str, Any]]:
        if self._trainer.experiment.model == "vae":
            return vae.curves(self._trainer, self._history)
        x, mean, low, high = self._history.thinned()

        def curve(name: str, scalar: str) -> dict[str, Any]:
            i = SCALARS.index(scalar)
            return {name: mean[:, i], f"{name}_lo": low[:, i], f"{name}_hi": high[:, i]}

        penalty = mean[:, SCALARS.index("penalty")]
        losses = curve("d", "loss_d") | curve("g", "loss_g") | {"penalty": penalty if penalty.any() else None}
        scores = curve("real", "score_real") | curve("fake", "score_fake")
        loss = self._trainer.loss
        if loss.convergence is not None:
            losses["convergence"] = loss.convergence(scores["real"], scores["fake"], self._trainer.experiment)
        remembered = self._trainer.remembered.given(loss)
        losses["remembered"] = {name: float(number) for name, number in remembered.items()}
        gradients = {"d": mean[:, SCALARS.index("grad_norm_d")], "g": mean[:, SCALARS.index("grad_norm_g")]}
        return {
            "losses": {"x": x, **losses},
            "scores": {"x": x, **scores, "boundary": self._trainer.loss.boundary},
            "gradients": {"x": x, **gradients},
        }

    def _histograms(self, now: Moment) -> dict[str, Any]:
        """How many of D's scores fall where, as densities, for real and for generated samples."""
        loss = self._trainer.loss
        scores = [loss.score(logits).cpu().numpy() for logits, _ in now.responses]
        if loss.score is torch.sigmoid:
            low, high = 0.0, 1.0
        else:
            finite = np.concatenate(scores)[np.isfinite(np.concatenate(scores))]
            low, high = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 1.0)
        edges = np.linspace(low, max(high, low + 1e-6), HISTOGRAM_BINS + 1)
        counts = [np.histogram(s[np.isfinite(s)], edges)[0] / max(len(s), 1) for s in scores]
        return {
            "edges": edges.astype(np.float32),
            "real": counts[0].astype(np.float32),
            "fake": counts[1].astype(np.float32),
            "boundary": loss.boundary,
        }

    def _cosine(self, now: Moment) -> dict[str, Any]:
        """How alike D's responses to real and to generated samples have been, by each way of comparing them."""
        cosines = [float(cosine_of(name, self._trainer.loss, *now.responses)) for name in COSINES]
        self.logs["cosine"].add(self._trainer.iteration, *cosines)
        return dict(zip(("x", *COSINES), self.logs["cosine"].columns(), strict=True))

    def _naming(self, now: Moment) -> dict[str, Any]:
        """How much of what G was asked for could be told from its samples, at every iteration looked at."""
        shares = naming.named(now)
        self.logs["naming"].add(self._trainer.iteration, *shares.values())
        return dict(zip(("x", *shares), self.logs["naming"].columns(), strict=True))

    def _codes(self, now: Moment) -> dict[str, Any]:
        """What the codes do that a viewer has dialled."""
        return codes.dialled(now, self.settings.category, self.settings.dials, self.settings.turned)

    def _interpolation(self, now: Moment) -> dict[str, Any]:
        """Samples along the walk between two fixed latents; class and codes stay those of the first."""
        e, settings = self._trainer.experiment, self.settings
        ends = [
            draw_latents(1, e, rng.generator(seed, "latents", self._trainer.device))[0] for seed in settings.endpoints
        ]
        steps = 12 if self.kind == "images" else 64
        t = torch.linspace(0, 1, steps, device=self._trainer.device)
        way = slerp if settings.interpolation == "slerp" else lerp
        walk = ends[0].repeat(steps, 1)
        walk[:, : e.latent_dim] = way(ends[0][: e.latent_dim], ends[1][: e.latent_dim], t)
        samples = generate(now.generator, walk)
        if self.kind != "images":
            return {"kind": settings.interpolation, "path": samples.cpu().numpy()}
        strip = images.pixels(samples)
        _, height, width, channels = strip.shape
        return {
            "kind": settings.interpolation,
            "rows": 1,
            "columns": steps,
            "height": height,
            "width": width,
            "channels": channels,
            "pixels": strip,
        }

    def _modes(self, now: Moment) -> dict[str, Any]:
        """Which of the known modes the samples cover, now and so far."""
        coverage = _coverage(now)
        assert coverage is not None
        self.logs["coverage"].add(self._trainer.iteration, coverage.captured, coverage.high_quality)
        self.logs["divergence"].add(self._trainer.iteration, coverage.reverse_kl)
        x, captured, high_quality = self.logs["coverage"].columns()
        kl_x, kl = self.logs["divergence"].columns()
        return {
            "x": x,
            "captured": captured,
            "high_quality": high_quality,
            "kl_x": kl_x,
            "kl": kl,
            "total": coverage.total,
            "counts": coverage.counts,
            "reverse_kl": coverage.reverse_kl,
            "perfect_high_quality": perfect_high_quality(self._trainer.spec.shape[0]),
        }

    def _commentary(self, now: Moment) -> dict[str, Any]:
        """One plain line on how the game stands."""
        if isinstance(self._trainer, DiracTrainer):
            return phase.comment_on_the_game(self._trainer)
        spread = float(now.fake.std(0).mean() / self._inputs.real.std(0).mean().clamp_min(1e-12))
        evidence = Evidence(self._history, self._trainer.loss, self._trainer.iteration, _coverage(now), spread)
        return comment(evidence, VAE_RULES if self._trainer.experiment.model == "vae" else RULES)


def _coverage(now: Moment) -> Coverage | None:
    spec = now.trainer.spec
    if spec.centres is None or spec.sigma is None:
        return None
    return mode_coverage(now.samples.cpu().numpy(), spec.centres, spec.sigma)

"""Remedies for mode collapse: each is a change of settings, with its reason and its source."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ganlab.experiment import Experiment, ExperimentError, bounds, is_images, knob
from ganlab.experiment.loss import ENERGY_LOSSES

Changes = Mapping[str, Any]


@dataclass(frozen=True)
class Remedy:
    """A remedy for mode collapse.

    Attributes:
        reason: why it should help, in a sentence; paper: where it was proposed.
        changes: the settings that it gives an experiment.
        is_on: whether an experiment has it already.
        why: the reason for each setting, by field, where it changes several.
    """

    name: str
    title: str
    reason: str
    paper: str
    changes: Callable[[Experiment], Changes]
    is_on: Callable[[Experiment], bool] = lambda e: False
    why: Mapping[str, str] = field(default_factory=dict)

    def why_not(self, e: Experiment) -> str | None:
        """Why it can't be applied to this experiment, in a sentence; None if it can."""
        if e.model != "gan":
            return "There is no discriminator to change: this run trains a VAE."
        if e.data == "dirac":
            return "The Dirac game has one mode, which can't be lost."
        if self.is_on(e):
            return "This run has it already."
        if e.loss in ENERGY_LOSSES and "loss" in self.changes(e):
            return "It needs a D that gives scores, but this D is an autoencoder and gives energies."
        try:
            changed = e.changed(**self.changes(e))
        except ExperimentError as error:
            return str(error)
        effective = any(knob(name).applies(changed) for name in changed.differences(e))
        return None if effective else "It would change nothing here."


def _slope_weight(e: Experiment) -> float:
    """Returns the weight of R1 and R2. Images need a larger one."""
    return 0.5 if is_images(e) else 0.1


def _slower(*fields: str, factor: float) -> Callable[[Experiment], Changes]:
    return lambda e: {name: max(getattr(e, name) / factor, bounds(name)[0]) for name in fields}


REMEDIES = (
    Remedy(
        "packing",
        "Packing, 2 samples",
        "D judges two samples as one, so it can notice that they are alike.",
        "Lin et al. 2018 (PacGAN)",
        lambda e: {"packing": 2},
        lambda e: e.packing > 1,
    ),
    Remedy(
        "stddev",
        "Minibatch standard deviation",
        "D sees how much the samples of a batch differ, and so sees at once when they don't.",
        "Karras et al. 2018 (ProGAN), after Salimans et al. 2016",
        lambda e: {"d_minibatch": "stddev"},
        lambda e: e.d_minibatch != "none",
    ),
    Remedy(
        "unrolling",
        "Unrolling, 5 steps",
        "G plays against D as it will be after five more updates: moving all samples to one mode no longer pays.",
        "Metz et al. 2017 (Unrolled GAN)",
        lambda e: {"unroll_steps": 5},
        lambda e: e.unroll_steps > 0,
    ),
    Remedy(
        "wgan-gp",
        "WGAN-GP",
        "A critic with a slope of about 1 everywhere pulls towards modes that are far away, too.",
        "Gulrajani et al. 2017 (WGAN-GP)",
        lambda e: {
            "loss": "wasserstein",
            "gp_weight": 10.0 if is_images(e) else 0.1,
            "n_critic": 5,
            "lr_g": 5e-4,
            "lr_d": 5e-4,
            "beta2_g": 0.9,
            "beta2_d": 0.9,
        },
        lambda e: e.gp_weight > 0,
        {
            "loss": "D becomes a critic: the difference of its mean scores estimates a distance.",
            "gp_weight": "It keeps the critic's slope near 1, without which the difference is no distance. For points "
            "the weight is that of the paper's own experiments with points, for images the paper's 10.",
            "n_critic": "The estimate is good only if the critic is ahead of G: five updates, as in the paper.",
            "lr_g": "The gradient of a Wasserstein loss does not fade, so G needs smaller steps.",
            "lr_d": "The critic takes five steps for each of G's, so the same small step is enough.",
            "beta2_g": "The paper's 0.9: Adam's scale must follow a critic that moves all the time.",
            "beta2_d": "The same 0.9 for the critic.",
        },
    ),
    Remedy(
        "r1",
        "R1",
        "A D that is flat on real samples can't drive G away from a mode that it has found.",
        "Mescheder et al. 2018",
        lambda e: {"r1_weight": _slope_weight(e)},
        lambda e: e.r1_weight > 0,
    ),
    Remedy(
        "relativistic",
        "Relativistic, R1 and R2",
        "D compares each sample with a real one, so every mode that is missed keeps counting against G.",
        "Huang et al. 2024 (R3GAN), after Jolicoeur-Martineau 2019",
        lambda e: {"loss": "relativistic", "r1_weight": _slope_weight(e), "r2_weight": _slope_weight(e)},
        lambda e: e.loss.startswith("relativistic") and e.r1_weight > 0 and e.r2_weight > 0,
        {
            "loss": "D compares each sample with a real one.",
            "r1_weight": "Without a penalty on real samples this loss does not converge (Huang et al. 2024).",
            "r2_weight": "The same penalty on generated samples, for the same reason.",
        },
    ),
    Remedy(
        "noise",
        "Instance noise",
        "Noise blurs the modes until they overlap, so D can no longer draw a sharp line between them and G's samples.",
        "Arjovsky and Bottou 2017; Sønderby et al. 2017",
        lambda e: {"instance_noise": 0.2 if is_images(e) else 0.3},
        lambda e: e.instance_noise > 0,
    ),
    Remedy(
        "slower",
        "Smaller learning rates, both a fifth",
        "Smaller steps overshoot less, so that the two networks follow each other more closely.",
        "Folklore; see Heusel et al. 2017 (TTUR) on the two rates",
        _slower("lr_g", "lr_d", factor=5),
        why={
            "lr_g": "G's steps overshoot less.",
            "lr_d": "D is slowed by the same factor, so that the balance between the two stays as it was.",
        },
    ),
    Remedy(
        "weaker",
        "Weaker D, a quarter of its learning rate",
        "People say that it helps if D wins too easily. It also leaves G on one mode for longer.",
        "Folklore, the heuristic that Arjovsky and Bottou 2017 set out to replace",
        _slower("lr_d", factor=4),
    ),
)
BY_NAME: Mapping[str, Remedy] = {remedy.name: remedy for remedy in REMEDIES}

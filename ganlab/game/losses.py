"""Adversarial losses: for each, what D minimises, what G minimises, and the formula they come from.

Throughout, `real` and `fake` are D's raw outputs (logits) on a batch of real and of generated samples,
both of shape (batch,). Where D(x) is a probability it is sigmoid(logit), and so log D(x) is
logsigmoid(logit) and log(1 - D(x)) is logsigmoid(-logit), neither of which overflows.
"""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from ganlab.experiment import DEFAULTS, Experiment
from ganlab.experiment.loss import LOSS_LABELS, LossName
from ganlab.game.energies import Floats, began_d, convergence, energy, energy_d, energy_g, next_k


def cross_entropy_d(real: Tensor, fake: Tensor, smoothing: float = 0.0) -> Tensor:
    """Binary cross-entropy of "real or generated?", with 1 - smoothing as the target for real samples."""
    log_real = (
        (1 - smoothing) * F.logsigmoid(real) + smoothing * F.logsigmoid(-real) if smoothing else F.logsigmoid(real)
    )
    return -log_real.mean() - F.logsigmoid(-fake).mean()


def minimax_g(fake: Tensor, _: Tensor | None = None) -> Tensor:
    """The exact opposite of what D wants for generated samples."""
    return F.logsigmoid(-fake).mean()


def non_saturating_g(fake: Tensor, _: Tensor | None = None) -> Tensor:
    """Make D call generated samples real."""
    return -F.logsigmoid(fake).mean()


def symmetric_g(fake: Tensor, real: Tensor) -> Tensor:
    """D's loss with the labels swapped. The first term does not depend on G: only the second has a gradient."""
    return -F.logsigmoid(-real).mean() - F.logsigmoid(fake).mean()


def least_squares_d(real: Tensor, fake: Tensor, smoothing: float = 0.0) -> Tensor:
    """Regress real samples to 1 - smoothing and generated ones to 0."""
    return 0.5 * (real - (1 - smoothing)).square().mean() + 0.5 * fake.square().mean()


def least_squares_g(fake: Tensor, _: Tensor | None = None) -> Tensor:
    """Move generated samples to where D says 1."""
    return 0.5 * (fake - 1).square().mean()


def wasserstein_d(real: Tensor, fake: Tensor) -> Tensor:
    """Minus the critic's estimate of the distance between real and generated samples."""
    return fake.mean() - real.mean()


def wasserstein_g(fake: Tensor, _: Tensor | None = None) -> Tensor:
    """Raise the critic's score of generated samples."""
    return -fake.mean()


def hinge_d(real: Tensor, fake: Tensor) -> Tensor:
    """Push real samples above +1 and generated ones below -1; those already there no longer count."""
    return F.relu(1 - real).mean() + F.relu(1 + fake).mean()


def hinge_g(fake: Tensor, _: Tensor | None = None) -> Tensor:
    """Raise D's score of generated samples."""
    return -fake.mean()


def relativistic_d(real: Tensor, fake: Tensor) -> Tensor:
    """Score each real sample above the generated sample it is paired with."""
    return -F.logsigmoid(real - fake).mean()


def relativistic_g(fake: Tensor, real: Tensor) -> Tensor:
    """Score each generated sample above the real sample it is paired with."""
    return -F.logsigmoid(fake - real).mean()


def logit(logits: Tensor) -> Tensor:
    """D's raw output, for losses in which it is no probability."""
    return logits


Options = Mapping[str, str]  # a function's parameter -> the field of the Experiment that it is
Figure = float | Callable[[Experiment], float]


@dataclass(frozen=True)
class Memory:
    """A number that a loss keeps from one update of D to the next; its `d` takes it as the parameter `name`.

    Attributes:
        start: what it is before D's first update.
        update: (the number, real logits, fake logits) -> the number for D's next update; also takes the options.
        meaning: what it is, as a comment has it.
    """

    name: str
    start: float
    update: Callable[..., Tensor]
    meaning: str
    options: Options = field(default_factory=dict)


@dataclass(frozen=True)
class Loss:
    """The game's rules, and what a page says about them.

    Attributes:
        d: (real logits, fake logits) -> scalar for D to minimise; also takes its options and what it remembers.
        g: (fake logits, real logits) -> scalar for G to minimise; reads the real logits only if `uses_real`.
        options_d, options_g: the settings that d and g take beside the logits.
        memory: what d takes that changes after each update of D.
        helpers: what else a reader of the source needs to see.
        score: logits -> what is plotted as D(x).
        boundary: the score at which D is undecided; None where only differences of scores mean anything.
        equilibrium_d, equilibrium_g: what the losses are when real and generated samples cannot be told
            apart and D is at its best; None where theory does not fix it. A number holds with the default options.
        reach: the greatest energy that D gives to a sample on purpose.
        convergence: (D's mean scores of real and of generated samples, Experiment) -> a measure that falls as
            training converges.
        plot_sign_d: -1 where minus D's loss is the quantity with a meaning.
    """

    name: LossName
    d: Callable[..., Tensor]
    g: Callable[..., Tensor]
    formula_d: str
    formula_g: str
    reference: str
    intuition: str
    score: Callable[[Tensor], Tensor] = logit
    boundary: float | None = None
    equilibrium_d: Figure | None = None
    equilibrium_g: Figure | None = None
    uses_real: bool = False
    options_d: Options = field(default_factory=dict)
    options_g: Options = field(default_factory=dict)
    memory: Memory | None = None
    helpers: tuple[Callable[..., object], ...] = ()
    reach: Figure | None = None
    convergence: Callable[[Floats, Floats, Experiment], Floats] | None = None
    label_d: str = "D loss"
    label_g: str = "G loss"
    plot_sign_d: float = 1.0

    @property
    def label(self) -> str:
        """What a page calls it."""
        return LOSS_LABELS[self.name]

    @property
    def fields(self) -> frozenset[str]:
        """The settings that either function takes."""
        return frozenset(self.options_d.values()) | frozenset(self.options_g.values())

    def figure(self, figure: Figure | None, e: Experiment) -> float | None:
        """What one of the loss's figures is in this Experiment; None where theory does not fix it."""
        if callable(figure):
            return figure(e)
        moved = any(getattr(e, name) != getattr(DEFAULTS, name) for name in self.fields)
        return None if moved else figure


def chosen(options: Options, e: Experiment) -> dict[str, Any]:
    """The options of one of a loss's functions, as this Experiment sets them."""
    return {name: getattr(e, setting) for name, setting in options.items()}


_LOSSES = (
    Loss(
        name="minimax",
        d=cross_entropy_d,
        g=minimax_g,
        formula_d=r"L_D = -\mathbb{E}_x[\log D(x)] - \mathbb{E}_z[\log(1 - D(G(z)))]",
        formula_g=r"L_G = \mathbb{E}_z[\log(1 - D(G(z)))]",
        reference="Goodfellow et al. 2014, Generative Adversarial Nets, equation 1",
        intuition="D and G fight over one number: D raises it, G lowers it. Where D is sure that samples are "
        "generated, G's gradient vanishes.",
        score=torch.sigmoid,
        boundary=0.5,
        equilibrium_d=math.log(4),
        equilibrium_g=-math.log(2),
        options_d={"smoothing": "label_smoothing"},
    ),
    Loss(
        name="non_saturating",
        d=cross_entropy_d,
        g=non_saturating_g,
        formula_d=r"L_D = -\mathbb{E}_x[\log D(x)] - \mathbb{E}_z[\log(1 - D(G(z)))]",
        formula_g=r"L_G = -\mathbb{E}_z[\log D(G(z))]",
        reference="Goodfellow et al. 2014, Generative Adversarial Nets, section 3",
        intuition="D's loss is the same, but G's gradient is strongest where D rejects its samples: where G needs it "
        "most.",
        score=torch.sigmoid,
        boundary=0.5,
        equilibrium_d=math.log(4),
        equilibrium_g=math.log(2),
        options_d={"smoothing": "label_smoothing"},
    ),
    Loss(
        name="symmetric",
        d=cross_entropy_d,
        g=symmetric_g,
        formula_d=r"L_D = -\mathbb{E}_x[\log D(x)] - \mathbb{E}_z[\log(1 - D(G(z)))]",
        formula_g=r"L_G = -\mathbb{E}_x[\log(1 - D(x))] - \mathbb{E}_z[\log D(G(z))]",
        reference="Cross-entropy with the labels swapped; less its first term, Goodfellow et al. 2014, section 3",
        intuition="The two losses look alike, and the game is often called zero-sum. The term with D(x) gives G no "
        "gradient, because real samples x do not depend on G. So G learns exactly as with the non-saturating loss.",
        score=torch.sigmoid,
        boundary=0.5,
        equilibrium_d=math.log(4),
        equilibrium_g=math.log(4),
        uses_real=True,
        options_d={"smoothing": "label_smoothing"},
    ),
    Loss(
        name="least_squares",
        d=least_squares_d,
        g=least_squares_g,
        formula_d=r"L_D = \tfrac12 \mathbb{E}_x[(D(x) - 1)^2] + \tfrac12 \mathbb{E}_z[D(G(z))^2]",
        formula_g=r"L_G = \tfrac12 \mathbb{E}_z[(D(G(z)) - 1)^2]",
        reference="Mao et al. 2017, Least Squares Generative Adversarial Networks, equation 9 (a = 0, b = c = 1)",
        intuition="D is trained to give 1 for real and 0 for generated samples. The farther a sample's score is from "
        "1, the harder G is pulled.",
        boundary=0.5,
        equilibrium_d=0.25,
        equilibrium_g=0.125,
        options_d={"smoothing": "label_smoothing"},
    ),
    Loss(
        name="wasserstein",
        d=wasserstein_d,
        g=wasserstein_g,
        formula_d=r"L_D = \mathbb{E}_z[D(G(z))] - \mathbb{E}_x[D(x)]",
        formula_g=r"L_G = -\mathbb{E}_z[D(G(z))]",
        reference="Arjovsky et al. 2017, Wasserstein GAN, equations 2 and 3",
        intuition="The critic estimates how far the samples must be moved to become the data. It must be kept smooth, "
        "by clipping or a penalty.",
        equilibrium_d=0.0,
        label_d="Wasserstein estimate",
        plot_sign_d=-1.0,
    ),
    Loss(
        name="hinge",
        d=hinge_d,
        g=hinge_g,
        formula_d=r"L_D = \mathbb{E}_x[\max(0, 1 - D(x))] + \mathbb{E}_z[\max(0, 1 + D(G(z)))]",
        formula_g=r"L_G = -\mathbb{E}_z[D(G(z))]",
        reference="Lim and Ye 2017, Geometric GAN; Miyato et al. 2018, equations 16 and 17",
        intuition="D learns only from samples that are not yet beyond its margin. G raises D's score everywhere.",
        boundary=0.0,
        equilibrium_d=2.0,
    ),
    Loss(
        name="relativistic",
        d=relativistic_d,
        g=relativistic_g,
        formula_d=r"L_D = \mathbb{E}_{x, z}[\log(1 + e^{-(D(x) - D(G(z)))})]",
        formula_g=r"L_G = \mathbb{E}_{x, z}[\log(1 + e^{-(D(G(z)) - D(x))})]",
        reference="Jolicoeur-Martineau 2019, The Relativistic Discriminator; Huang et al. 2024, R3GAN",
        intuition="D compares pairs and ranks real above generated samples, so every generated sample is compared "
        "with the data.",
        equilibrium_d=math.log(2),
        equilibrium_g=math.log(2),
        uses_real=True,
    ),
    Loss(
        name="energy",
        d=energy_d,
        g=energy_g,
        formula_d=r"L_D = \mathbb{E}_x[E(x)] + \mathbb{E}_z[\max(0, m - E(G(z)))]",
        formula_g=r"L_G = \mathbb{E}_z[E(G(z))], \quad "
        r"E(x) = \tfrac1n \lVert x - \mathrm{Dec}(\mathrm{Enc}(x)) \rVert^2",
        reference="Zhao et al. 2017, Energy-based Generative Adversarial Networks, equations 1, 2 and 9",
        intuition="D is an autoencoder that learns to reconstruct only real samples. Its energy is low where the data "
        "lie, and G moves its samples to where the energy is low. D(x) in the views is minus the energy.",
        options_d={"margin": "energy_margin"},
        helpers=(energy,),
        equilibrium_d=lambda e: e.energy_margin,
        reach=lambda e: e.energy_margin,
    ),
    Loss(
        name="began",
        d=began_d,
        g=energy_g,
        formula_d=r"L_D = \mathbb{E}_x[E(x)] - k_t \, \mathbb{E}_z[E(G(z))]",
        formula_g=r"L_G = \mathbb{E}_z[E(G(z))], \quad k_{t+1} = k_t + \lambda (\gamma E(x) - E(G(z))) \in [0, 1]",
        reference="Berthelot et al. 2017, BEGAN: Boundary Equilibrium Generative Adversarial Networks, section 3.4; "
        "with the squared error as the energy (their eta = 2)",
        intuition="k weighs D's two tasks so that the energies keep the ratio gamma. Small gamma: samples look better "
        "but more alike. Large gamma: they are more diverse. The measure M falls as training converges; few GANs "
        "have such a measure.",
        memory=Memory(
            name="k",
            start=0.0,
            update=next_k,
            meaning="the weight of generated samples in D's loss",
            options={"gamma": "began_gamma", "rate": "began_rate"},
        ),
        helpers=(energy, next_k),
        convergence=lambda real, fake, e: convergence(real, fake, e.began_gamma),
    ),
)

LOSSES: Mapping[str, Loss] = {loss.name: loss for loss in _LOSSES}


def source(loss: Loss) -> str:
    """The Python of both of a loss's functions, and of what they need, as it runs."""
    return "\n\n".join(map(inspect.getsource, (loss.d, loss.g, *loss.helpers)))

"""Gradient penalties and other regularisers, most of them of the discriminator.

A gradient penalty is a function of D and a batch. Each sample has its own gradient norm; the mean over the batch
comes last. The graph of the gradients is kept, so that minimising a penalty trains D. Where D has
BatchNorm, one sample's score depends on the others and "its own" gradient is no longer quite its own:
prefer LayerNorm or none there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

import torch
from torch import Tensor, nn

from ganlab.game.notes import Note

Discriminator = Callable[[Tensor], Tensor]


def gradients(D: Discriminator, x: Tensor) -> Tensor:
    """The gradient of D at each sample of x, flattened: (batch, ...) -> (batch, features)."""
    x = x.detach().requires_grad_(True)
    gradient: Tensor = torch.autograd.grad(D(x).sum(), x, create_graph=True)[0]
    return gradient.flatten(start_dim=1)


def gradient_penalty(D: Discriminator, real: Tensor, fake: Tensor, rng: torch.Generator, target: float = 1.0) -> Tensor:
    """E[(||grad D(x)|| - target)^2] at points x between real and generated samples (Gulrajani et al. 2017, eq. 3)."""
    epsilon = torch.rand(len(real), generator=rng, device=rng.device).to(real)
    x = torch.lerp(real, fake, epsilon.view(-1, *[1] * (real.dim() - 1)))
    norms: Tensor = torch.linalg.vector_norm(gradients(D, x), dim=1)
    return (norms - target).square().mean()


def r1(D: Discriminator, real: Tensor) -> Tensor:
    """E[||grad D(x)||^2] at real samples; times gamma / 2 it is R1 (Mescheder et al. 2018, equation 9)."""
    return gradients(D, real).square().sum(dim=1).mean()


def r2(D: Discriminator, fake: Tensor) -> Tensor:
    """E[||grad D(x)||^2] at generated samples; times gamma / 2 it is R2 (Mescheder et al. 2018, equation 10)."""
    return gradients(D, fake).square().sum(dim=1).mean()


def zero_centred_gp(D: Discriminator, real: Tensor, fake: Tensor, rng: torch.Generator) -> Tensor:
    """E[||grad D(x)||^2] at points x between real and generated samples (Thanh-Tung et al. 2019)."""
    return gradient_penalty(D, real, fake, rng, target=0.0)


def dragan(D: Discriminator, real: Tensor, rng: torch.Generator) -> Tensor:
    """E[(||grad D(x)|| - 1)^2] at points x between real samples and noisy ones (Kodali et al. 2017).

    The noise is half the batch's standard deviation times U[0, 1), as in the authors' code.
    """
    noise = torch.rand(real.shape, generator=rng, device=rng.device).to(real)
    return gradient_penalty(D, real, real + 0.5 * real.std(correction=0) * noise, rng)


def lecam(real: Tensor, fake: Tensor, real_anchor: Tensor, fake_anchor: Tensor) -> Tensor:
    """E[(D(x) - a_F)^2] + E[(D(G(z)) - a_R)^2] of logits and moving averages of both (Tseng et al. 2021)."""
    return (real - fake_anchor).square().mean() + (fake - real_anchor).square().mean()


def historical_averaging(theta: Tensor, average: Tensor) -> Tensor:
    """||theta - average||^2 of a player's weights and their average over time (Salimans et al. 2016, section 3.3)."""
    return (theta - average).square().sum()


def consensus(by_g: Tensor, by_d: Tensor) -> Tensor:
    """||v||^2 / 2 of both players' gradients, each of its own loss (Mescheder et al. 2017, section 4)."""
    return (by_g.square().sum() + by_d.square().sum()) / 2


@torch.no_grad()
def clip_weights_(D: nn.Module, c: float) -> None:
    """Clip each of D's parameters to [-c, c], in place (Arjovsky et al. 2017, algorithm 1, line 7)."""
    for weight in D.parameters():
        weight.clamp_(-c, c)


def add_noise(x: Tensor, std: float, rng: torch.Generator) -> Tensor:
    """x plus Gaussian noise of this standard deviation (Sonderby et al. 2017; Arjovsky and Bottou 2017)."""
    return x + std * torch.randn(x.shape, generator=rng, device=rng.device).to(x)


@dataclass(frozen=True)
class GradientPenalty(Note):
    """A penalty on D's slope; the first of its `functions` computes it.

    Attributes:
        takes: what that function is given after D: "real", "fake", and "rng" if it draws random numbers.
        factor: what its weight is multiplied by.
    """

    takes: tuple[Literal["real", "fake", "rng"], ...] = ("real", "fake")
    factor: float = 1.0

    @property
    def function(self) -> Callable[..., Tensor]:
        """(D, then what it takes) -> a scalar."""
        function: Callable[..., Tensor] = self.functions[0]  # type: ignore[assignment]
        return function


# By the field that holds its weight, in the order in which they are added up and draw their random numbers.
GRADIENT_PENALTIES: Mapping[str, GradientPenalty] = {
    "gp_weight": GradientPenalty(
        label="WGAN-GP",
        formula=r"\lambda \, \mathbb{E}_{\hat x}[(\lVert \nabla D(\hat x) \rVert - 1)^2], \quad "
        r"\hat x = (1 - \epsilon) x + \epsilon \, G(z), \quad \epsilon \sim U[0, 1]",
        reference="Gulrajani et al. 2017, Improved Training of Wasserstein GANs, equation 3",
        intuition="A critic whose slope is 1 on the lines between generated and real samples measures a distance.",
        functions=(gradient_penalty, gradients),
        takes=("real", "fake", "rng"),
    ),
    "zero_gp_weight": GradientPenalty(
        label="Zero-centred gradient penalty",
        formula=r"\lambda \, \mathbb{E}_{\hat x}[\lVert \nabla D(\hat x) \rVert^2], \quad "
        r"\hat x = (1 - \epsilon) x + \epsilon \, G(z), \quad \epsilon \sim U[0, 1]",
        reference="Thanh-Tung et al. 2019, Improving Generalization and Stability of Generative Adversarial Networks",
        intuition="A D that is flat on the lines between generated and real samples has not learned the samples by "
        "heart.",
        functions=(zero_centred_gp, gradient_penalty, gradients),
        takes=("real", "fake", "rng"),
    ),
    "dragan_weight": GradientPenalty(
        label="DRAGAN",
        formula=r"\lambda \, \mathbb{E}_{x, \delta}[(\lVert \nabla D(x + \alpha \delta) \rVert - 1)^2], \quad "
        r"\delta \sim \tfrac12 \operatorname{std}(x) \, U[0, 1]^n, \quad \alpha \sim U[0, 1]",
        reference="Kodali et al. 2017, On Convergence and Stability of GANs",
        intuition="Keeps D's slope near 1, but only around the data. There, sharp slopes often come before a collapse.",
        functions=(dragan, gradient_penalty, gradients),
        takes=("real", "rng"),
    ),
    "r1_weight": GradientPenalty(
        label="R1",
        formula=r"\tfrac{\gamma}{2} \, \mathbb{E}_x[\lVert \nabla D(x) \rVert^2]",
        reference="Mescheder et al. 2018, Which Training Methods for GANs do actually Converge?, equation 9",
        intuition="Flattens D at the data. Once G's samples are there, nothing pushes them away again.",
        functions=(r1, gradients),
        takes=("real",),
        factor=0.5,
    ),
    "r2_weight": GradientPenalty(
        label="R2",
        formula=r"\tfrac{\gamma}{2} \, \mathbb{E}_z[\lVert \nabla D(G(z)) \rVert^2]",
        reference="Mescheder et al. 2018, Which Training Methods for GANs do actually Converge?, equation 10",
        intuition="Flattens D at the generated samples, so it does not push G's samples too far.",
        functions=(r2, gradients),
        takes=("fake",),
        factor=0.5,
    ),
}

PENALTIES: Mapping[str, Note] = {
    **GRADIENT_PENALTIES,
    "lecam_weight": Note(
        label="LeCam",
        formula=r"\lambda \, (\mathbb{E}_x[(D(x) - \alpha_F)^2] + \mathbb{E}_z[(D(G(z)) - \alpha_R)^2]), \quad "
        r"\alpha_R, \alpha_F: \text{ moving averages of } D(x), D(G(z))",
        reference="Tseng et al. 2021, Regularizing Generative Adversarial Networks under Limited Data",
        intuition="For small data sets: D's scores of real samples can't move far away from those of generated ones.",
        functions=(lecam,),
    ),
    "history_weight": Note(
        label="Historical averaging",
        formula=r"\lambda \, \lVert \theta - \tfrac1t \textstyle\sum_{i=1}^t \theta_i \rVert^2 "
        r"\quad \text{for } G \text{ and for } D",
        reference="Salimans et al. 2016, Improved Techniques for Training GANs, section 3.3",
        intuition="Players that circle an equilibrium are pulled to the middle of their own path.",
        functions=(historical_averaging,),
    ),
    "consensus_weight": Note(
        label="Consensus optimisation",
        formula=r"L_G + \tfrac{\gamma}{2} \lVert v \rVert^2 \text{ and } L_D + \tfrac{\gamma}{2} \lVert v \rVert^2 "
        r"\text{, descended at once}, \quad v = (\nabla_{\theta_G} L_G, \nabla_{\theta_D} L_D)",
        reference="Mescheder et al. 2017, The Numerics of GANs, algorithm 2",
        intuition="Both networks move at once, and both also move towards where both gradients vanish. So they stop "
        "circling.",
        functions=(consensus,),
    ),
    "weight_clip": Note(
        label="Weight clipping",
        formula=r"w \leftarrow \max(-c, \min(c, w)) \quad \text{for each weight } w \text{ of } D",
        reference="Arjovsky et al. 2017, Wasserstein GAN, algorithm 1",
        intuition="Small weights can't make D steep. The method is crude: D can express much less.",
        functions=(clip_weights_,),
    ),
    "spectral_norm": Note(
        label="Spectral norm",
        formula=r"W \leftarrow W / \sigma(W), \quad \sigma(W) = \max_{\lVert h \rVert = 1} \lVert W h \rVert",
        reference="Miyato et al. 2018, Spectral Normalization for GANs, equation 8",
        intuition="No weight matrix can make its input longer, so a D of dense layers without normalisation can't "
        "become steep. Convolutions and normalisation layers can still stretch their input.",
    ),
    "label_smoothing": Note(
        label="One-sided label smoothing",
        formula=r"\text{target of } D(x): \; 1 - s, \qquad \text{target of } D(G(z)): \; 0",
        reference="Salimans et al. 2016, Improved Techniques for Training GANs, section 3.4",
        intuition="D is never rewarded for being completely sure that a sample is real, so G keeps a gradient.",
    ),
    "instance_noise": Note(
        label="Instance noise",
        formula=r"D \text{ sees } x + \sigma \epsilon \text{ and } G(z) + \sigma \epsilon', \quad "
        r"\epsilon, \epsilon' \sim \mathcal{N}(0, I)",
        reference="Sonderby et al. 2017, Amortised MAP Inference for Image Super-resolution",
        intuition="Blurs real and generated samples until they overlap, so D can't separate them perfectly.",
        functions=(add_noise,),
    ),
}

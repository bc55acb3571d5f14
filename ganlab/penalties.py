"""Gradient penalties and other regularisers of the discriminator.

A penalty is a function of D and a batch. Each sample has its own gradient norm; the mean over the batch
comes last. The graph of the gradients is kept, so that minimising a penalty trains D. Where D has
BatchNorm, one sample's score depends on the others and "its own" gradient is no longer quite its own:
prefer LayerNorm or none there.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import torch
from torch import Tensor, nn

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


@torch.no_grad()
def clip_weights_(D: nn.Module, c: float) -> None:
    """Clip each of D's parameters to [-c, c], in place (Arjovsky et al. 2017, algorithm 1, line 7)."""
    for weight in D.parameters():
        weight.clamp_(-c, c)


def add_noise(x: Tensor, std: float, rng: torch.Generator) -> Tensor:
    """x plus Gaussian noise of this standard deviation (Sonderby et al. 2017; Arjovsky and Bottou 2017)."""
    return x + std * torch.randn(x.shape, generator=rng, device=rng.device).to(x)


@dataclass(frozen=True)
class Penalty:
    """What a page says about a regulariser; `functions` are those that compute it here."""

    label: str
    formula: str
    reference: str
    intuition: str
    functions: tuple[Callable[..., object], ...] = ()


PENALTIES: Mapping[str, Penalty] = {
    "gp_weight": Penalty(
        label="WGAN-GP",
        formula=r"\lambda \, \mathbb{E}_{\hat x}[(\lVert \nabla D(\hat x) \rVert - 1)^2], \quad "
        r"\hat x = (1 - \epsilon) x + \epsilon \, G(z), \quad \epsilon \sim U[0, 1]",
        reference="Gulrajani et al. 2017, Improved Training of Wasserstein GANs, equation 3",
        intuition="A critic whose slope is 1 on the way from generated to real samples measures a distance.",
        functions=(gradient_penalty, gradients),
    ),
    "r1_weight": Penalty(
        label="R1",
        formula=r"\tfrac{\gamma}{2} \, \mathbb{E}_x[\lVert \nabla D(x) \rVert^2]",
        reference="Mescheder et al. 2018, Which Training Methods for GANs do actually Converge?, equation 9",
        intuition="Flattens D at the data, so that once G gets there nothing pushes it away again.",
        functions=(r1, gradients),
    ),
    "r2_weight": Penalty(
        label="R2",
        formula=r"\tfrac{\gamma}{2} \, \mathbb{E}_z[\lVert \nabla D(G(z)) \rVert^2]",
        reference="Mescheder et al. 2018, Which Training Methods for GANs do actually Converge?, equation 10",
        intuition="Flattens D at the generated samples, so that G is not thrown about.",
        functions=(r2, gradients),
    ),
    "weight_clip": Penalty(
        label="Weight clipping",
        formula=r"w \leftarrow \max(-c, \min(c, w)) \quad \text{for each weight } w \text{ of } D",
        reference="Arjovsky et al. 2017, Wasserstein GAN, algorithm 1",
        intuition="Small weights cannot make a steep D; crude, and it wastes much of what D could express.",
        functions=(clip_weights_,),
    ),
    "spectral_norm": Penalty(
        label="Spectral norm",
        formula=r"W \leftarrow W / \sigma(W), \quad \sigma(W) = \max_{\lVert h \rVert = 1} \lVert W h \rVert",
        reference="Miyato et al. 2018, Spectral Normalization for GANs, equation 8",
        intuition="No layer of D can stretch its input, so D's slope is at most 1 everywhere.",
    ),
    "label_smoothing": Penalty(
        label="One-sided label smoothing",
        formula=r"\text{target of } D(x): \; 1 - s, \qquad \text{target of } D(G(z)): \; 0",
        reference="Salimans et al. 2016, Improved Techniques for Training GANs, section 3.4",
        intuition="A D that is never rewarded for being quite sure keeps a gradient for G.",
    ),
    "instance_noise": Penalty(
        label="Instance noise",
        formula=r"D \text{ sees } x + \sigma \epsilon \text{ and } G(z) + \sigma \epsilon', \quad "
        r"\epsilon, \epsilon' \sim \mathcal{N}(0, I)",
        reference="Sonderby et al. 2017, Amortised MAP Inference for Image Super-resolution",
        intuition="Blurs real and generated samples until they overlap, so that D cannot tell them apart for nothing.",
        functions=(add_noise,),
    ),
}


def source(penalty: Penalty) -> str:
    """The Python of a regulariser's functions, as it runs; empty where PyTorch's own does the work."""
    return "\n\n".join(inspect.getsource(function) for function in penalty.functions)

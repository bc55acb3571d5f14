"""The evidence lower bound of a VAE, term by term, and the formulas it comes from.

`x` and `reconstruction` are (batch, *shape), `mean` and `log_variance` the encoder's (batch, latent_dim). What a
VAE minimises is minus the bound, in nats a sample.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import torch
from torch import Tensor

from ganlab.game.notes import Note


def reparameterised(mean: Tensor, log_variance: Tensor, rng: torch.Generator) -> Tensor:
    """z ~ N(mean, variance) as a function of the two and of noise, so that gradients pass through it."""
    noise = torch.randn(mean.shape, generator=rng, device=mean.device, dtype=mean.dtype)
    return mean + (0.5 * log_variance).exp() * noise


def gaussian_kl(mean: Tensor, log_variance: Tensor) -> Tensor:
    """KL(N(mean, variance) || N(0, I)) of each sample, (batch,)."""
    return 0.5 * (mean.square() + log_variance.exp() - 1 - log_variance).sum(1)


def gaussian_nll(x: Tensor, reconstruction: Tensor, std: float) -> Tensor:
    """-log N(x; reconstruction, std^2 I) of each sample, (batch,)."""
    squares = (x - reconstruction).flatten(1).square().sum(1)
    return squares / (2 * std**2) + least_nll(x[0].numel(), std)


def least_nll(coordinates: int, std: float) -> float:
    """What `gaussian_nll` is of a perfect reconstruction."""
    return coordinates * math.log(std * math.sqrt(2 * math.pi))


ELBO: Mapping[str, Note] = {
    "elbo": Note(
        label="The evidence lower bound",
        formula=r"\begin{aligned} L = \mathbb{E}_x\big[\, &\mathbb{E}_{q(z|x)}[-\log p(x|z)] \\ "
        r"&+ \beta \, \mathrm{KL}(q(z|x) \,\Vert\, \mathcal{N}(0, I)) \,\big] \end{aligned}",
        reference="Kingma and Welling 2014, Auto-Encoding Variational Bayes, equations 3 and 10; "
        "beta: Higgins et al. 2017, beta-VAE, equation 4",
        intuition="Encoder and decoder have the same aim: to describe each sample well and with few nats. With beta = "
        "1, minus this loss is a lower bound of log p(x).",
        functions=(reparameterised,),
    ),
    "reconstruction": Note(
        label="Reconstruction",
        formula=r"\begin{gathered} p(x|z) = \mathcal{N}(x;\, G(z),\, \sigma^2 I) \\ "
        r"-\log p(x|z) = \tfrac{1}{2\sigma^2} \lVert x - G(z) \rVert^2 + \tfrac{n}{2} \log(2\pi\sigma^2) "
        r"\end{gathered}",
        reference="Kingma and Welling 2014, appendix C.2, with one fixed sigma for all of the n coordinates",
        intuition="The squared error averages over all samples that a latent may stand for. That is why a VAE's "
        "samples are blurred.",
        functions=(gaussian_nll, least_nll),
    ),
    "kl": Note(
        label="KL term",
        formula=r"\begin{gathered} q(z|x) = \mathcal{N}(\mu, \mathrm{diag}\, s^2) \\ "
        r"\mathrm{KL} = \tfrac12 \sum_j \left( \mu_j^2 + s_j^2 - 1 - \log s_j^2 \right) \end{gathered}",
        reference="Kingma and Welling 2014, equation 10 and appendix B",
        intuition="How much the encoder tells about each sample. Without this term, the latents of real samples could "
        "lie far from where noise is drawn, and noise would not give realistic samples.",
        functions=(gaussian_kl,),
    ),
}

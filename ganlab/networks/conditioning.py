"""What a condition and codes add to the losses, and what a page says about each way to condition a GAN."""

from __future__ import annotations

import math
from collections.abc import Mapping

import torch.nn.functional as F
from torch import Tensor

from ganlab.game.notes import Note
from ganlab.networks.conditional import ConditionalDiscriminator, Heads, with_class


def class_loss(logits: Tensor, y: Tensor) -> Tensor:
    """-E[log P(C = c | x)] of the named classes' logits and the true ones, one-hot (Odena et al. 2017, eq. 2)."""
    return F.cross_entropy(logits, y)


def category_information(logits: Tensor, category: Tensor) -> Tensor:
    """L_I = E[log Q(c | x)] + H(c) of a category with equal chances, in nats (Chen et al. 2016, equation 5)."""
    return math.log(category.shape[1]) - F.cross_entropy(logits, category)


def dial_information(means: Tensor, dials: Tensor) -> Tensor:
    """L_I of codes on [-1, 1], summed, for a Gaussian Q with standard deviation 1 (Chen et al. 2016, section 6).

    So wide a Q makes the bound a loose one, below 0 even at its best; its gradient is that of the squared error.
    """
    log_q = -0.5 * (dials - means).square() - 0.5 * math.log(2 * math.pi)
    return (log_q + math.log(2)).mean(dim=0).sum()


CONDITIONING: Mapping[str, Note] = {
    "condition:concat": Note(
        label="Conditional GAN",
        formula=r"D(x, y) = D([x; y]), \quad G(z, y) = G([z; y])",
        reference="Mirza and Osindero 2014, Conditional Generative Adversarial Nets, equation 2",
        intuition="Both networks see the class, so D can reject a realistic sample of the wrong class.",
        functions=(with_class, ConditionalDiscriminator),
    ),
    "condition:auxiliary": Note(
        label="AC-GAN",
        formula=r"L_D + L_C(x) + L_C(G(z, y)) \text{ and } L_G + L_C(G(z, y)), \quad "
        r"L_C(x) = -\mathbb{E}[\log P(C = y \mid x)]",
        reference="Odena et al. 2017, Conditional Image Synthesis with Auxiliary Classifier GANs, equations 2 and 3",
        intuition="D also learns to recognise the class, and G to make samples that D recognises as the class asked "
        "for. This favours samples that are easy to recognise.",
        functions=(class_loss, Heads, ConditionalDiscriminator),
    ),
    "condition:projection": Note(
        label="Projection discriminator",
        formula=r"D(x, y) = y^\top V \phi(x) + \psi(\phi(x)), \quad \phi: \; D\text{'s features}",
        reference="Miyato and Koyama 2018, cGANs with Projection Discriminator, equation 3",
        intuition="Each class is a direction in D's features. How far a sample lies in that direction is added to its "
        "score.",
        functions=(Heads, ConditionalDiscriminator),
    ),
    "info_categories": Note(
        label="InfoGAN, categorical code",
        formula=r"L - \lambda L_I, \quad L_I = \mathbb{E}_{c, z}[\log Q(c \mid G(z, c))] + \log K \le I(c; G(z, c)), "
        r"\quad L = L_D, L_G",
        reference="Chen et al. 2016, InfoGAN, equations 5 and 6; D's loss has it too, as in the authors' code",
        intuition="Q, a head on D, must read the code from the sample, so G gives the code a meaning that can be seen.",
        functions=(category_information, Heads),
    ),
    "info_continuous": Note(
        label="InfoGAN, continuous codes",
        formula=r"L_I = \mathbb{E}_{c, z}[\log \mathcal{N}(c; \mu_Q(G(z, c)), 1)] + \log 2 "
        r"\text{ for each } c \sim U[-1, 1]",
        reference="Chen et al. 2016, InfoGAN, section 6; the deviation of 1 is that of the authors' code",
        intuition="Q must be able to read the dials from the sample, so G makes each dial change something steadily.",
        functions=(dial_information, Heads),
    ),
}

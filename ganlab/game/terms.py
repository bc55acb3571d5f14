"""What G may be asked beside, or in place of, winning the game: terms of its loss that read D's responses.

`real` and `fake` are what D says of a batch of real and of a batch of generated samples: scores (batch,), or
features (batch, ...), the activations before D's last layer.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

import torch.nn.functional as F
from torch import Tensor

from ganlab.experiment.loss import CosineOf
from ganlab.game.notes import Note


def feature_matching(real: Tensor, fake: Tensor) -> Tensor:
    """||E f(x) - E f(G(z))||^2 of D's features f (Salimans et al. 2016, section 3.1)."""
    return (real.flatten(1).mean(0) - fake.flatten(1).mean(0)).square().sum()


def top_k(fake: Tensor, share: float) -> Tensor:
    """Which generated samples G learns from: the share that D scores highest, at least one (Sinha et al. 2020)."""
    return fake.topk(math.ceil(share * len(fake))).indices


def cosine_of_outputs(real: Tensor, fake: Tensor) -> Tensor:
    """The cosine D(x) . D(G(z)) / (|D(x)| |D(G(z))|) of the raw scores: near 1 whenever all of them are positive."""
    return F.cosine_similarity(real, fake, dim=0)


def cosine_of_centred(real: Tensor, fake: Tensor) -> Tensor:
    """The cosine of scores minus the mean of both batches: -1 where D separates them, about 0 where it cannot."""
    middle = (real.mean() + fake.mean()) / 2
    return F.cosine_similarity(real - middle, fake - middle, dim=0)


def cosine_of_features(real: Tensor, fake: Tensor) -> Tensor:
    """The cosine of the angle between D's mean features of both batches: 1 where they point the same way."""
    return F.cosine_similarity(real.flatten(1).mean(0), fake.flatten(1).mean(0), dim=0)


COSINES: Mapping[CosineOf, Callable[[Tensor, Tensor], Tensor]] = {
    "outputs": cosine_of_outputs,
    "centred": cosine_of_centred,
    "features": cosine_of_features,
}

GENERATOR_TERMS: Mapping[str, Note] = {
    "feature_matching": Note(
        label="Feature matching",
        formula=r"\lambda \, \lVert \mathbb{E}_x[f(x)] - \mathbb{E}_z[f(G(z))] \rVert^2, \quad "
        r"f: \text{ the activations before } D\text{'s last layer}",
        reference="Salimans et al. 2016, Improved Techniques for Training GANs, section 3.1",
        intuition="G matches the mean of D's features. This target moves less than D's scores do.",
        functions=(feature_matching,),
    ),
    "top_k": Note(
        label="Top-k training",
        formula=r"L_G \text{ over the } k = \lceil s B \rceil \text{ generated samples of the batch "
        r"with the highest } D(G(z))",
        reference="Sinha et al. 2020, Top-k Training of GANs: Improving GAN Performance by Throwing Away Bad Samples",
        intuition="Samples with low scores from D pull G in a wrong direction too often, so they are left out.",
        functions=(top_k,),
    ),
    "cosine_weight": Note(
        label="Cosine similarity",
        formula=r"\lambda \, (1 - \cos), \quad \cos = "
        r"\frac{r \cdot g}{\lVert r \rVert \, \lVert g \rVert}, \quad r, g: \; D\text{'s responses to real "
        r"and to generated samples}",
        reference="The vector product of D's responses. For mean features, it is feature matching (Salimans et al. "
        "2016) by direction alone",
        intuition="For scores that are all positive, it is never negative and tells little. For centred scores or "
        "features, it tells real from generated.",
        functions=(cosine_of_outputs, cosine_of_centred, cosine_of_features),
    ),
}

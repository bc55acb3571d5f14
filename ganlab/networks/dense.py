"""Dense networks whose layers widen towards the image: the "vanilla GAN" of most tutorials.

With widths 128 to 1024 and 512 to 256 they are those of eriklindernoren/PyTorch-GAN's gan.py.
"""

from __future__ import annotations

import math
from itertools import pairwise

from torch import nn

from ganlab.experiment.choices import Activation, Minibatch, Norm
from ganlab.experiment.codes import input_dim
from ganlab.networks.architecture import Architecture, Player
from ganlab.networks.discriminator import Discriminator
from ganlab.networks.layers import activation, normalisation
from ganlab.networks.minibatch import minibatch_layer

WIDEST = 4096


def widths(first: int, depth: int) -> list[int]:
    """`depth` widths, each twice the one before, up to the widest."""
    return [min(first * 2**k, max(first, WIDEST)) for k in range(depth)]


class DenseGenerator(nn.Sequential):
    """Dense layers, each twice as wide as the one before, from noise to a sample (Goodfellow et al. 2014).

    z (batch, latent_dim) -> (batch, *shape); points are unbounded, pixels end in a tanh. Normalised after each
    hidden layer but the first.
    """

    def __init__(self, latent_dim: int, shape: tuple[int, ...], depth: int, width: int, act: Activation, norm: Norm):
        hidden = widths(width, depth)
        layers: list[nn.Module] = [nn.Linear(latent_dim, width), activation(act)]
        for inputs, outputs in pairwise(hidden):
            layers += [nn.Linear(inputs, outputs), *normalisation(norm, outputs), activation(act)]
        layers += [nn.Linear(hidden[-1], math.prod(shape))]
        if len(shape) == 3:
            layers += [nn.Tanh(), nn.Unflatten(1, shape)]
        super().__init__(*layers)


class DenseDiscriminator(Discriminator):
    """Dense layers, each half as wide as the one before and the last of the given width, from a sample to one logit.

    x (batch, *shape) -> logits (batch,). Normalised after each hidden layer but the first.
    """

    def __init__(
        self, shape: tuple[int, ...], depth: int, width: int, act: Activation, norm: Norm, minibatch: Minibatch
    ):
        hidden = widths(width, depth)[::-1]
        layers: list[nn.Module] = [nn.Flatten()] if len(shape) == 3 else []
        layers += [nn.Linear(math.prod(shape), hidden[0]), activation(act)]
        for inputs, outputs in pairwise(hidden):
            layers += [nn.Linear(inputs, outputs), *normalisation(norm, outputs), activation(act)]
        extra, features = minibatch_layer(minibatch, width)
        layers += [*extra, nn.Linear(features, 1), nn.Flatten(0)]
        super().__init__(*layers)


ARCHITECTURE = Architecture(
    title="Dense layers that widen",
    reference="Goodfellow et al. 2014, Generative Adversarial Nets; widths of most tutorials since",
    intuition="It does not know which pixels are neighbours. G's last layer has one row of weights for each pixel.",
    generator=Player(
        DenseGenerator,
        lambda e, shape: (input_dim(e), shape, e.g_depth, e.g_width, e.g_activation, e.g_norm),
        widest=lambda e, shape: widths(e.g_width, e.g_depth)[-1],
    ),
    discriminator=Player(
        DenseDiscriminator,
        lambda e, shape: (shape, e.d_depth, e.d_width, e.d_activation, e.d_norm, e.d_minibatch),
        widest=lambda e, shape: widths(e.d_width, e.d_depth)[-1],
    ),
)

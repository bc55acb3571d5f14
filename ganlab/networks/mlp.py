"""Dense networks: good for points, and for small images a baseline."""

from __future__ import annotations

import math

from torch import nn

from ganlab.experiment.choices import Activation, Minibatch, Norm
from ganlab.experiment.codes import input_dim
from ganlab.networks.architecture import Architecture, Player
from ganlab.networks.discriminator import Discriminator
from ganlab.networks.layers import activation, normalisation
from ganlab.networks.minibatch import minibatch_layer


class MLPGenerator(nn.Sequential):
    """Dense layers from noise to a sample (Goodfellow et al. 2014).

    z (batch, latent_dim) -> (batch, *shape); points are unbounded, pixels end in a tanh.
    """

    def __init__(self, latent_dim: int, shape: tuple[int, ...], depth: int, width: int, act: Activation, norm: Norm):
        layers: list[nn.Module] = []
        inputs = latent_dim
        for _ in range(depth):
            layers += [nn.Linear(inputs, width), *normalisation(norm, width), activation(act)]
            inputs = width
        layers += [nn.Linear(inputs, math.prod(shape))]
        if len(shape) == 3:
            layers += [nn.Tanh(), nn.Unflatten(1, shape)]
        super().__init__(*layers)


class MLPDiscriminator(Discriminator):
    """Dense layers from a sample to one logit; normalised after each hidden layer but the first.

    x (batch, *shape) -> logits (batch,)
    """

    def __init__(
        self, shape: tuple[int, ...], depth: int, width: int, act: Activation, norm: Norm, minibatch: Minibatch
    ):
        layers: list[nn.Module] = [nn.Flatten()] if len(shape) == 3 else []
        layers += [nn.Linear(math.prod(shape), width), activation(act)]
        for _ in range(depth - 1):
            layers += [nn.Linear(width, width), *normalisation(norm, width), activation(act)]
        extra, features = minibatch_layer(minibatch, width)
        layers += [*extra, nn.Linear(features, 1), nn.Flatten(0)]
        super().__init__(*layers)


ARCHITECTURE = Architecture(
    title="Multi-layer perceptron",
    reference="Goodfellow et al. 2014, Generative Adversarial Nets",
    intuition="Every unit sees every input. This suits points, but the network does not know which pixels are "
    "neighbours.",
    generator=Player(
        MLPGenerator,
        lambda e, shape: (input_dim(e), shape, e.g_depth, e.g_width, e.g_activation, e.g_norm),
        widest=lambda e, shape: e.g_width,
    ),
    discriminator=Player(
        MLPDiscriminator,
        lambda e, shape: (shape, e.d_depth, e.d_width, e.d_activation, e.d_norm, e.d_minibatch),
        widest=lambda e, shape: e.d_width,
    ),
)

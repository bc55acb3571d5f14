"""How the weights of a network are first drawn: from the run's own generator, never from PyTorch's global one."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, TypeVar, cast

import torch
from torch import nn
from torch.nn.utils import parametrizations, parametrize

from ganlab.experiment.choices import Init
from ganlab.networks.scaled import ScaledConv2d, ScaledLinear, SelfDrawn

_WEIGHTED = (nn.Linear, nn.Conv2d, nn.ConvTranspose2d)
_BATCH_NORMS = (nn.BatchNorm1d, nn.BatchNorm2d)
_POWER_ITERATIONS = 15  # enough for the singular vectors to settle before the first step (PyTorch's own number)


Network = TypeVar("Network", bound=nn.Module)


def built(network: Callable[[], Network], init: Init, rng: torch.Generator, *, spectral_norm: bool = False) -> Network:
    """The network that `network` makes, on the CPU, all its weights drawn with `rng`."""
    with torch.device("meta"):  # layers draw their first weights when they are made; on this device nothing is drawn
        net = network()
    blank = {name: torch.zeros(value.shape, dtype=value.dtype) for name, value in net.state_dict().items()}
    net.load_state_dict(blank, assign=True)  # Module.to_empty would do, but its first call takes 0.3 s
    if spectral_norm:
        with torch.random.fork_rng(devices=()):  # it draws singular vectors, which are drawn anew with the weights
            for layer in tuple(net.modules()):
                if isinstance(layer, _WEIGHTED):
                    parametrizations.spectral_norm(layer)
    draw_weights_(net, init, rng)
    return net


@torch.no_grad()
def draw_weights_(net: nn.Module, init: Init, rng: torch.Generator) -> None:
    """Draw every weight anew.

    "default" is PyTorch's: U(-b, b) with b = 1 / sqrt(fan in) for weights and biases alike (He et al. 2015
    with a = sqrt(5)). "dcgan" is N(0, 0.02), N(1, 0.02) for BatchNorm's scales, biases 0 (Radford et al. 2016).
    Layers that know how they are to start do so.
    """
    for layer in net.modules():
        if isinstance(layer, _WEIGHTED):
            normed = parametrize.is_parametrized(layer, "weight")
            weight = cast(Any, layer).parametrizations.weight.original if normed else layer.weight
            bound = 1 / math.sqrt(weight[0].numel())
            if isinstance(layer, ScaledLinear | ScaledConv2d):
                gain = 1.0 if normed else layer.gain  # spectral norm divides any gain out again, and can't divide by 0
                weight.normal_(0, bound, generator=rng).mul_(gain)
                if layer.bias is not None:
                    layer.bias.fill_(layer.first_bias)
            elif init == "dcgan":
                weight.normal_(0, 0.02, generator=rng)
                if layer.bias is not None:
                    layer.bias.zero_()
            else:
                weight.uniform_(-bound, bound, generator=rng)
                if layer.bias is not None:
                    layer.bias.uniform_(-bound, bound, generator=rng)
            if normed:
                _settle_singular_vectors_(layer, rng)
        elif isinstance(layer, SelfDrawn):
            layer.draw_(rng)
        elif isinstance(layer, (*_BATCH_NORMS, nn.LayerNorm, nn.GroupNorm)):
            layer.reset_parameters()
            if init == "dcgan" and isinstance(layer, _BATCH_NORMS):
                layer.weight.normal_(1, 0.02, generator=rng)


def _settle_singular_vectors_(layer: nn.Module, rng: torch.Generator) -> None:
    """Start spectral normalisation at (nearly) the largest singular value of a layer whose weights were drawn."""
    for vector in layer.buffers():
        vector.copy_(nn.functional.normalize(torch.randn(vector.shape, generator=rng), dim=0))
    for _ in range(_POWER_ITERATIONS):
        _ = layer.weight  # each reading is a power iteration while the layer is in training mode

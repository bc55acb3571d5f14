"""Passes through dense networks whose gradient is taken by hand.

In a step of small networks calls cost more than arithmetic, and autograd makes several calls for each layer. So a pass
that a player learns from is cut out of autograd's graph, which begins only at the pass's result. Autograd says what
the loss's gradient is there. From there on the layers are gone through backwards here, with the operations that
autograd would do itself, so that every gradient is the same to the last bit.
"""

from __future__ import annotations

import copy
import weakref
from collections.abc import Callable, Mapping
from functools import partial
from itertools import pairwise
from typing import Any, NamedTuple, cast

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class Activation(NamedTuple):
    """A non-linearity whose gradient follows from its result alone.

    Attributes:
        apply_: x -> y, in place.
        backward: (the loss's gradient for y, y) -> its gradient for x.
    """

    apply_: Callable[[Tensor], Tensor]
    backward: Callable[[Tensor, Tensor], Tensor]


def relu(_: nn.Module) -> Activation:
    backward = torch.ops.aten.threshold_backward.default
    return Activation(torch.relu_, lambda d, y: backward(d, y, 0))


def leaky_relu(layer: Any) -> Activation:
    slope, backward = layer.negative_slope, torch.ops.aten.leaky_relu_backward.default
    return Activation(lambda x: F.leaky_relu_(x, slope), lambda d, y: backward(d, y, slope, True))


def tanh(_: nn.Module) -> Activation:
    return Activation(torch.tanh_, torch.ops.aten.tanh_backward.default)


ACTIVATIONS: Mapping[type[nn.Module], Callable[[Any], Activation]] = {
    nn.ReLU: relu,
    nn.LeakyReLU: leaky_relu,
    nn.Tanh: tanh,
}


def is_dense(network: nn.Module) -> bool:
    """Whether linear layers are all that the network learns, with one of these activations after each but the last."""
    if not isinstance(network, nn.Sequential) or type(network).forward is not nn.Sequential.forward:
        return False
    layers = list(network)
    linear = [place for place, layer in enumerate(layers) if type(layer) is nn.Linear]
    return (
        len(list(network.parameters())) == 2 * len(linear) > 0
        and all(after == before + 2 for before, after in pairwise(linear))
        and all(type(layers[place + 1]) in ACTIVATIONS for place in linear[:-1])
    )


class Passes:
    """Passes through a dense network since its gradient was last asked for. Stands for the network's `forward`.

    By hand go those that the network learns from, whose input is a given batch. All others are autograd's: D's in G's
    update, where the input has a gradient itself, and what is shown, which is computed in eval mode.
    """

    def __init__(self, network: nn.Sequential) -> None:
        layers = list(network)
        linear = [place for place, layer in enumerate(layers) if type(layer) is nn.Linear]
        self._network = weakref.ref(network)  # which holds this: a cycle would keep both until it is collected
        self._before, self._after = layers[: linear[0]], layers[linear[-1] + 1 :]
        self._linear = [tuple(p.detach() for p in layers[place].parameters()) for place in linear]
        self._activations = [ACTIVATIONS[type(layers[place + 1])](layers[place + 1]) for place in linear[:-1]]
        self.made: list[tuple[list[Tensor], Tensor]] = []  # what each linear layer was given, and the result

    def __call__(self, x: Tensor) -> Tensor:
        """What the network makes of x, as a node at which autograd's graph begins."""
        network = cast(nn.Sequential, self._network())
        if x.requires_grad or not (network.training and torch.is_grad_enabled()):
            modules: Tensor = nn.Sequential.forward(network, x)  # type: ignore[no-untyped-call]
            return modules
        for layer in self._before:
            x = layer(x)
        given = [x]
        for place, activation in enumerate(self._activations):
            given.append(activation.apply_(F.linear(given[place], *self._linear[place])))
        x = F.linear(given[-1], *self._linear[-1]).requires_grad_()
        self.made.append((given, x))
        for layer in self._after:
            x = layer(x)
        return x

    def __deepcopy__(self, memo: dict[int, Any]) -> Callable[[Tensor], Tensor]:
        """What a copy of the network does, whose gradient nobody will ask for here: it passes through its modules."""
        return partial(nn.Sequential.forward, cast(nn.Sequential, copy.deepcopy(self._network(), memo)))

    def gradients(self, loss: Tensor, retain_graph: bool) -> list[Tensor]:
        """The gradient for each parameter, in the network's order: the sum over the passes, the latest first."""
        results = [result for _, result in self.made]
        # A step that was broken off has left passes that this loss knows nothing of.
        slopes = torch.autograd.grad(loss, results, retain_graph=retain_graph, allow_unused=True)
        total: list[Tensor] = []
        for (given, _), d in zip(reversed(self.made), reversed(slopes), strict=True):
            if d is not None:
                found = self._backward(given, d)
                total = [a + b for a, b in zip(total, found, strict=True)] if total else found
        if not retain_graph:
            self.made.clear()
        return total

    def _backward(self, given: list[Tensor], d: Tensor) -> list[Tensor]:
        """The gradient for each parameter in one pass, from that for its result."""
        gradients: list[Tensor] = []
        for place in reversed(range(len(given))):
            x = given[place]
            gradients += d.sum(0), d.t().mm(x)
            if place > 0:
                d = self._activations[place - 1].backward(d.mm(self._linear[place][0]), x)
        return gradients[::-1]

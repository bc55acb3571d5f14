"""Many networks of one shape as a single computation: every weight with a first dimension of members.

A batch is (members, batch, features), with samples of any shape flat. Products of matrices become batched ones and
convolutions grouped ones, so that a layer of 25 small networks costs hardly more calls than a layer of one.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Sequence
from typing import Self

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from ganlab.networks.dropout import Dropout
from ganlab.networks.layers import ChannelsLast
from ganlab.networks.minibatch import MOMENTUM, MinibatchStdDev
from ganlab.training.batched.maps import (
    batch_normed,
    convolved,
    dropped,
    flat,
    layer_normed,
    side_by_side,
    with_deviation,
)

MIXING = (nn.BatchNorm1d, nn.BatchNorm2d, MinibatchStdDev, Dropout)


class Stack:
    """Networks of the same layers, their parameters as one matrix `theta` (members, n).

    Attributes:
        weights: views into theta, (members, *shape of the parameter), in the order of the networks' own.
        gradient: what `differentiate` found last, (members, n).
        buffers: what the layers remember of batches, stacked likewise.
        mixes: whether a sample's result depends on the others of its batch, or on where in it the sample is.
    """

    def __init__(
        self,
        networks: Sequence[nn.Module],
        shape: Sequence[int],
        device: torch.device,
        chances: Sequence[torch.Generator] = (),
        *,
        bfloat16: bool = False,
    ) -> None:
        """`shape` is that of what each network is given, `chances` what each member's Dropout draws from.

        With `bfloat16`, passes of training are computed as in `precision.train_in_bfloat16`.
        """
        self._layers = list(networks[0].children())
        self._shape, self._chances, self._bfloat16 = shape, chances, bfloat16
        self._shapes = [p.shape for p in networks[0].parameters()]
        theta = torch.stack([torch.cat([p.detach().reshape(-1) for p in net.parameters()]) for net in networks])
        self._hold(theta.to(device))
        self.buffers = [torch.stack(same).to(device) for same in zip(*(net.buffers() for net in networks), strict=True)]
        self.mixes = any(isinstance(layer, MIXING) for layer in self._layers)

    def _hold(self, theta: Tensor) -> None:
        self.theta, self.gradient = theta, torch.zeros_like(theta)
        parts = torch.split(theta, [shape.numel() for shape in self._shapes], dim=1)
        self.weights = [
            part.view(len(theta), *shape).requires_grad_(True)
            for part, shape in zip(parts, self._shapes, strict=True)
        ]  # fmt: skip

    def copy(self) -> Self:
        """Returns a copy of the networks, with its own weights and buffers."""
        twin = copy.copy(self)
        twin._hold(self.theta.clone())
        twin.buffers = [buffer.clone() for buffer in self.buffers]
        return twin

    def lend(self, member: int, network: nn.Module) -> None:
        """Give this network the weights and buffers of a member."""
        for own, stacked in zip(network.parameters(), self.weights, strict=True):
            own.data.copy_(stacked[member])
        for buffer, stacked in zip(network.buffers(), self.buffers, strict=True):
            buffer.copy_(stacked[member])

    def borrow(self, member: int, network: nn.Module) -> None:
        """Give a member the weights and buffers of this network."""
        for own, stacked in zip(network.parameters(), self.weights, strict=True):
            stacked.data[member].copy_(own)
        for buffer, stacked in zip(network.buffers(), self.buffers, strict=True):
            stacked[member].copy_(buffer)

    def differentiate(self, loss: Tensor) -> Tensor:
        """The gradient of each member's share of `loss` (their sum), (members, n); kept in `gradient`."""
        parts = torch.autograd.grad(loss, self.weights)
        return torch.cat([part.flatten(1) for part in parts], dim=1, out=self.gradient)

    def __call__(
        self, x: Tensor, weights: Sequence[Tensor] | None = None, *, training: bool = True, observe: bool = True
    ) -> Tensor:
        """What the networks make of x (members, batch, inputs), with `weights` in place of their own if given.

        Layers that remember batches of training remember this one if they `observe`.
        """
        weights = weights or self.weights
        if not (self._bfloat16 and training):
            return self._passed(x, weights, training, observe)
        with torch.autocast(x.device.type, dtype=torch.bfloat16):
            return self._passed(x, weights, training, observe).float()

    def _passed(self, x: Tensor, weights: Sequence[Tensor], training: bool, observe: bool) -> Tensor:
        """What comes out of the last layer."""
        own, kept = iter(weights), iter(self.buffers)
        members, shape = len(x), self._shape
        for layer in self._layers:
            match layer:
                case nn.Linear():
                    x = _linear(x, layer, own)
                case nn.LayerNorm():
                    x = _scaled(F.layer_norm(x, layer.normalized_shape, eps=layer.eps), own)
                case nn.BatchNorm1d():
                    x = _scaled(_standardised(x, layer, kept, training, observe), own)
                case MinibatchStdDev() if x.dim() == 3:
                    x = _with_deviation(x, next(kept), training, observe)
                case MinibatchStdDev():
                    x = with_deviation(x, next(kept), training, observe)
                case nn.Unflatten():
                    shape = layer.unflattened_size
                case ChannelsLast():
                    x = layer(side_by_side(x, shape))
                case nn.Conv2d() | nn.ConvTranspose2d():
                    x = convolved(x, layer, own)
                case nn.BatchNorm2d():
                    x = batch_normed(x, layer, own, kept, training, observe)
                case nn.GroupNorm():
                    x = layer_normed(x, layer, own)
                case Dropout():
                    x = dropped(x, layer, self._chances, shape[0]) if training else x
                case nn.Flatten():
                    x = flat(x, members) if x.dim() == 4 else x
                    x = x.squeeze(2) if layer.start_dim == 0 else x
                case _:  # element by element or map by map, the same for all members
                    x = layer(x)
        return flat(x, members) if x.dim() == 4 else x


def _linear(x: Tensor, layer: nn.Linear, own: Iterator[Tensor]) -> Tensor:
    weight = next(own).transpose(1, 2)
    return torch.bmm(x, weight) if layer.bias is None else torch.baddbmm(next(own).unsqueeze(1), x, weight)


def _scaled(x: Tensor, own: Iterator[Tensor]) -> Tensor:
    """A normalisation's learnt scale and shift."""
    scale, shift = next(own), next(own)
    return torch.addcmul(shift.unsqueeze(1), x, scale.unsqueeze(1))


def _standardised(x: Tensor, layer: nn.BatchNorm1d, kept: Iterator[Tensor], training: bool, observe: bool) -> Tensor:
    """BatchNorm before its scale and shift (Ioffe and Szegedy 2015), each member over its own batch."""
    running_mean, running_var, batches = next(kept), next(kept), next(kept)
    mean, var = running_mean, running_var
    if training:
        var, mean = torch.var_mean(x.to(running_mean), dim=1, correction=0)
        if observe:
            momentum, n = layer.momentum or 0.0, x.shape[1]
            running_mean.lerp_(mean.detach(), momentum)
            running_var.lerp_(var.detach() * (n / (n - 1)), momentum)
            batches += 1
    return (x - mean.unsqueeze(1)) * (var + layer.eps).rsqrt().unsqueeze(1)


def _with_deviation(x: Tensor, running: Tensor, training: bool, observe: bool) -> Tensor:
    """Append the feature of `MinibatchStdDev`. Each member compares the samples of its own batch."""
    statistic = running
    if training:
        statistic = (x.var(dim=1, correction=0) + 1e-8).sqrt().mean(dim=1)
        if observe:
            running.lerp_(statistic.detach().to(running), MOMENTUM)
    return torch.cat([x, statistic.view(-1, 1, 1).expand(-1, x.shape[1], 1)], dim=2)

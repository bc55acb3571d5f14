"""Feature maps of many members side by side: (batch, members * channels, height, width).

So each member's convolution is a group of one larger convolution, and BatchNorm, whose statistics are a channel's
own, needs no change at all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from ganlab.networks.dropout import Dropout
from ganlab.networks.minibatch import MOMENTUM


def side_by_side(x: Tensor, shape: Sequence[int]) -> Tensor:
    """Flat samples (members, batch, features) as maps, each of `shape` (channels, height, width)."""
    return x.transpose(0, 1).reshape(x.shape[1], -1, *shape[1:])


def flat(maps: Tensor, members: int) -> Tensor:
    """Maps as flat samples again, (members, batch, features)."""
    return maps.reshape(len(maps), members, -1).transpose(0, 1)


def convolved(maps: Tensor, layer: nn.Conv2d | nn.ConvTranspose2d, own: Iterator[Tensor]) -> Tensor:
    """Each member's maps under its own kernels."""
    kernels = next(own)
    bias = next(own).flatten() if layer.bias is not None else None
    convolve: Callable[..., Tensor] = F.conv2d if isinstance(layer, nn.Conv2d) else F.conv_transpose2d
    grouped = {"stride": layer.stride, "padding": layer.padding, "groups": len(kernels)}
    return convolve(maps, kernels.flatten(0, 1), bias, **grouped)


def batch_normed(
    maps: Tensor, layer: nn.BatchNorm2d, own: Iterator[Tensor], kept: Iterator[Tensor], training: bool, observe: bool
) -> Tensor:
    """BatchNorm (Ioffe and Szegedy 2015), each member over its own batch."""
    mean, var, batches = next(kept).view(-1), next(kept).view(-1), next(kept)
    scale, shift = next(own).flatten(), next(own).flatten()
    if not training:
        return F.batch_norm(maps, mean, var, scale, shift, eps=layer.eps)
    if not observe:
        return F.batch_norm(maps, None, None, scale, shift, training=True, eps=layer.eps)
    batches += 1
    return F.batch_norm(maps, mean, var, scale, shift, True, layer.momentum or 0.0, layer.eps)


def layer_normed(maps: Tensor, layer: nn.GroupNorm, own: Iterator[Tensor]) -> Tensor:
    """The networks' layer normalisation, GroupNorm of one group: here of one group a member."""
    scale, shift = next(own), next(own)
    return F.group_norm(maps, len(scale), scale.flatten(), shift.flatten(), layer.eps)


def with_deviation(maps: Tensor, running: Tensor, training: bool, observe: bool) -> Tensor:
    """Append the map of `MinibatchStdDev`. Each member compares the samples of its own batch."""
    each = maps.reshape(len(maps), len(running), -1, *maps.shape[2:])
    statistic = running
    if training:
        statistic = (each.var(dim=0, correction=0) + 1e-8).sqrt().mean(dim=(1, 2, 3))
        if observe:
            running.lerp_(statistic.detach().to(running), MOMENTUM)
    added = statistic.view(1, -1, 1, 1, 1).expand(len(maps), -1, 1, *maps.shape[2:])
    return torch.cat([each, added], dim=2).flatten(1, 2)


def dropped(x: Tensor, layer: Dropout, chances: Sequence[torch.Generator], colours: int) -> Tensor:
    """Dropout of flat samples or of maps, each member's mask from its own chance, as it would fall alone.

    Alone, maps have the order in memory that `ChannelsLast` gave images of so many `colours`, and in this order the
    mask is filled. Images of one colour are in that order already, and their maps stay in the usual one.
    """
    keep = 1 - layer.p
    if x.dim() == 3:
        mask = torch.stack([torch.empty_like(x[0]).bernoulli_(keep, generator=chance) for chance in chances])
    else:
        order = torch.channels_last if x.is_cpu and colours > 1 else torch.contiguous_format
        one = x.new_empty(len(x), x.shape[1] // len(chances), *x.shape[2:]).contiguous(memory_format=order)
        mask = torch.cat([torch.empty_like(one).bernoulli_(keep, generator=chance) for chance in chances], dim=1)
    return x * mask / keep

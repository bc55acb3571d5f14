"""A network's parameters as one vector, theta, as the papers write it.

Each parameter of the module becomes a view into theta. So a gradient norm, an optimiser's update, an
average of weights or a clip is one operation on one tensor, not one for each layer: on small networks,
where the cost of a call outweighs its arithmetic, that is a sizeable part of a training step.
"""

from __future__ import annotations

from typing import cast

import torch
from torch import Tensor, nn

from ganlab.training.by_hand import Passes, is_dense


class Parameters:
    """The parameters of `network` as the vector `theta` (n,), with its gradient in `theta.grad`."""

    def __init__(self, network: nn.Module) -> None:
        self._network = network
        self._passes: Passes | None = None
        self._views = list(network.parameters())
        self.theta = torch.cat([p.detach().reshape(-1) for p in self._views])
        self.theta.grad = torch.zeros_like(self.theta)
        start = 0
        for p in self._views:
            p.data = self.theta[start : start + p.numel()].view_as(p)
            start += p.numel()

    def differentiate_by_hand(self, wanted: bool) -> None:
        """Take the gradient of a dense network by hand from its next pass on, or leave it to autograd.

        By hand is right only where a loss depends on these parameters through the network's answers alone, and where
        the gradient is not differentiated again.
        """
        vars(self._network).pop("forward", None)
        self._passes = None
        if wanted and is_dense(self._network):
            self._passes = Passes(cast(nn.Sequential, self._network))
            self._network.forward = self._passes

    @staticmethod
    def gradients(loss: Tensor, *players: Parameters) -> list[Tensor]:
        """The gradient of one loss with respect to each player's theta, from one pass; kept as `gradient` does."""
        parts = iter(torch.autograd.grad(loss, [view for player in players for view in player._views]))
        found = []
        for player in players:
            assert player.theta.grad is not None
            own = [next(parts).reshape(-1) for _ in player._views]
            found.append(torch.cat(own, out=player.theta.grad))
        return found

    def vector(self) -> Tensor:
        """The parameters as one vector (n,) in the graph, for losses that are functions of the weights themselves."""
        return torch.cat([p.reshape(-1) for p in self._views])

    def differentiable_gradient(self, loss: Tensor) -> Tensor:
        """The gradient of `loss` with respect to theta, (n,), in the graph: it can be differentiated again."""
        return torch.cat([part.reshape(-1) for part in torch.autograd.grad(loss, self._views, create_graph=True)])

    def gradient(self, loss: Tensor, *, retain_graph: bool = False) -> Tensor:
        """The gradient of `loss` (a scalar) with respect to theta, (n,); kept in `theta.grad`.

        Only these parameters get one: a generator's loss passes through the discriminator without
        leaving gradients there.
        """
        assert self.theta.grad is not None
        if self._passes is not None and self._passes.made:
            parts = self._passes.gradients(loss, retain_graph)
        else:
            parts = list(torch.autograd.grad(loss, self._views, retain_graph=retain_graph))
        return torch.cat([part.reshape(-1) for part in parts], out=self.theta.grad)

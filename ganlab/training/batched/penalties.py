"""The penalties on D's slope for many members at once, each with its own weight."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from ganlab.experiment import Experiment
from ganlab.game.penalties import GRADIENT_PENALTIES
from ganlab.training.batched.optimizers import column
from ganlab.training.batched.stack import Stack


@dataclass(frozen=True)
class PenaltyForMany:
    """How a penalty on D's slope is computed for all members at once.

    Attributes:
        each: (D, real, fake, its random numbers (members, numbers)) -> each member's, (members,), without its weight.
        draws: (samples in a batch, features of a sample) -> how many random numbers it draws at a time, an update.
    """

    each: Callable[[Stack, Tensor, Tensor, Tensor], Tensor]
    draws: Callable[[int, int], tuple[int, ...]] = lambda n, features: ()


class SlopePenalties:
    """Those that at least one member has switched on; the others cost nothing.

    Attributes:
        draws: how many random numbers each member's penalties draw at a time, in order, an update of batches
            (members, n, features).
    """

    def __init__(self, experiments: Sequence[Experiment], n: int, features: int, device: torch.device) -> None:
        weights = {name: column(experiments, name)[:, 0].to(device) for name in FOR_MANY}
        self._weights = {name: weight for name, weight in weights.items() if bool((weight > 0).any())}
        draws = [FOR_MANY[name].draws(n, features) for name in self._weights]
        self.draws = [numbers for of_penalty in draws for numbers in of_penalty]
        self._takes = [sum(of_penalty) for of_penalty in draws]

    def __bool__(self) -> bool:
        return bool(self._weights)

    def __call__(self, D: Stack, real: Tensor, fake: Tensor, chance: Tensor | None) -> Tensor:
        """The weighted sum of each member's penalties, (members,); `chance` is (members, sum of `draws`)."""
        thrown = torch.split(real.new_empty(len(real), 0) if chance is None else chance, self._takes, dim=1)
        terms = []
        for (name, weight), dice in zip(self._weights.items(), thrown, strict=True):
            factor = GRADIENT_PENALTIES[name].factor
            terms.append(weight * (factor * FOR_MANY[name].each(D, real, fake, dice)))
        return torch.stack(terms).sum(dim=0)


def slopes(D: Stack, x: Tensor) -> Tensor:
    """The gradient of each D at each sample of x, (members, batch, features), in the graph."""
    x = x.detach().requires_grad_(True)
    gradient: Tensor = torch.autograd.grad(D(x).sum(), x, create_graph=True)[0]
    return gradient


def _between(D: Stack, real: Tensor, fake: Tensor, epsilon: Tensor, target: float) -> Tensor:
    """E[(||grad D|| - target)^2] between real and generated samples (Gulrajani et al. 2017, equation 3)."""
    x = torch.lerp(real, fake, epsilon.unsqueeze(2))
    norms: Tensor = torch.linalg.vector_norm(slopes(D, x), dim=2)
    return (norms - target).square().mean(dim=1)


def _gradient_penalty(D: Stack, real: Tensor, fake: Tensor, dice: Tensor) -> Tensor:
    return _between(D, real, fake, dice, 1.0)


def _zero_centred_gp(D: Stack, real: Tensor, fake: Tensor, dice: Tensor) -> Tensor:
    return _between(D, real, fake, dice, 0.0)


def _dragan(D: Stack, real: Tensor, _: Tensor, dice: Tensor) -> Tensor:
    noise, epsilon = dice[:, : real[0].numel()].view_as(real), dice[:, real[0].numel() :]
    spread = real.flatten(1).std(dim=1, correction=0).view(-1, 1, 1)
    return _between(D, real, real + 0.5 * spread * noise, epsilon, 1.0)


def _r1(D: Stack, real: Tensor, _: Tensor, __: Tensor) -> Tensor:
    return slopes(D, real).square().sum(dim=2).mean(dim=1)


def _r2(D: Stack, _: Tensor, fake: Tensor, __: Tensor) -> Tensor:
    return slopes(D, fake).square().sum(dim=2).mean(dim=1)


# By the field that holds the weight, in the order of GRADIENT_PENALTIES; a penalty that is not here trains alone.
FOR_MANY: Mapping[str, PenaltyForMany] = {
    "gp_weight": PenaltyForMany(_gradient_penalty, lambda n, features: (n,)),
    "zero_gp_weight": PenaltyForMany(_zero_centred_gp, lambda n, features: (n,)),
    "dragan_weight": PenaltyForMany(_dragan, lambda n, features: (n * features, n)),
    "r1_weight": PenaltyForMany(_r1),
    "r2_weight": PenaltyForMany(_r2),
}

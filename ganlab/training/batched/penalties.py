"""The penalties on D's slope for many members at once, each with its own weight."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from ganlab.experiment import Experiment
from ganlab.training.batched.optimizers import column
from ganlab.training.batched.stack import Stack


class SlopePenalties:
    """Those that at least one member has switched on; the others cost nothing.

    Attributes:
        numbers: of chance that each member's penalties take an update, of batches (members, n, features).
    """

    def __init__(self, experiments: Sequence[Experiment], n: int, features: int, device: torch.device) -> None:
        names = ("gp", "zero_gp", "dragan", "r1", "r2")
        columns = {name: column(experiments, f"{name}_weight")[:, 0].to(device) for name in names}
        self._weights = {name: weight for name, weight in columns.items() if bool((weight > 0).any())}
        takes = {"gp": n, "zero_gp": n, "dragan": n * features + n}
        self._takes = [takes[name] for name in self._weights if name in takes]
        self.numbers = sum(self._takes)

    def __bool__(self) -> bool:
        return bool(self._weights)

    def __call__(self, D: Stack, real: Tensor, fake: Tensor, chance: Tensor | None) -> Tensor:
        """The weighted sum of each member's penalties, (members,); `chance` is (members, `numbers`)."""
        dice = iter(torch.split(chance, self._takes, dim=1) if chance is not None else ())
        terms = []
        for name, weight in self._weights.items():
            match name:
                case "gp":
                    term = _between(D, real, fake, next(dice), 1.0)
                case "zero_gp":
                    term = _between(D, real, fake, next(dice), 0.0)
                case "dragan":
                    thrown = next(dice)
                    noise, epsilon = thrown[:, : real[0].numel()].view_as(real), thrown[:, real[0].numel() :]
                    spread = real.flatten(1).std(dim=1, correction=0).view(-1, 1, 1)
                    term = _between(D, real, real + 0.5 * spread * noise, epsilon, 1.0)
                case "r1":
                    term = slopes(D, real).square().sum(dim=2).mean(dim=1) / 2
                case _:
                    term = slopes(D, fake).square().sum(dim=2).mean(dim=1) / 2
            terms.append(weight * term)
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

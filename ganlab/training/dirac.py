"""The Dirac game on the Trainer: the same steps, and a note of where both players were after each of them.

Mescheder et al. 2018, Which Training Methods for GANs do actually Converge?, sections 2 and 3.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.func import vmap

from ganlab.experiment import Experiment
from ganlab.game.losses import Loss, chosen
from ganlab.training.objective import gradient_penalties
from ganlab.training.trainer import Measurements, Trainer

LONGEST_TRAIL = 4_000  # states; when there are more, every other one is dropped
NOISES = 33  # equally likely values that stand for a standard normal in the field


class DiracTrainer(Trainer):
    """Plays the Dirac game, and notes where both players were after each step."""

    def __init__(self, experiment: Experiment) -> None:
        super().__init__(experiment)
        self._trail: list[tuple[int, float, float]] = []
        self._unread: list[Tensor] = []  # (theta, psi), which wait on the device
        self._noted = -1
        self._note()

    @property
    def trail(self) -> list[tuple[int, float, float]]:
        """Returns (iteration, theta, psi) of the steps since it was built or restored; of many, every other one."""
        if self._unread:
            first = self._noted - len(self._unread) + 1
            states = torch.stack(self._unread).cpu().tolist()
            self._trail += [(first + step, theta, psi) for step, (theta, psi) in enumerate(states)]
            self._unread = []
            while len(self._trail) > LONGEST_TRAIL:
                self._trail = self._trail[::2]
        return self._trail

    @property
    def state(self) -> tuple[float, float]:
        """Returns G's point and D's slope."""
        return self.g.theta.item(), self.d.theta.item()

    def _record(self, measured: Measurements) -> None:
        super()._record(measured)
        self._note()

    def change(self, **values: Any) -> None:
        super().change(**values)
        if self.iteration != self._noted:  # a checkpoint has put the players elsewhere
            self._note()

    def _note(self) -> None:
        if self.iteration != self._noted + 1:
            self._trail, self._unread = [], []
        self._unread.append(torch.cat([self.g.theta.detach().flatten(), self.d.theta.detach().flatten()]))
        self._noted = self.iteration
        if len(self._unread) > LONGEST_TRAIL:
            _ = self.trail  # reads them, and keeps fewer


def field(e: Experiment, loss: Loss, theta: NDArray[np.float64], psi: NDArray[np.float64]) -> NDArray[np.float64]:
    """Where plain gradient descent takes both players from each state: (n,), (n,) -> (n, 2), minus both gradients.

    What a loss remembers is as at the start; clipping acts at the edge of a box only.
    """
    at = torch.from_numpy(theta).requires_grad_(), torch.from_numpy(psi).requires_grad_()
    loss_d, loss_g = vmap(_losses(e, loss))(*at)
    (by_theta,) = torch.autograd.grad(loss_g.sum(), at[0], create_graph=True)
    (by_psi,) = torch.autograd.grad(loss_d.sum() + _penalty(e, *at), at[1], create_graph=True)
    if e.consensus_weight > 0:
        unrest = e.consensus_weight / 2 * (by_theta.square() + by_psi.square()).sum()
        more = torch.autograd.grad(unrest, at)
        by_theta, by_psi = by_theta + more[0], by_psi + more[1]
    return -torch.stack([by_theta, by_psi], dim=1).detach().numpy()


def _losses(e: Experiment, loss: Loss) -> Callable[[Tensor, Tensor], tuple[Tensor, Tensor]]:
    """(theta, psi) -> D's and G's loss; with instance noise, their means over it."""
    quantiles = (torch.arange(NOISES, dtype=torch.float64) + 0.5) / NOISES
    noise = e.instance_noise * torch.special.ndtri(quantiles) if e.instance_noise > 0 else torch.zeros(1).double()
    options_d, options_g = chosen(loss.options_d, e), chosen(loss.options_g, e)
    if loss.memory is not None:
        options_d[loss.memory.name] = loss.memory.start

    def losses(theta: Tensor, psi: Tensor) -> tuple[Tensor, Tensor]:
        real, fake = psi * noise, psi * (theta + noise)
        return loss.d(real, fake, **options_d), loss.g(fake, real, **options_g)

    return losses


def _penalty(e: Experiment, theta: Tensor, psi: Tensor) -> Tensor:
    """The sum over all states of the gradient penalties of D(x) = psi x, each state a sample with a slope of its own.

    The slope is the same wherever a penalty looks, so that neither its samples nor its random numbers matter.
    """
    fake = theta.detach().unsqueeze(1)
    terms = gradient_penalties(e, lambda x: psi * x[:, 0], torch.zeros_like(fake), fake, torch.Generator())
    return len(psi) * sum(terms, start=psi.new_zeros(()))


def distances(trail: NDArray[np.float64]) -> NDArray[np.float64]:
    """How far each state (n, 2) is from the equilibrium (0, 0)."""
    far: NDArray[np.float64] = np.hypot(trail[:, 0], trail[:, 1])
    return far

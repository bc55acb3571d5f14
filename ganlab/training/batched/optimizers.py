"""The optimisers of torch for many members at once, each with its own settings."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from ganlab.experiment import Experiment
from ganlab.training.optimizers import schedule_factor, step_device

EPSILON = 1e-8  # torch's default, of Adam and RMSprop


class StackedOptimizer:
    """The optimiser of `role` ("g" or "d") over theta (members, n); its settings are columns (members, 1).

    A step reads no number that the host has: rates and the count of updates are tensors beside theta, which a recorded
    step reads again. The columns are in double precision where theta's device has it.

    Attributes:
        state: by the names that torch's own optimiser has for it, (members, n).
    """

    def __init__(self, experiments: Sequence[Experiment], role: str, theta: Tensor) -> None:
        self.kind: str = getattr(experiments[0], f"optimizer_{role}")
        self._experiments, self._role, self._theta = experiments, role, theta
        self._scheduled = getattr(experiments[0], f"schedule_{role}") != "constant"
        self._full_lr = column(experiments, f"lr_{role}", torch.float64)
        self._beta1, self._beta2, self._lr = (
            column(experiments, f"{name}_{role}", torch.float64).to(theta.device, precision_on(theta.device))
            for name in ("beta1", "beta2", "lr")
        )
        self._updates = torch.zeros_like(self._lr[0, 0])
        names = {"adam": ("exp_avg", "exp_avg_sq"), "rmsprop": ("square_avg",), "momentum": ("momentum_buffer",)}
        self.state = {name: torch.zeros_like(theta) for name in names.get(self.kind, ())}
        self._on_theta = {name: t.to(theta) for name, t in (("beta1", self._beta1), ("beta2", self._beta2))}

    @property
    def updates(self) -> int:
        """Steps taken."""
        return int(self._updates)

    @property
    def lr(self) -> Tensor:
        """Each member's learning rate as its schedule has it now, (members, 1)."""
        return self._lr.to(self._theta.dtype)

    def follow_schedule(self, iteration: int) -> None:
        """Set the learning rates to what they are at this iteration."""
        if self._scheduled:
            factors = [schedule_factor(e, self._role, iteration) for e in self._experiments]
            rates = self._full_lr * torch.tensor(factors, dtype=torch.float64).unsqueeze(1)
            self._lr.copy_(rates.to(self._lr.dtype), non_blocking=True)

    def step(self, gradient: Tensor) -> None:
        """Move theta along this gradient (members, n)."""
        self._updates += 1
        match self.kind:
            case "adam":
                self._adam(gradient)
            case "rmsprop":
                average = self.state["square_avg"]
                average.lerp_(gradient.square(), 1 - self._on_theta["beta2"])
                self._theta.addcdiv_(gradient * self.lr, average.sqrt().add_(EPSILON), value=-1)
            case "momentum":
                velocity = self.state["momentum_buffer"]
                velocity.mul_(self._on_theta["beta1"]).add_(gradient)
                self._theta.addcmul_(velocity, self.lr, value=-1)
            case _:
                self._theta.addcmul_(gradient, self.lr, value=-1)

    def lend(self, member: int, optimizer: torch.optim.Optimizer, theta: Tensor) -> None:
        """Let torch's own optimiser over this member's theta (n,) remember what this one does of it."""
        if (updates := self.updates) and self.state:
            count = torch.tensor(float(updates), device=step_device(optimizer, theta))
            step = {"step": count} if self.kind in ("adam", "rmsprop") else {}
            optimizer.state[theta] = step | {name: value[member].clone() for name, value in self.state.items()}

    def borrow(self, member: int, optimizer: torch.optim.Optimizer, theta: Tensor) -> None:
        """Remember of this member what torch's own optimiser over its theta (n,) does. All take as many steps."""
        state = optimizer.state.get(theta, {})
        for name, value in self.state.items():
            if name in state:
                value[member].copy_(state[name])
        self._updates.fill_(int(state.get("step", len(state))))  # momentum does not count its steps, nor needs to

    def _adam(self, gradient: Tensor) -> None:
        """Kingma and Ba 2015, algorithm 1."""
        mean, square = self.state["exp_avg"], self.state["exp_avg_sq"]
        mean.lerp_(gradient, 1 - self._on_theta["beta1"])
        square.lerp_(gradient.square(), 1 - self._on_theta["beta2"])
        step = (self._lr / (1 - self._beta1**self._updates)).to(mean.dtype)
        scale = (1 - self._beta2**self._updates).rsqrt().to(mean.dtype)
        self._theta.addcdiv_(mean * step, square.sqrt().mul_(scale).add_(EPSILON), value=-1)


def precision_on(device: torch.device) -> torch.dtype:
    """The type of the few numbers that are kept in double precision, where the device has it."""
    return torch.float32 if device.type == "mps" else torch.float64


def column(experiments: Sequence[Experiment], name: str, dtype: torch.dtype | None = None) -> Tensor:
    """One field of each member, (members, 1)."""
    return torch.tensor([[getattr(e, name)] for e in experiments], dtype=dtype)

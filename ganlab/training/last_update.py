"""How far an optimiser's last step has moved the weights, from what it keeps: training pays nothing for it."""

from __future__ import annotations

import torch
from torch import Tensor


@torch.no_grad()
def last_update(optimizer: torch.optim.Optimizer, theta: Tensor) -> Tensor | None:
    """The last step's change of theta (n,); None before the first.

    Right while the optimiser's options are those of that step, and the gradient is still the one that it took.
    """
    group, state, gradient = optimizer.param_groups[0], optimizer.state.get(theta, {}), theta.grad
    lr, decay = group["lr"], group["weight_decay"]
    if isinstance(optimizer, torch.optim.Adam):
        if not state:
            return None
        step, (beta1, beta2) = float(state["step"]), group["betas"]
        m, v = state["exp_avg"] / (1 - beta1**step), state["exp_avg_sq"] / (1 - beta2**step)
        moved: Tensor = -lr * m / (v.sqrt() + group["eps"])
        return moved
    if gradient is None or (isinstance(optimizer, torch.optim.RMSprop) and not state):
        return None
    if group.get("momentum"):
        buffer = state.get("momentum_buffer")
        return None if buffer is None else -lr * buffer
    # The decayed gradient was g + decay (theta - change): the weights before the step are theta less the change.
    rate = lr / (state["square_avg"].sqrt() + group["eps"]) if isinstance(optimizer, torch.optim.RMSprop) else lr
    change: Tensor = -rate * (gradient + decay * theta) / (1 - rate * decay)
    return change

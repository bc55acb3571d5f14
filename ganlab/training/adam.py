"""Adam over one vector of parameters, without what torch does at each step in case there are many."""

from __future__ import annotations

from typing import Any

import torch

from ganlab.training.eager import eager


class Adam(eager(torch.optim.Adam)):  # type: ignore[misc]
    """torch's Adam, with the same state and to the same bits; where it is fused, a step is one call.

    torch sorts all tensors by device and type before each step, and sets a mark for its profiler. With small networks
    that takes twice as long as the update itself.
    """

    def step(self, closure: Any = None) -> None:
        """Move the vector along its gradient (Kingma and Ba 2015, algorithm 1)."""
        group = self.param_groups[0]
        (theta,) = group["params"]
        state = self.state[theta]
        if not (group["fused"] and state):  # torch makes the state in the first step
            super().step(closure)
            return
        state["step"] += 1
        beta1, beta2 = group["betas"]
        torch._fused_adam_(
            [theta], [theta.grad], [state["exp_avg"]], [state["exp_avg_sq"]], [], [state["step"]],
            lr=group["lr"], beta1=beta1, beta2=beta2, weight_decay=group["weight_decay"], eps=group["eps"],
            amsgrad=False, maximize=False,
        )  # fmt: skip

    step.hooked = True  # type: ignore[attr-defined]  # torch sets its mark around every `step` that does not say so

"""Adam over one vector of parameters, without what torch does at each step in case there are many."""

from __future__ import annotations

from typing import Any

import torch

from ganlab.training.eager import eager


class Adam(eager(torch.optim.Adam)):  # type: ignore[misc]
    """torch's Adam, with the same state and to the same bits; where it is fused, a step is one call.

    torch sorts all tensors by device and type before each step, and sets a mark for its profiler. With small networks
    that takes twice as long as the update itself.

    Attributes:
        rate: the learning rate, where the step reads it: a tensor, so that a recorded step follows a schedule.
    """

    def __init__(self, params: Any, **options: Any) -> None:
        super().__init__(params, **options)
        (theta,) = self.param_groups[0]["params"]
        precise = theta.device.type == "cpu"  # where torch reads it as a double
        self.rate = torch.empty((), dtype=torch.float64 if precise else torch.float32, device=theta.device)
        self.heed_rate()

    def heed_rate(self) -> None:
        """Take the group's learning rate from the next step on."""
        self.rate.fill_(self.param_groups[0]["lr"])

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
            lr=self.rate, beta1=beta1, beta2=beta2, weight_decay=group["weight_decay"], eps=group["eps"],
            amsgrad=False, maximize=False,
        )  # fmt: skip

    step.hooked = True  # type: ignore[attr-defined]  # torch sets its mark around every `step` that does not say so

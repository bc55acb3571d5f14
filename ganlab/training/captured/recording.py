"""The operations on tensors that an iteration consists of, as torch carries them out below autograd."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import torch
from torch import Tensor
from torch.fx.node import map_aggregate
from torch.utils._python_dispatch import TorchDispatchMode

MOST_OPERATIONS = 2_000  # more would take too long to write down as a program
MOST_BYTES = 2**28  # of results, all of which are kept until the recording has been read


class TensorOperation(NamedTuple):
    """What was called, with what, and what it gave."""

    function: Any
    args: Sequence[Any]
    kwargs: Mapping[str, Any]
    result: Any


class Recording(TorchDispatchMode):  # type: ignore[no-untyped-call]
    """Notes each operation that is carried out inside the block.

    Attributes:
        operations: in their order; incomplete if there is an obstacle.
        obstacle: why this iteration can't be repeated as a list of operations; empty where it can.
    """

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.operations: list[TensorOperation] = []
        self.obstacle = ""
        self._bytes = 0

    def __torch_dispatch__(
        self, func: Any, types: Any, args: Sequence[Any] = (), kwargs: Mapping[str, Any] | None = None
    ) -> Any:
        result = func(*args, **(kwargs or {}))
        if not self.obstacle and func.namespace != "profiler":  # marks, by torch's optimisers
            self._note(TensorOperation(func, args, kwargs or {}, result))
        return result

    @classmethod
    def _should_skip_dynamo(cls) -> bool:
        return False  # it would load torch's compiler, in order to keep away from it

    def _note(self, operation: TensorOperation) -> None:
        self.operations.append(operation)
        if not any(result.alias_info for result in operation.function._schema.returns):  # no view, nothing in place
            map_aggregate(operation.result, self._weigh)
        if _reads_numbers(operation):
            self.obstacle = f"{operation.function} reads numbers"
        elif len(self.operations) > MOST_OPERATIONS or self._bytes > MOST_BYTES:
            self.obstacle = "it is too large"
        if self.obstacle:
            self.operations.clear()

    def _weigh(self, value: Any) -> Any:
        self._bytes += value.nbytes if isinstance(value, Tensor) else 0
        return value


def _reads_numbers(operation: TensorOperation) -> bool:
    """Whether what it gives the host, a number or a shape, depends on the numbers in a tensor."""
    tags = operation.function.tags
    if operation.function is torch.ops.aten.index.Tensor:  # only a mask does
        return any(index is not None and index.dtype in (torch.bool, torch.uint8) for index in operation.args[1])
    return torch.Tag.data_dependent_output in tags or torch.Tag.dynamic_output_shape in tags

"""An iteration as straight-line code: its operations one after the other, without modules and without autograd."""

from __future__ import annotations

import operator
from collections.abc import Mapping
from types import BuiltinFunctionType
from typing import Any

import torch
from torch import Tensor, fx
from torch.fx.node import map_aggregate

from ganlab.training.captured.recording import Recording

Outside = Tensor | torch.Generator


class Program:
    """Carries out a recording's operations again.

    Numbers that an operation was given stay as they were. Tensors and sources of chance that were there before the
    recording are read, and changed, where they are.

    Attributes:
        code: its Python, as `torch.fx` writes it.
        outside: those tensors and sources of chance, in the order in which the code takes them.
    """

    def __init__(self, recording: Recording, results: Mapping[str, Tensor]) -> None:
        """`results`: the recording's tensors that the program returns, by name."""
        self.outside: list[Outside] = []
        self._graph = fx.Graph()
        self._last_input: fx.Node | None = None  # None: the graph's beginning
        self._nodes: dict[int, fx.Node] = {}  # by the id of what they stand for, all of which the recording keeps
        for func, args, kwargs, result in recording.operations:
            if func is torch.ops.aten.detach.default:
                self._nodes[id(result)] = self._node_of(args[0])
            else:
                node = self._graph.call_function(
                    _quickest(func), self._with_nodes(tuple(args)), self._with_nodes(dict(kwargs))
                )
                self._stand_for(node, result)
        self._graph.output(self._with_nodes(dict(results)))
        written = self._graph.python_code("self")
        self.code: str = written.src
        names = dict(written.globals)
        exec(self.code, names)  # a GraphModule would do the same, and keep the text for ever
        self._forward = names["forward"]
        del self._graph, self._nodes, self._last_input

    @torch.inference_mode()
    def __call__(self) -> dict[str, Tensor]:
        results: dict[str, Tensor] = self._forward(self, *self.outside)
        return results

    def repeats(self, other: Program) -> bool:
        """Whether both do the same with the same tensors."""
        return self.code == other.code and all(
            mine is theirs for mine, theirs in zip(self.outside, other.outside, strict=True)
        )

    def _with_nodes(self, values: Any) -> Any:
        return map_aggregate(values, self._node_of)

    def _node_of(self, value: Any) -> Any:
        """The node of a tensor or of a source of chance; anything else is itself."""
        if not isinstance(value, Outside):
            return value
        if id(value) not in self._nodes:
            with self._graph.inserting_after(self._last_input):
                self._last_input = self._nodes[id(value)] = self._graph.placeholder(f"x{len(self.outside)}")
            self.outside.append(value)
        return self._nodes[id(value)]

    def _stand_for(self, node: fx.Node, result: Any) -> None:
        if isinstance(result, Tensor):
            self._nodes.setdefault(id(result), node)  # changed in place: it keeps the node that it has
        elif isinstance(result, (tuple, list)):
            for place, part in enumerate(result):
                if isinstance(part, Tensor):
                    self._nodes[id(part)] = self._graph.call_function(operator.getitem, (node, place))


def _quickest(func: Any) -> Any:
    """torch's own function of this name where there is one: a call of it costs half as much as one of the operation."""
    function = getattr(torch, func.overloadpacket.__name__, None)
    return function if isinstance(function, BuiltinFunctionType) else func

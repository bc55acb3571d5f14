"""From a traced generator to the steps of the page for a browser: what PyTorch calls an operation, what we do."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from typing import Any

import torch
from torch import Tensor, fx
from torch.export.graph_signature import InputKind

from ganlab.export.files import CannotExport
from ganlab.export.generator import TrainedGenerator
from ganlab.export.page.steps import Graph, Operation
from ganlab.export.program import traced

aten = torch.ops.aten
WHOLE = (aten.upsample_bilinear2d.vec, aten.upsample_nearest2d.vec)  # not to be taken apart into many small steps
Settings = dict[str, Any]
Node = Any  # an fx.Node, whose arguments are of many types

SAME = {
    aten.relu.default: "relu", aten.tanh.default: "tanh", aten.sigmoid.default: "sigmoid", aten.exp.default: "exp",
    aten.sqrt.default: "sqrt", aten.rsqrt.default: "rsqrt", aten.mm.default: "mm", aten.bmm.default: "mm",
    aten.addmm.default: "addmm", aten.add.Tensor: "add", aten.sub.Tensor: "sub", aten.mul.Tensor: "mul",
    aten.div.Tensor: "div", aten.view.default: "reshape", aten.clone.default: "reshape",
    aten.unsqueeze.default: "reshape", aten.squeeze.dims: "reshape", aten.squeeze.dim: "reshape",
    aten.alias.default: "reshape", aten.expand.default: "expand", aten.add.Scalar: "add", aten.mul.Scalar: "mul",
}  # fmt: skip


def graph_of(generator: TrainedGenerator) -> Graph:
    """Returns the generator's operations for a single sample. Call it within `tracing`.

    Raises:
        CannotExport: the network uses an operation that the page does not know; which one, and in which layer.
    """
    program = traced(generator, batch=1)
    known: dict[Any, Any] = dict(torch.export.default_decompositions())
    for whole in WHOLE:
        known.pop(whole, None)
    return _Translation(program.run_decompositions(known)).graph()


class _Translation:
    """The operations so far. What depends only on weights is computed at once and becomes a constant."""

    def __init__(self, program: torch.export.ExportedProgram) -> None:
        self.program = program
        self.constants: dict[fx.Node, Tensor] = {}
        self.names: dict[fx.Node, str] = {}
        self.used: dict[str, Tensor] = {}
        self.steps: list[Operation] = []
        self.latent_shape: tuple[int, ...] = ()

    def graph(self) -> Graph:
        self._read_inputs()
        output = ""
        for node in self.program.graph.nodes:
            if node.op == "call_function":
                self._translate(node)
            elif node.op == "output":
                output = self._name(node.args[0][0])
        return Graph(self.latent_shape, self.used, self.steps, output)

    def _read_inputs(self) -> None:
        by_name = {node.name: node for node in self.program.graph.nodes}
        for spec in self.program.graph_signature.input_specs:
            node = by_name[spec.arg.name]
            if spec.kind is InputKind.USER_INPUT:
                self.names[node] = "z"
                self.latent_shape = tuple(node.meta["val"].shape)
            else:
                held = self.program.state_dict.get(spec.target)
                self.constants[node] = (held if held is not None else self.program.constants[spec.target]).detach()

    def _translate(self, node: Node) -> None:
        if all(source in self.constants for source in node.all_input_nodes):
            arguments = fx.map_arg(node.args, self.constants.__getitem__)
            self.constants[node] = node.target(*arguments, **node.kwargs)
        elif node.target in (aten._native_batch_norm_legit_no_training.default, *NORMALISING):
            self._normalise(node)
        elif node.target is operator.getitem:
            self.names[node] = self.names[node.args[0]]  # of a normalisation's results, the first
        else:
            op, inputs, settings = _translated(node)
            self._add(node.name, op, inputs, tuple(node.meta["val"].shape), settings)
            self.names[node] = node.name

    def _normalise(self, node: Node) -> None:
        """BatchNorm is a scale and a shift; LayerNorm and GroupNorm first bring their numbers to mean 0, variance 1."""
        x, shape = node.args[0], tuple(node.meta["val"][0].shape)
        pixels = int(torch.tensor(shape[2:]).prod())
        if node.target in NORMALISING:
            length, weight, bias, eps, inner = NORMALISING[node.target](node, pixels)
            self._add(f"{node.name}_plain", "normalise", (x,), shape, {"length": length, "eps": eps})
            source: Any = f"{node.name}_plain"
            scale, shift = self._value(weight), self._value(bias)
        else:
            _, weight, bias, mean, variance, _, eps = node.args
            scale = self._value(weight) / (self._value(variance) + eps).sqrt()
            shift, source, inner = self._value(bias) - self._value(mean) * scale, x, pixels
        self.used |= {f"{node.name}_scale": scale.flatten(), f"{node.name}_shift": shift.flatten()}
        inputs = (source, f"{node.name}_scale", f"{node.name}_shift")
        self._add(node.name, "affine", inputs, shape, {"inner": inner})
        self.names[node] = node.name

    def _add(self, name: str, op: str, inputs: tuple[Any, ...], shape: tuple[int, ...], settings: Settings) -> None:
        self.steps.append(Operation(name, op, tuple(map(self._name, inputs)), shape, settings))

    def _name(self, source: Any) -> str:
        """What the page calls a node's value; constants that are needed are noted."""
        if isinstance(source, str):
            return source
        if isinstance(source, int | float):
            name = f"number_{source!r}"
            self.used[name] = torch.tensor(float(source))
            return name
        if source not in self.names:
            self.names[source] = str(source.name)
            self.used[source.name] = self._value(source).contiguous().float()
        return self.names[source]

    def _value(self, source: Any) -> Tensor:
        return self.constants[source]


def _layer_norm(node: Node, _: int) -> tuple[Any, ...]:
    _, normalised, weight, bias, eps = node.args
    return int(torch.tensor(normalised).prod()), weight, bias, eps, 1


def _group_norm(node: Node, pixels: int) -> tuple[Any, ...]:
    _, weight, bias, _, channels, _, groups, eps = node.args
    return channels * pixels // groups, weight, bias, eps, pixels


# length that is normalised, weight, bias, eps, numbers that share one entry of weight and bias
NORMALISING: Mapping[Any, Callable[[Node, int], tuple[Any, ...]]] = {
    aten.native_layer_norm.default: _layer_norm,
    aten.native_group_norm.default: _group_norm,
}


def _translated(node: Node) -> tuple[str, tuple[Any, ...], Settings]:
    """Returns the operation's name, inputs and settings."""
    target, args = node.target, list(node.args)
    shape = tuple(args[0].meta["val"].shape) if args and isinstance(args[0], fx.Node) else ()
    if target in SAME:
        op = SAME[target]
        return op, tuple(args[:1] if op in ("reshape", "expand") else args), {}
    match target:
        case aten.leaky_relu.default:
            return "leaky_relu", (args[0],), {"slope": args[1] if len(args) > 1 else 0.01}
        case aten.pow.Tensor_Scalar:
            return "pow", (args[0],), {"exponent": args[1]}
        case aten.permute.default:
            return "permute", (args[0],), {"dims": args[1]}
        case aten._softmax.default:
            return "softmax", (args[0],), {"dim": args[1] % len(shape)}
        case aten.sum.dim_IntList | aten.mean.dim:
            dims = [dim % len(shape) for dim in args[1]]
            return "reduce", (args[0],), {"dims": dims, "mean": target == aten.mean.dim}
        case aten.upsample_nearest2d.vec:
            return "upsample_nearest2d", (args[0],), {}
        case aten.upsample_bilinear2d.vec if not args[2]:
            return "upsample_bilinear2d", (args[0],), {}
        case aten.cat.default:
            dim = args[1] if len(args) > 1 else 0
            return "cat", tuple(args[0]), {"dim": dim % len(node.meta["val"].shape)}
        case aten.slice.Tensor:
            defaults = [0, 0, None, 1]
            dim, start, _, step = args[1:] + defaults[len(args) - 1 :]
            start = max(start + shape[dim], 0) if start < 0 else start
            return "slice", (args[0],), {"dim": dim, "start": start, "step": step}
        case aten.convolution.default:
            x, weight, bias, stride, padding, dilation, transposed, _, groups = args
            inputs = (x, weight) if bias is None else (x, weight, bias)
            names = ("stride", "padding", "dilation", "transposed", "groups")
            return "convolution", inputs, dict(zip(names, (stride, padding, dilation, transposed, groups), strict=True))
    layer = list((node.meta.get("nn_module_stack") or {"": ("the network",)}).values())[-1][0] or "the network"
    raise CannotExport(f"The browser page can't compute the operation {target}, which {layer} uses.")

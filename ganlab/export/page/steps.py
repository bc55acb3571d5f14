"""A generator as a short list of simple steps: what the page's JavaScript carries out, and here torch to check it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor


@dataclass(frozen=True)
class Operation:
    """One operation of static/operations.js: its name there, what it reads, its result's shape, its settings."""

    name: str
    op: str
    inputs: tuple[str, ...]
    shape: tuple[int, ...]
    settings: Mapping[str, Any]

    def described(self) -> dict[str, Any]:
        """Returns the operation as the page's JavaScript reads it."""
        return {"name": self.name, "op": self.op, "inputs": self.inputs, "shape": self.shape, **self.settings}


@dataclass(frozen=True)
class Graph:
    """z (1, latent_dim) -> one sample (1, *shape); `constants` are weights and what follows from them alone."""

    latent_shape: tuple[int, ...]
    constants: dict[str, Tensor]
    steps: list[Operation]
    output: str

    def rounded(self) -> Graph:
        """Returns the graph with constants of 16 bits."""
        return replace(self, constants={name: value.half().float() for name, value in self.constants.items()})

    def numbers(self) -> Tensor:
        """Returns all constants as one array."""
        return torch.cat([torch.zeros(0), *(value.reshape(-1) for value in self.constants.values())])

    def described(self) -> dict[str, Any]:
        """Returns the graph as the page's JavaScript reads it. See `numbers` for its constants."""
        constants = [{"name": name, "shape": list(value.shape)} for name, value in self.constants.items()]
        steps = [step.described() for step in self.steps]
        return {"input": self.latent_shape, "constants": constants, "steps": steps, "output": self.output}

    def run(self, z: Tensor) -> Tensor:
        """Returns the sample that the graph computes from z."""
        values = {**self.constants, "z": z}
        for step in self.steps:
            inputs = [values[name] for name in step.inputs]
            values[step.name] = MEANING[step.op](step, *inputs).reshape(step.shape)
        return values[self.output]


def _convolution(step: Operation, x: Tensor, weight: Tensor, bias: Tensor | None = None) -> Tensor:
    s = step.settings
    no_more = [0] * len(s["stride"])
    return torch.convolution(
        x, weight, bias, s["stride"], s["padding"], s["dilation"], s["transposed"], no_more, s["groups"]
    )


def _affine(step: Operation, x: Tensor, scale: Tensor, shift: Tensor) -> Tensor:
    per_entry = x.reshape(-1, len(scale), step.settings["inner"])
    return per_entry * scale[:, None] + shift[:, None]


def _normalise(step: Operation, x: Tensor) -> Tensor:
    rows = x.reshape(-1, step.settings["length"])
    plain: Tensor = rows - rows.mean(1, keepdim=True)
    normalised: Tensor = plain / (rows.var(1, correction=0, keepdim=True) + step.settings["eps"]).sqrt()
    return normalised


def _slice(step: Operation, x: Tensor) -> Tensor:
    dim, start, stride = (step.settings[name] for name in ("dim", "start", "step"))
    return x.index_select(dim, start + stride * torch.arange(step.shape[dim]))


def _reduce(step: Operation, x: Tensor) -> Tensor:
    dims: list[int] = step.settings["dims"]
    reduced: Tensor = x.mean(dims) if step.settings["mean"] else x.sum(dims)
    return reduced


MEANING: Mapping[str, Callable[..., Tensor]] = {
    "reshape": lambda step, x: x.reshape(step.shape),
    "permute": lambda step, x: x.permute(step.settings["dims"]),
    "expand": lambda step, x: x.expand(step.shape),
    "slice": _slice,
    "cat": lambda step, *parts: torch.cat(parts, step.settings["dim"]),
    "add": lambda _, a, b: a + b,
    "sub": lambda _, a, b: a - b,
    "mul": lambda _, a, b: a * b,
    "div": lambda _, a, b: a / b,
    "relu": lambda _, x: x.relu(),
    "leaky_relu": lambda step, x: F.leaky_relu(x, step.settings["slope"]),
    "tanh": lambda _, x: x.tanh(),
    "sigmoid": lambda _, x: x.sigmoid(),
    "exp": lambda _, x: x.exp(),
    "sqrt": lambda _, x: x.sqrt(),
    "rsqrt": lambda _, x: x.rsqrt(),
    "pow": lambda step, x: x.pow(step.settings["exponent"]),
    "mm": lambda _, a, b: a @ b,
    "addmm": lambda _, bias, a, b: bias + a @ b,
    "convolution": _convolution,
    "affine": _affine,
    "normalise": _normalise,
    "softmax": lambda step, x: x.softmax(step.settings["dim"]),
    "reduce": _reduce,
    "upsample_nearest2d": lambda step, x: F.interpolate(x, step.shape[2:], mode="nearest"),
    "upsample_bilinear2d": lambda step, x: F.interpolate(x, step.shape[2:], mode="bilinear"),
}

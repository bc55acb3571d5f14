"""In which precision the networks compute while they train.

Weights, losses, penalties, optimisers and all that is recorded are float32 in every precision; so is what is shown and
exported, which is computed in eval mode. The heads of a conditional D that name classes and codes are float32, too.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn

from ganlab.experiment import Experiment


def choose_precision(e: Experiment, *networks: nn.Module) -> None:
    """Let these networks pass in bfloat16 if the Experiment says so; TF32 is no network's but torch's: see `claim`."""
    if e.precision == "bf16":
        for network in networks:
            train_in_bfloat16(network)


def train_in_bfloat16(network: nn.Module) -> None:
    """Let a network pass in bfloat16 while it trains, as far as autocast finds that safe; the results are float32.

    The network gets a class of its own, as a layer does from spectral normalisation: so its copies pass likewise.
    """
    kind = type(network)
    passes = {name: in_bfloat16(getattr(kind, name)) for name in ("forward", "respond") if hasattr(kind, name)}
    network.__class__ = type(kind.__name__, (kind,), passes)


def in_bfloat16(computed: Callable[..., Any]) -> Callable[..., Any]:
    """A method that makes a tensor or several of what a network is given: in bfloat16 while the network trains."""

    @functools.wraps(computed)
    def rounded(network: nn.Module, x: Tensor, *more: Any) -> Any:
        if not network.training:
            return computed(network, x, *more)
        with torch.autocast(x.device.type, dtype=torch.bfloat16):
            result = computed(network, x, *more)
        return result.float() if isinstance(result, Tensor) else tuple(part.float() for part in result)

    return rounded


def in_words(e: Experiment, device: torch.device) -> str:
    """The device, and the precision in which this Experiment computes there where that is not plain float32."""
    match e.precision:
        case "bf16":
            return f"{device.type}, bfloat16"
        case "tf32":
            return f"{device.type}, TF32" if has_tf32(device) else f"{device.type}, float32 (it has no TF32)"
        case _:
            return device.type


def has_tf32(device: torch.device) -> bool:
    """Whether the device is an NVIDIA GPU that can multiply in TF32: Ampere or newer."""
    return device.type == "cuda" and torch.version.cuda is not None and torch.cuda.get_device_capability(device)[0] >= 8

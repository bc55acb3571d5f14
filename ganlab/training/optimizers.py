"""Optimisers and learning-rate schedules, as an Experiment names them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor

from ganlab.experiment import Experiment
from ganlab.game.notes import Note
from ganlab.training.adam import Adam
from ganlab.training.eager import eager

RMSprop, SGD = eager(torch.optim.RMSprop), eager(torch.optim.SGD)
FUSED = ("cpu", "cuda")  # devices on which one kernel does an optimiser's whole step


def build_optimizer(experiment: Experiment, role: str, theta: Tensor) -> torch.optim.Optimizer:
    """The optimiser of `role` ("g" or "d") over the vector of parameters `theta`."""
    name = getattr(experiment, f"optimizer_{role}")
    options = _options(experiment, role)
    fused = theta.device.type in FUSED
    if name == "adam":
        if fused:
            options["lr"] = _rate_of(options["lr"], theta)
        return Adam([theta], **options, fused=fused)
    if name == "rmsprop":
        return RMSprop([theta], **options, capturable=theta.device.type == "cuda")
    return SGD([theta], **options, fused=fused)


def step_device(optimizer: torch.optim.Optimizer, theta: Tensor) -> torch.device:
    """Where torch keeps the optimiser's count of steps: with the parameters if one kernel or a graph counts them."""
    on_device = optimizer.defaults.get("fused") or optimizer.defaults.get("capturable")
    return theta.device if on_device else torch.device("cpu")


def _rate_of(lr: float, theta: Tensor) -> Tensor:
    """A learning rate as a tensor (), which a recorded step reads again: with Adam's precision on theta's device."""
    return torch.tensor(lr, dtype=torch.float64 if theta.device.type == "cpu" else torch.float32, device=theta.device)


def clip_gradient_(gradient: Tensor, norm: Tensor, max_norm: float, max_value: float) -> None:
    """Shorten a gradient (n,) of this norm to `max_norm`, then clip its numbers to +-`max_value`, in place. 0: off.

    Pascanu et al. 2013, On the Difficulty of Training Recurrent Neural Networks, algorithm 1.
    """
    if max_norm > 0:
        gradient.mul_((max_norm / norm.clamp_min(1e-12)).clamp_max(1.0))
    if max_value > 0:
        gradient.clamp_(-max_value, max_value)


def descend(optimizer: torch.optim.Optimizer, experiment: Experiment, role: str, gradient: Tensor) -> Tensor:
    """Take the optimiser's step of `role` along this gradient. Returns the gradient's norm before it is clipped."""
    norm: Tensor = torch.linalg.vector_norm(gradient)
    limits = (getattr(experiment, f"clip_{what}_{role}") for what in ("norm", "value"))
    clip_gradient_(gradient, norm, *limits)
    optimizer.step()
    return norm


CLIPPING: Mapping[str, Note] = {
    f"{what}_{role}": Note(
        label=f"{label} of {role.upper()}'s gradient",
        formula=formula,
        reference="Pascanu et al. 2013, On the Difficulty of Training Recurrent Neural Networks",
        intuition=intuition,
        functions=(clip_gradient_,),
    )
    for role in ("g", "d")
    for what, label, formula, intuition in (
        (
            "clip_norm", "Clipping the norm", r"g \leftarrow g \, \min(1, \, c / \lVert g \rVert)",
            "The gradient keeps its direction, but never gets too long.",
        ),
        (
            "clip_value", "Clipping the values", r"g_i \leftarrow \max(-c, \min(c, g_i))",
            "No single weight moves far, but the direction of the gradient may change.",
        ),
    )
}  # fmt: skip


WEIGHT_DECAY: Mapping[str, Note] = {
    f"weight_decay_{role}": Note(
        label=f"Weight decay of {role.upper()}",
        formula=r"g \leftarrow g + \lambda w",
        reference="Krogh and Hertz 1992, A Simple Weight Decay Can Improve Generalization",
        intuition="Weights that the loss does not need become smaller with every update.",
        functions=(build_optimizer,),
    )
    for role in ("g", "d")
}


def retune(optimizer: torch.optim.Optimizer, experiment: Experiment, role: str, iteration: int) -> None:
    """Give the optimiser the experiment's settings as they are at this iteration."""
    options = _options(experiment, role)
    options["lr"] *= schedule_factor(experiment, role, iteration)
    group = optimizer.param_groups[0]
    if isinstance(group["lr"], Tensor):
        group["lr"].fill_(options.pop("lr"))
    group.update(options)


def schedule_factor(experiment: Experiment, role: str, iteration: int) -> float:
    """What the learning rate of `role` is multiplied by after `iteration` iterations, from 1 down to 0."""
    length: int = getattr(experiment, f"schedule_steps_{role}")
    progress = min(iteration / length, 1.0)
    match getattr(experiment, f"schedule_{role}"):
        case "linear":
            return 1.0 - progress
        case "late_linear":
            return min(2.0 * (1.0 - progress), 1.0)
        case "cosine":
            return 0.5 * (1.0 + math.cos(math.pi * progress))
        case "exponential":
            return float(0.1 ** (iteration / length))
        case _:
            return 1.0


def _options(experiment: Experiment, role: str) -> dict[str, Any]:
    lr, beta1, beta2, decay = (
        getattr(experiment, f"{name}_{role}") for name in ("lr", "beta1", "beta2", "weight_decay")
    )
    common = {"lr": lr, "weight_decay": decay}
    match getattr(experiment, f"optimizer_{role}"):
        case "adam":
            return {**common, "betas": (beta1, beta2)}
        case "rmsprop":
            return {**common, "alpha": beta2}
        case "momentum":
            return {**common, "momentum": beta1}
        case _:
            return common

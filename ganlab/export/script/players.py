"""The part of the exported script that builds the players and their optimisers."""

from __future__ import annotations

import math
from typing import Any

import torch

from ganlab.experiment import Experiment
from ganlab.export.script.conditional import HEADS, add_condition, conditional_settings, has_heads
from ganlab.export.script.mistakes import lines_of
from ganlab.export.script.source import SourceCode
from ganlab.networks import Encoder, discriminator_call, generator_call
from ganlab.training.discriminator_input import seen_shape
from ganlab.training.optimizers import build_optimizer
from ganlab.training.precision import train_in_bfloat16


def setting_names(e: Experiment) -> dict[str, Any]:
    """The settings that the script has as constants."""
    changing = {constant: getattr(e, field) for field, constant in constants(e).items()}
    fixed = {"SEED": e.seed, "BATCH_SIZE": e.batch_size, "LATENT_DIM": e.latent_dim}
    return fixed | changing | conditional_settings(e)


def constants(e: Experiment) -> dict[str, str]:
    """The settings that every script has as constants and that may change while it trains, by their fields."""
    rates = {"lr_g": "LR_G", "lr_d": f"LR_{partner(e)}"}
    return rates if e.model == "vae" else {**rates, "n_critic": "N_CRITIC"}


def partner(e: Experiment) -> str:
    """The letter of the network that G is trained with."""
    return "E" if e.model == "vae" else "D"


def letter(e: Experiment, role: str) -> str:
    """The letter of the player with this role."""
    return partner(e) if role == "d" else "G"


def players(e: Experiment, shape: tuple[int, ...], sources: SourceCode) -> str:
    """Python that builds both networks."""
    seen = shape if e.model == "vae" else seen_shape(e, shape)
    chance = Name("network_chance")
    g, d = generator_call(e, shape, chance), discriminator_call(e, seen, chance)
    spectral = ", spectral_norm=True" if e.spectral_norm else ""
    mistaken, lines = lines_of(e), []
    follows = {"G": mistaken.after_g, "D": mistaken.after_d}
    for name, (network, arguments), more in (("G", g, ""), (partner(e), d, spectral)):
        sources.add(network)
        call = f"{network.__name__}({', '.join(map(written, arguments))})"
        if name == "D" and has_heads(e):
            call = f"{HEADS}({call})"
        if name == "E":
            sources.add(Encoder)
            call = f"{Encoder.__name__}({call}, {e.latent_dim})"
        lines.append(f"{name} = built(lambda: {call}, {written(e.init)}, init_chance{more})")
        if e.precision == "bf16":
            sources.add(train_in_bfloat16)
            lines.append(f"train_in_bfloat16({name})")
        if line := follows.get(name):
            lines.append(line.format(numbers=math.prod(shape), shape=shape))
    add_condition(e, sources)
    if e.ema_decay > 0:
        sources.imports.add("import copy")
        lines.append("G_average = copy.deepcopy(G).requires_grad_(False)")
    if mistaken.after_players:
        lines += ["", mistaken.after_players.format(networks="G, D, G_average" if e.ema_decay > 0 else "G, D").rstrip()]
    return "\n".join(lines) + "\n"


class Name(str):
    """A name in the script, not a text."""


def written(value: Any) -> str:
    """A setting as Python: texts in double quotes."""
    return f'"{value}"' if isinstance(value, str) and not isinstance(value, Name) else str(value)


ONE_VECTOR = '''\
def as_one_vector(network: nn.Module) -> Tensor:
    """A network's parameters as one vector (n,), of which each becomes a part; so do their gradients.

    An optimiser rounds the last numbers of a tensor otherwise than the rest: with one tensor, it moves as in GanLab.
    """
    parameters, start = list(network.parameters()), 0
    theta = torch.cat([p.detach().flatten() for p in parameters])
    theta.grad = torch.zeros_like(theta)
    for p in parameters:
        part = slice(start, start + p.numel())
        p.data, p.grad = theta[part].view_as(p), theta.grad[part].view_as(p)
        start += p.numel()
    return theta


'''


def vectors(e: Experiment, sources: SourceCode) -> str:
    """Python that makes one vector of each network's parameters."""
    sources.imports.add("from torch import nn")
    lines = [f"theta_{player.lower()} = as_one_vector({player})" for player in ("G", partner(e))]
    if e.ema_decay > 0:
        lines.append("theta_average = as_one_vector(G_average)")
    return ONE_VECTOR + "\n".join(lines) + "\n"


def adam_and_others(e: Experiment) -> str:
    """Python that builds both optimisers."""
    lines = []
    for role in ("g", "d"):
        ours = build_optimizer(e, role, torch.zeros(1))
        kind: Any = type(ours)
        theirs = kind([torch.zeros(1)], lr=1.0)
        settings = {
            name: value
            for name, value in ours.param_groups[0].items()
            if name not in ("params", "lr") and value != theirs.param_groups[0][name]
        }
        rest = "".join(f", {name}={value!r}" for name, value in settings.items())
        made = f"torch.optim.{kind.__name__}"
        player = letter(e, role)
        lines.append(f"optimizer_{player.lower()} = {made}([theta_{player.lower()}], lr=LR_{player}{rest})")
    return "\n".join(lines)

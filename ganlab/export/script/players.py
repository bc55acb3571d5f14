"""The part of the exported script that builds the players and their optimisers."""

from __future__ import annotations

from typing import Any

import torch

from ganlab.experiment import Experiment
from ganlab.experiment.codes import class_count, input_dim
from ganlab.export.script.conditional import HEADS, add_condition, conditional_settings, has_heads
from ganlab.export.script.source import Sources
from ganlab.networks import autoencoder, cnn, dcgan, dense, dirac, mlp, r3gan, resnet, stylegan
from ganlab.networks.encoder import Encoder
from ganlab.training.optimizers import build_optimizer
from ganlab.training.seen import seen_shape


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


def players(e: Experiment, shape: tuple[int, ...], sources: Sources) -> str:
    """Python that builds both networks."""
    z, seen = input_dim(e), shape if e.model == "vae" else seen_shape(e, shape)
    if e.condition == "concat":
        seen = (seen[0] + class_count(e), *seen[1:])
    act, norm, minibatch = e.d_activation, e.d_norm, "none" if e.model == "vae" else e.d_minibatch
    g: dict[str, tuple[type, tuple[Any, ...]]] = {
        "mlp": (mlp.MLPGenerator, (z, shape, e.g_depth, e.g_width, e.g_activation, e.g_norm)),
        "dense": (dense.DenseGenerator, (z, shape, e.g_depth, e.g_width, e.g_activation, e.g_norm)),
        "dcgan": (dcgan.DCGANGenerator, (z, shape, e.g_channels, e.g_activation, e.g_norm)),
        "resnet": (resnet.ResNetGenerator, (z, shape, e.g_channels, e.g_activation, e.g_norm, e.self_attention)),
        "r3gan": (r3gan.R3GANGenerator, (z, shape, e.g_channels, e.g_activation)),
        "stylegan": (
            stylegan.StyleGANGenerator,
            (z, shape, e.g_depth, e.g_width, e.g_channels, e.g_activation, e.style_mixing, Name("network_chance")),
        ),
        "point": (dirac.PointGenerator, shape),
    }
    d: dict[str, tuple[type, tuple[Any, ...]]] = {
        "mlp": (mlp.MLPDiscriminator, (seen, e.d_depth, e.d_width, act, norm, minibatch)),
        "dense": (dense.DenseDiscriminator, (seen, e.d_depth, e.d_width, act, norm, minibatch)),
        "cnn": (
            cnn.CNNDiscriminator,
            (
                seen, e.d_depth, e.d_channels, e.d_width, act, norm, minibatch, e.pooling, e.dropout,
                Name("network_chance"),
            ),
        ),
        "dcgan": (dcgan.DCGANDiscriminator, (seen, e.d_channels, act, norm, minibatch)),
        "resnet": (resnet.ResNetDiscriminator, (seen, e.d_channels, act, norm, minibatch, e.self_attention)),
        "r3gan": (r3gan.R3GANDiscriminator, (seen, e.d_channels, act, minibatch)),
        "autoencoder": (
            autoencoder.AutoencoderDiscriminator, (seen, e.d_depth, e.d_width, e.d_code, act, norm),
        ),
        "conv_autoencoder": (autoencoder.ConvAutoencoderDiscriminator, (seen, e.d_channels, e.d_code, act, norm)),
        "linear": (dirac.LinearDiscriminator, shape),
    }  # fmt: skip
    spectral = ", spectral_norm=True" if e.spectral_norm else ""
    lines = []
    for name, (network, arguments), more in (("G", g[e.generator], ""), (partner(e), d[e.discriminator], spectral)):
        sources.add(network)
        call = f"{network.__name__}({', '.join(map(written, arguments))})"
        if name == "D" and has_heads(e):
            call = f"{HEADS}({call})"
        if name == "E":
            sources.add(Encoder)
            call = f"{Encoder.__name__}({call}, {z})"
        lines.append(f"{name} = built(lambda: {call}, {written(e.init)}, init_chance{more})")
    add_condition(e, sources)
    if e.ema_decay > 0:
        sources.imports.add("import copy")
        lines.append("G_average = copy.deepcopy(G).requires_grad_(False)")
    return "\n".join(lines) + "\n"


class Name(str):
    """A name in the script, not a text."""


def written(value: Any) -> str:
    """A setting as Python: texts in double quotes."""
    return f'"{value}"' if isinstance(value, str) and not isinstance(value, Name) else str(value)


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
        lines.append(f"optimizer_{player.lower()} = {made}({player}.parameters(), lr=LR_{player}{rest})")
    return "\n".join(lines)

"""Experiments that between them use every way in which an iteration can depend on what was before it."""

from typing import Any

from ganlab.presets.dirac import GAME

SMALL: dict[str, Any] = {"g_width": 16, "d_width": 16, "batch_size": 32, "latent_dim": 4}
DIGITS: dict[str, Any] = {
    "data": "digits", "generator": "dcgan", "discriminator": "dcgan", "g_channels": 4, "d_channels": 4,
}  # fmt: skip

KINDS: list[dict[str, Any]] = [
    {},
    {"optimizer_g": "momentum", "optimizer_d": "rmsprop", "gp_weight": 1.0, "schedule_g": "cosine"},
    {"optimizer_g": "sgd", "spectral_norm": True, "instance_noise": 0.2, "ema_decay": 0.9, "g_norm": "batch"},
    DIGITS | {"batch_size": 500, "d_norm": "batch", "ema_decay": 0.9},  # 500 of 1797: resumes within a pass
    DIGITS | {"augment": "adaptive", "augment_steps": 20, "augment_target": 0.0, "d_minibatch": "stddev"},
    DIGITS | {"generator": "stylegan", "discriminator": "cnn", "dropout": 0.3, "ema_decay": 0.9, "n_critic": 2},
    DIGITS | {"generator": "resnet", "discriminator": "resnet", "self_attention": True, "spectral_norm": True},
    DIGITS | {"generator": "r3gan", "discriminator": "r3gan", "loss": "relativistic", "r1_weight": 0.1},
    {"lecam_weight": 0.1, "history_weight": 0.1, "d_minibatch": "discrimination", "packing": 2, "unroll_steps": 2},
    {"consensus_weight": 0.1, "history_weight": 0.1, "lecam_weight": 0.1, "dragan_weight": 1.0},
    {"discriminator": "autoencoder", "loss": "began", "began_rate": 0.1, "began_gamma": 0.9},
    {"model": "vae", "ema_decay": 0.9, "clip_norm_d": 1.0, "schedule_g": "linear"},
    DIGITS | {"model": "vae", "discriminator": "cnn", "g_norm": "batch"},
    {"condition": "concat", "info_categories": 3, "info_continuous": 1},
    DIGITS | {"condition": "auxiliary", "ema_decay": 0.9},
    {"loss": "wasserstein", "weight_clip": 0.05, "n_critic": 3, "optimizer_g": "rmsprop", "optimizer_d": "rmsprop"},
    dict(GAME),
    {"mistake": "not_detached"},
]

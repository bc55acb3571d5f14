"""Each preset of published settings has its source's values, copied here by hand; the source's path stands beside."""

from __future__ import annotations

from typing import Any

import pytest

from ganlab.experiment import Experiment
from ganlab.presets import PRESETS, published


def adam(lr: float, beta1: float, beta2: float = 0.999) -> dict[str, Any]:
    return of_both(optimizer="adam", lr=lr, beta1=beta1, beta2=beta2)


def of_both(**values: Any) -> dict[str, Any]:
    return {f"{name}_{role}": value for name, value in values.items() for role in ("g", "d")}


DCGAN = {"generator": "dcgan", "discriminator": "dcgan", "init": "dcgan", "latent_dim": 100}
RESNET = {"generator": "resnet", "discriminator": "resnet"}
ONE = {"n_critic": 1}

SOURCES: dict[str, dict[str, Any]] = {
    # eriklindernoren/PyTorch-GAN: implementations/gan/gan.py
    "published-gan": adam(2e-4, 0.5, 0.999) | ONE | {
        "batch_size": 64, "latent_dim": 100, "loss": "non_saturating",
        "generator": "dense", "g_width": 128, "g_depth": 4,  # 128-256-512-1024
        "discriminator": "dense", "d_width": 256, "d_depth": 2,  # 512-256
    },
    # pytorch/examples: dcgan/main.py
    "published-dcgan": adam(2e-4, 0.5, 0.999) | ONE | DCGAN | {
        "batch_size": 64, "loss": "non_saturating", "g_norm": "batch", "d_norm": "batch",
    },
    # Newmu/dcgan_code: mnist/train_cond_dcgan.py
    "published-dcgan-original": adam(2e-4, 0.5) | ONE | DCGAN | of_both(weight_decay=2.5e-5, schedule="late_linear") | {
        "batch_size": 128, "latent_distribution": "uniform", "loss": "non_saturating",
    },
    # google/compare_gan (v1): params.py
    "published-lsgan": adam(2e-4, 0.5) | ONE | {"batch_size": 64, "loss": "least_squares"},
    # martinarjovsky/WassersteinGAN: main.py
    "published-wgan": of_both(optimizer="rmsprop", lr=5e-5, beta2=0.99) | DCGAN | {
        "batch_size": 64, "n_critic": 5, "weight_clip": 0.01, "loss": "wasserstein",
    },
    # igul222/improved_wgan_training: gan_64x64.py
    "published-wgan-gp-images": adam(1e-4, 0.0, 0.9) | RESNET | {
        "batch_size": 64, "n_critic": 5, "gp_weight": 10.0, "loss": "wasserstein", "latent_dim": 128, "d_norm": "layer",
    },
    # igul222/improved_wgan_training: gan_toy.py
    "published-wgan-gp-toy": adam(1e-4, 0.5, 0.9) | {
        "batch_size": 256, "n_critic": 5, "gp_weight": 0.1, "loss": "wasserstein", "latent_dim": 2, "data": "ring",
        "generator": "mlp", "discriminator": "mlp", "g_depth": 3, "g_width": 512, "d_depth": 3,
        "d_width": 512, "g_activation": "relu", "d_activation": "relu",
    },
    # kodalinaveen3/DRAGAN: DRAGAN.ipynb; k = 1 and the noise are the penalty's own
    "published-dragan": adam(1e-4, 0.5, 0.9) | ONE | {"batch_size": 128, "dragan_weight": 10.0},
    # pfnet-research/sngan_projection: configs/sn_cifar10_unconditional.yml
    "published-sngan": adam(2e-4, 0.0, 0.9) | RESNET | of_both(schedule="linear", schedule_steps=50_000) | {
        "batch_size": 64, "n_critic": 5, "spectral_norm": True, "loss": "hinge", "latent_dim": 128,
    },
    # LMescheder/GAN_stability: configs/default.yaml; reg_param 10 is gamma / 2
    "published-r1": of_both(optimizer="rmsprop", lr=1e-4) | ONE | RESNET | {
        "batch_size": 64, "r1_weight": 2 * 10.0, "ema_decay": 0.999, "latent_dim": 256, "loss": "non_saturating",
    },
    # brownvc/R3GAN: train.py, preset CIFAR10, as it starts
    "published-r3gan": adam(2e-4, 0.0, 0.9) | ONE | of_both(schedule="cosine") | {
        "ema_decay": 0.999,  # there its half-life grows to 5,000,000 images; here it is fixed
        "batch_size": 512, "latent_dim": 64, "loss": "relativistic", "r1_weight": 0.05, "r2_weight": 0.05,
        "generator": "r3gan", "discriminator": "r3gan",
    },
    # lucidrains/lightweight-gan; its penalty of 10 is for every 4th update
    "published-lightweight": adam(2e-4, 0.5, 0.9) | ONE | {
        "batch_size": 10 * 4, "loss": "hinge", "dragan_weight": 10.0 / 4, "ema_decay": 0.995, "augment": "always",
    },
    # fjxmlzn/PacGAN: synthetic_data_experiments/2DRing_GAN&PacGAN/config.py; a batch is 100 packs
    "published-pacgan": adam(1e-4, 0.8) | ONE | {
        "batch_size": 100 * 2, "packing": 2, "latent_dim": 2, "data": "ring", "g_depth": 4, "g_width": 400,
        "g_norm": "batch", "g_activation": "relu", "d_depth": 3, "d_width": 200, "init": "dcgan",
    },
    # poolio/unrolled_gan
    "published-unrolled": ONE | of_both(optimizer="adam", beta1=0.5) | {
        "lr_g": 1e-3, "lr_d": 1e-4, "batch_size": 512, "unroll_steps": 5, "latent_dim": 256, "max_steps": 25_000,
        "g_depth": 2, "g_width": 128, "d_depth": 2, "d_width": 128, "g_activation": "tanh", "d_activation": "tanh",
    },
    # LMescheder/TheNumericsOfGANs
    "published-consensus": of_both(optimizer="rmsprop", lr=1e-4) | {
        "batch_size": 512, "consensus_weight": 10.0, "latent_dim": 16, "max_steps": 50_000, "g_depth": 4,
        "g_width": 16, "d_depth": 4, "d_width": 16,
    },
    # openai/InfoGAN: launchers/run_mnist_exp.py
    "digits-infogan": of_both(optimizer="adam", beta1=0.5) | ONE | {
        "lr_g": 1e-3, "lr_d": 2e-4, "batch_size": 128, "latent_dim": 62, "latent_distribution": "uniform",
        "info_categories": 10, "info_continuous": 2, "info_weight": 1.0, "loss": "non_saturating",
    },
    # google/compare_gan (v1): params.py also has the ranges that "Are GANs created equal?" searched. A range is no
    # setting, so no preset stands for it.
}  # fmt: skip

# All that regularises. What a row does not name is off.
REGULARISERS = (
    "gp_weight", "zero_gp_weight", "dragan_weight", "r1_weight", "r2_weight", "lecam_weight", "history_weight",
    "consensus_weight", "weight_clip", "weight_decay_g", "weight_decay_d", "spectral_norm", "label_smoothing",
    "instance_noise", "packing", "unroll_steps", "augment", "ema_decay",
)  # fmt: skip


@pytest.mark.parametrize("name", SOURCES)
def test_it_has_its_sources_values_and_no_other_regulariser(name: str) -> None:
    e, source = PRESETS[name].experiment, SOURCES[name]
    assert {field: getattr(e, field) for field in source} == source
    others = set(REGULARISERS) - set(source)
    assert {field: getattr(e, field) for field in others} == {field: getattr(Experiment(), field) for field in others}


def test_no_preset_is_without_its_source() -> None:
    assert {preset.name for preset in published.PRESETS} | {"digits-infogan"} == set(SOURCES)

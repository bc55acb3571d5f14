"""Where to begin: one preset for each kind of data and each idea, quick on a CPU."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ganlab.experiment import Experiment
from ganlab.presets.preset import Preset

# The recipe of benchmarks/mode_collapse whose samples come to rest; its length is the preset's own.
SETTLED: Mapping[str, Any] = {
    "latent_dim": 2, "batch_size": 60, "loss": "relativistic", "r1_weight": 0.05, "r2_weight": 0.05, "lr_g": 3e-3,
    "lr_d": 3e-3, "beta1_g": 0.0, "beta1_d": 0.0, "beta2_g": 0.9, "beta2_d": 0.9, "schedule_g": "cosine",
    "schedule_d": "cosine", "ema_decay": 0.99,
}  # fmt: skip

MNIST = "Data: 10,000 of MNIST's digits (LeCun, Cortes and Burges, CC BY-SA 3.0)."

PRESETS = (
    Preset(
        "ring-ns",
        "Ring, non-saturating GAN",
        "The classic test of mode collapse: will the generator find all eight clusters, or settle on a few?",
        "Data: Srivastava et al. 2017 (VEEGAN), after Metz et al. 2017. Loss: Goodfellow et al. 2014, section 3. "
        "Settings: GanLab's, chosen by the sweep benchmarks/default_ring.",
        Experiment.of(
            data="ring",
            loss="non_saturating",
            latent_dim=2,
            batch_size=128,
            lr_g=3e-3,
            lr_d=3e-3,
            beta2_g=0.9,
            beta2_d=0.9,
            ema_decay=0.99,
        ),
    ),
    Preset(
        "ring-wgan-gp",
        "Ring, WGAN-GP",
        "A critic that estimates a distance replaces the real/fake classifier: its estimate falls as samples improve.",
        "Gulrajani et al. 2017, gan_toy.py: Adam (0.5, 0.9), five updates of the critic for each of G, lambda 0.1; "
        "narrower and with a larger "
        "learning rate, for a CPU.",
        Experiment.of(
            data="ring",
            loss="wasserstein",
            gp_weight=0.1,
            n_critic=5,
            g_depth=3,
            d_depth=3,
            g_activation="relu",
            d_activation="relu",
            latent_dim=2,
            lr_g=5e-4,
            lr_d=5e-4,
            beta2_g=0.9,
            beta2_d=0.9,
        ),
    ),
    Preset(
        "mnist",
        "MNIST digits",
        "Real handwriting, 28x28 pixels, no download: a plain GAN of dense layers makes readable digits in a minute.",
        f"Goodfellow et al. 2014: dense layers on MNIST; BatchNorm in G and a moving average of its weights. {MNIST} "
        "Settings: GanLab's, chosen by benchmarks/mnist_preset.",
        Experiment.of(
            data="mnist_10k",
            g_width=256,
            d_width=256,
            g_norm="batch",
            latent_dim=16,
            batch_size=64,
            ema_decay=0.995,
        ),
    ),
    Preset(
        "mnist-dcgan",
        "MNIST digits, DCGAN",
        "The same digits with a twentieth of the weights: small filters that slide over the image. It takes longer.",
        f"Radford et al. 2016 (DCGAN): Adam with beta1 0.5, N(0, 0.02), BatchNorm in G and D; few channels and small "
        f"batches, for a CPU. {MNIST} Settings: GanLab's, chosen by benchmarks/mnist_preset.",
        Experiment.of(
            data="mnist_10k",
            generator="dcgan",
            discriminator="dcgan",
            g_channels=8,
            d_channels=12,
            g_norm="batch",
            d_norm="batch",
            init="dcgan",
            latent_dim=16,
            batch_size=16,
            ema_decay=0.995,
        ),
    ),
    Preset(
        "grid",
        "Grid of 25 Gaussians",
        "Three times as many modes as the ring, spread over the plane: a harder test of coverage.",
        "Data: Dumoulin et al. 2017 (ALI), as in VEEGAN and PacGAN. R1: Mescheder et al. 2018. Settings: GanLab's.",
        Experiment.of(data="grid", g_depth=3, d_depth=3, r1_weight=0.05),
    ),
    Preset(
        "ring-settled",
        "Ring, until it settles",
        "Every mode in every seed: learning rates that fall to 0 let the samples come to rest on the modes.",
        "Huang et al. 2024 (R3GAN): relativistic loss, R1 and R2, Adam (0, 0.9), cosine, EMA. Settings: GanLab's, "
        "as in benchmarks/mode_collapse, where ten seeds of it are measured.",
        Experiment.of(data="ring", **SETTLED, schedule_steps_g=20_000, schedule_steps_d=20_000, max_steps=20_000),
    ),
    Preset(
        "grid-settled",
        "Grid of 25, until it settles",
        "All 25 modes in every seed: the same recipe as on the ring, for three times as long.",
        "Huang et al. 2024 (R3GAN): relativistic loss, R1 and R2, Adam (0, 0.9), cosine, EMA. Settings: GanLab's, "
        "as in benchmarks/mode_collapse, where ten seeds of it are measured.",
        Experiment.of(data="grid", **SETTLED, schedule_steps_g=60_000, schedule_steps_d=60_000, max_steps=60_000),
    ),
    Preset(
        "mixture-1d",
        "Two Gaussians on a line",
        "A GAN that you can see as a whole: the densities of data and samples, and D(x), as three curves on one axis.",
        "After figure 1 of Goodfellow et al. 2014. Settings: GanLab's.",
        Experiment.of(
            data="mixture_1d", latent_dim=1, g_width=32, d_width=32, batch_size=128, g_activation="tanh", r1_weight=0.1
        ),
    ),
    Preset(
        "moons-ls",
        "Two moons, least squares",
        "Two curved clouds that interlock. The farther a score is from 1, the harder the least-squares loss pulls.",
        "Loss: Mao et al. 2017 (LSGAN) with a = 0, b = c = 1. Settings: GanLab's.",
        Experiment.of(data="moons", loss="least_squares", latent_dim=2),
    ),
    Preset(
        "spiral-hinge",
        "Spiral, hinge and spectral norm",
        "One long thread, and a D that spectral normalisation keeps smooth: how far along it does G come?",
        "Miyato et al. 2018 (SNGAN): hinge loss, spectral norm in D. Settings: GanLab's.",
        Experiment.of(data="spiral", loss="hinge", spectral_norm=True, g_depth=3, d_depth=3, latent_dim=2),
    ),
    Preset(
        "digits-dcgan",
        "Handwritten digits, DCGAN",
        "Real handwriting, 8x8 pixels: blots become strokes, and some of them can soon be read as digits.",
        "Radford et al. 2016 (DCGAN): Adam with beta1 0.5, N(0, 0.02), BatchNorm in G. The data are UCI's, by way of "
        "scikit-learn.",
        Experiment.of(
            data="digits",
            generator="dcgan",
            discriminator="dcgan",
            g_channels=32,
            d_channels=32,
            g_norm="batch",
            init="dcgan",
            latent_dim=64,
            batch_size=64,
            lr_g=1e-3,
            lr_d=1e-3,
        ),
    ),
    Preset(
        "shapes-dcgan-r1",
        "Coloured shapes, DCGAN with R1",
        "Shape, colour, size and background vary on their own: watch which of them the generator learns first.",
        "Mescheder et al. 2018: R1 on the non-saturating loss, a moving average of G's weights. Settings: GanLab's.",
        Experiment.of(
            data="shapes",
            generator="dcgan",
            discriminator="dcgan",
            g_norm="batch",
            d_norm="batch",
            latent_dim=64,
            batch_size=64,
            lr_g=1e-3,
            lr_d=5e-4,
            r1_weight=0.05,
            ema_decay=0.99,
        ),
    ),
)

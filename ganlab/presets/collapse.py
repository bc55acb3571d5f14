"""Runs that lose their modes within seconds, whatever the seed: benchmarks, `collapse.*`."""

from __future__ import annotations

from ganlab.experiment import Experiment
from ganlab.presets.preset import Preset

BLOBS = Experiment.of(data="blobs", latent_dim=2, g_width=64, d_width=64, batch_size=64, lr_g=1e-3, lr_d=1e-4)

# Iterations by which all of five seeds have collapsed: benchmarks, `collapse.*`. A run on points is held at the first
# look that finds it collapsed, images at this iteration.
COLLAPSED_AFTER = {"collapse-blobs": 1_000, "collapse-grid": 1_000, "collapse-stacked": 500, "collapse-digits": 500}

PRESETS = (
    Preset(
        "collapse-blobs",
        "Three blobs: mode collapse",
        "G learns ten times as fast as D: its samples run, all together, to the blob where D scores highest.",
        "Metz et al. 2017 (Unrolled GAN), figure 2, shows this chase on a ring of 8, with these learning rates and "
        "Adam's beta 0.5. Data and networks: GanLab's.",
        BLOBS,
    ),
    Preset(
        "collapse-grid",
        "Grid of 25: mode collapse",
        "A grid of 25: a fast G moves all its samples together, and a slow D never pulls them apart.",
        "Data: Dumoulin et al. 2017 (ALI), as in VEEGAN and PacGAN. Settings: GanLab's.",
        Experiment.of(data="grid", latent_dim=2, init="dcgan", lr_g=1e-2, lr_d=1e-3),
    ),
    Preset(
        "collapse-stacked",
        "Stacked digits: mode collapse",
        "Three digits in red, green and blue make 1,000 modes: a fast G without BatchNorm soon makes images that are "
        "much alike.",
        "Data: Srivastava et al. 2017 (VEEGAN), on the digits shipped here. Settings: GanLab's.",
        Experiment.of(
            data="stacked_digits", latent_dim=64, g_width=256, d_width=256, batch_size=64, lr_g=2e-3, lr_d=2e-4
        ),
    ),
    Preset(
        "collapse-digits",
        "Handwritten digits: mode collapse",
        "A fast G without BatchNorm against a slow D: soon all images are much alike, whatever the noise.",
        "Data: UCI's digits, by way of scikit-learn. Settings: GanLab's.",
        Experiment.of(data="digits", latent_dim=16, g_width=128, d_width=128, batch_size=64, lr_g=5e-3, lr_d=5e-4),
    ),
)

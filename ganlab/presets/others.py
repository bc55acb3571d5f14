"""What else can train a generator: a VAE with the very same decoder, and games in which D is an autoencoder."""

from __future__ import annotations

from ganlab.experiment import Experiment
from ganlab.presets import start
from ganlab.presets.preset import Preset

_GAN = {preset.name: preset.experiment for preset in start.PRESETS}

PRESETS = (
    Preset(
        "ring-vae",
        "Ring, VAE",
        "The ring's G as a VAE's decoder: no mode is lost, but samples lie between the modes, too. Compare the GAN.",
        'Kingma and Welling 2014, with a Gaussian decoder: the generator of "Ring, non-saturating GAN". '
        "Settings: GanLab's.",
        _GAN["ring-ns"].changed(model="vae", decoder_std=0.1),
    ),
    Preset(
        "digits-vae",
        "Digits, VAE",
        "The DCGAN's generator as a VAE's decoder: steady and quick, but soft. Watch the two rows of real digits.",
        'Kingma and Welling 2014, with a Gaussian decoder: the generator of "Handwritten digits, DCGAN". '
        "Settings: GanLab's.",
        _GAN["digits-dcgan"].changed(model="vae", decoder_std=0.3),
    ),
    Preset(
        "ring-ebgan",
        "Ring, energy-based GAN",
        "D is an autoencoder: see its valleys of low energy form around the clusters, and samples roll into them.",
        "Zhao et al. 2017 (EBGAN), with a margin of 1 and dense networks. Settings: GanLab's.",
        Experiment.of(
            data="ring", discriminator="autoencoder", loss="energy", energy_margin=1.0, latent_dim=2, ema_decay=0.99
        ),
    ),
    Preset(
        "digits-began",
        "Digits, BEGAN",
        "D, an autoencoder, in balance with G: M, dashed in Losses, falls as digits appear. Smaller gamma: more alike.",
        "Berthelot et al. 2017 (BEGAN): no normalisation, the same convolutions in G and in D's decoder, gamma 0.7 of "
        "0.3 to 0.7, Adam. Ours, for a CPU and a minute: 8x8 digits in batches of 32, rates of 1e-3 (theirs: 1e-4), "
        "beta1 0.5, a balance rate of 0.05 (theirs: 0.001), an average of G's weights; DCGAN's strided convolutions "
        "and LeakyReLU, where theirs upsample and use ELU; the squared error as the energy.",
        Experiment.of(
            data="digits",
            generator="dcgan",
            discriminator="conv_autoencoder",
            loss="began",
            began_gamma=0.7,
            began_rate=0.05,
            g_activation="leaky_relu",
            latent_dim=16,
            d_code=16,
            batch_size=32,
            lr_g=1e-3,
            lr_d=1e-3,
            ema_decay=0.99,
        ),
    ),
)

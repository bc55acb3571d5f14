"""Generators that are asked for something: a class of the data, or codes that must be legible in the sample."""

from __future__ import annotations

from ganlab.presets import start
from ganlab.presets.preset import Preset

_PLAIN = {preset.name: preset.experiment for preset in start.PRESETS}

PRESETS = (
    Preset(
        "ring-projection",
        "Ring, each mode on demand",
        "Each cluster is a class with a colour of its own: once G is asked for each of them, none can be forgotten.",
        "Miyato and Koyama 2018: projection discriminator. Data: VEEGAN's. Settings: GanLab's.",
        _PLAIN["ring-ns"].changed(condition="projection"),
    ),
    Preset(
        "mnist-conditional",
        "MNIST, a row for each class",
        "At 28x28 pixels: a row is one digit, a column one noise. What do the digits of a column have in common?",
        'Mirza and Osindero 2014: both networks are given the class, on MNIST; the rest is that of "MNIST digits, '
        'DCGAN", with fewer random numbers and fewer channels in D.',
        _PLAIN["mnist-dcgan"].changed(condition="concat", latent_dim=6, d_channels=8),
    ),
    Preset(
        "digits-conditional",
        "Digits, a row for each class",
        "A row is one digit, a column one noise: does the noise that slants a 4 also slant the 9?",
        'Miyato and Koyama 2018: projection discriminator; the rest is that of "Handwritten digits, DCGAN".',
        _PLAIN["digits-dcgan"].changed(condition="projection"),
    ),
    Preset(
        "digits-acgan",
        "Digits, AC-GAN",
        'D also learns to recognise the digit: "As asked" shows how well it recognises real digits, and those of G.',
        'Odena et al. 2017: auxiliary classifier; the rest is that of "Handwritten digits, DCGAN".',
        _PLAIN["digits-dcgan"].changed(condition="auxiliary"),
    ),
    Preset(
        "digits-infogan",
        "Digits, InfoGAN",
        "No labels: turn the dials under Codes, and see what each of them has come to mean.",
        "Chen et al. 2016; openai/InfoGAN, launchers/run_mnist_exp.py: Adam 1e-3 for G, 2e-4 for D, beta1 0.5, batch "
        "128, 62 uniform noises, Cat(10), 2 dials, weight 1; here a DCGAN on 8x8 digits.",
        _PLAIN["digits-dcgan"].changed(
            info_categories=10,
            info_continuous=2,
            info_weight=1.0,
            latent_dim=62,
            latent_distribution="uniform",
            batch_size=128,
            d_norm="batch",
            lr_g=1e-3,
            lr_d=2e-4,
        ),
    ),
)

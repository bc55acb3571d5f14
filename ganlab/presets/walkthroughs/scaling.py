"""Walk-through 2: a dense GAN, what makes it stable, and a VAE beside it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ganlab.experiment import Experiment
from ganlab.presets.walkthroughs.walkthrough import Step, Walkthrough

SYSTEM: Mapping[str, Any] = {
    "data": "mnist_10k", "latent_dim": 100, "batch_size": 128,
    "generator": "dense", "g_depth": 3, "g_width": 256, "g_activation": "leaky_relu",
    "discriminator": "dense", "d_depth": 2, "d_width": 256,
    "lr_g": 2e-4, "lr_d": 2e-4,
}  # fmt: skip
SGD: Mapping[str, Any] = {
    **SYSTEM, "optimizer_g": "sgd", "optimizer_d": "sgd", "lr_g": 0.05, "lr_d": 0.05, "clip_norm_g": 1.0,
    "clip_norm_d": 1.0,
}  # fmt: skip

WALKTHROUGH = Walkthrough(
    number=2,
    title="A GAN that scales",
    shows="A GAN of dense layers, batch 128, and two pieces of advice for stable training: clip gradients, and use "
    "plain gradient descent. Beside it the same generator as a VAE's decoder, which has no opponent at all.",
    watch="Gradient norms, before clipping; how soon strokes appear, and samples that differ, under gradient descent "
    "and under Adam; and in the VAE a loss that simply falls.",
    ours="G 256-512-1024 and D 512-256 with LeakyReLU, latents of 100 numbers, batch 128, as published. The article's "
    "G goes on to 7x7x256 and one convolution, a 7x7 image, while its D expects 28x28: here its 1,024 units go "
    "straight to 28x28 pixels. No optimiser is given with it; the first two steps have Adam at 2e-4. The data are "
    "10,000 of MNIST's digits: five passes over these are about 390 iterations, over all 60,000 about 2,350.",
    wrongly=(
        "“D minimises -log D(x) + log(1 - D(G(z))).” The second sign must be a minus too; as it is, D's loss falls "
        "without end when D takes generated images for real.",
        "“In G's step, D is shown the noise.” D takes images, and G never sees a gradient from what D says of noise; "
        "with 100 numbers for 784 pixels it stops with an error, as does noise that is used before it is drawn.",
        "“D's loss is the average of its two halves.” There it is only printed: D is updated twice, on real and then "
        "on generated images. As a loss it would be harmless: half as large, and Adam divides by its size.",
        "“G is an autoencoder.” It has no encoder and never sees an image: that is the VAE's other half.",
        "“Plain gradient descent is more stable.” It moves less at the same rate, and needs one a hundred times as "
        "large to get anywhere. GANs are trained with Adam.",
    ),
    questions=(
        "What does each of the two optimise: a VAE the likelihood of every image, a GAN what D can't tell apart?",
        "What changes with larger data and larger images, where dense layers grow with the number of pixels?",
    ),
    steps=(
        Step(
            "walk-2-as-given",
            "as published",
            "A fooled D has a smaller loss: its loss falls without end, and G has won before it has learned anything.",
            Experiment.of(**SYSTEM, mistake="wrong_sign"),
        ),
        Step(
            "walk-2-sign-right",
            "the sign corrected",
            "The same networks with a minus before both logarithms, under Adam.",
            Experiment.of(**SYSTEM),
        ),
        Step(
            "walk-2-sgd",
            "gradient descent, clipped",
            "The advice: plain gradient descent, no gradient longer than 1. Samples stay alike longer than with Adam.",
            Experiment.of(**SGD),
        ),
        Step(
            "walk-2-adam",
            "Adam, clipped",
            "Adam, clipped as before. Most of D's gradients are longer than 1, but Adam divides by their size anyway.",
            Experiment.of(**SYSTEM, beta1_g=0.5, beta1_d=0.5, clip_norm_g=1.0, clip_norm_d=1.0),
        ),
        Step(
            "walk-2-vae",
            "a VAE beside it",
            "The same G as a decoder: one loss that falls, blurred digits, and no opponent.",
            Experiment.of(**{**SYSTEM, "lr_g": 1e-3, "lr_d": 1e-3}, model="vae"),
        ),
    ),
    compare=("walk-2-sign-right", "walk-2-sgd", "walk-2-adam", "walk-2-vae"),
)

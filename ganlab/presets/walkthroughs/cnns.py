"""Walk-through 5: convolution, pooling, BatchNorm and dropout in D, up to 100x100 pixels in colour."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ganlab.experiment import Experiment
from ganlab.presets.walkthroughs.walkthrough import Step, Walkthrough

SYSTEM: Mapping[str, Any] = {
    "data": "digits", "image_size": 16, "latent_dim": 32, "batch_size": 64,
    "generator": "dense", "g_depth": 4, "g_width": 128, "g_norm": "batch", "g_activation": "leaky_relu",
    "discriminator": "cnn", "pooling": "strided", "d_depth": 2, "d_channels": 32, "d_width": 64, "dropout": 0.3,
    "lr_g": 2e-4, "lr_d": 2e-4,
}  # fmt: skip

WALKTHROUGH = Walkthrough(
    number=5,
    title="CNNs",
    shows="Filters slide over an image and find features; pooling, by the largest or the mean, makes the map smaller "
    "and keeps what matters; fully connected layers decide. All three in D, one changed at a time.",
    watch="D(x) and D(G(z)): how far apart they are with each way of making maps smaller, with dropout and without; "
    "iterations per second, the price; and several metrics, in the chart Quality, behind Scores now: they need "
    "not agree.",
    ours="Two convolutions of kernel 5, stride 2 and LeakyReLU, dropout 0.3, Adam 2e-4 with beta1 0.5, as published, "
    "with 32 channels for 64. Convolution, pooling and dense layers are meant for G, too: here G is dense, as "
    "published, and all three are in D. G widens from 128 units with BatchNorm; the article's ReLU before each "
    "LeakyReLU is in the first step only. Its real images are uniform noise, a placeholder: here they are digits and "
    "shapes. At 100x100 pixels its G would end in 4,096 units and 123 million weights: the last step has a narrower "
    "one.",
    wrongly=(
        "“Noise of the image's shape, 100x100x3, into a dense layer.” Such a layer reads the last axis alone: 3 "
        "numbers a unit, each pixel by itself. Flattened, it would be 30,000 weights for each unit, most of them "
        "useless: a few dozen numbers are enough. The first step has 256, for 16x16 pixels.",
        "“Dense(1, activation=a loss).” A loss is no activation: it takes two batches, not one number.",
        "“Uniform noise as real images.” There is nothing in it to learn but its range.",
        "“D minimises E log D(x) + E log(1 - D(G(z))), and G maximises a loss.” The other way round for D: that sum is "
        "what D maximises. As losses, which are minimised, all of these terms have a minus.",
        "“G makes three channels, D is built for one.” D's first convolution then stops with an error.",
        "“A CNN makes a better GAN.” In D it costs more for each step than a dense layer; whether images get better is "
        "to be measured, by more than one metric.",
    ),
    questions=(
        "How long does an iteration take, and how long with twice the side?",
        "Nobody has found one metric that is always right. Where do the metrics here disagree, and which would you "
        "trust?",
    ),
    steps=(
        Step(
            "walk-5-as-given",
            "as published",
            "As many random numbers as pixels, and a ReLU before each LeakyReLU. Look at G's number of parameters.",
            Experiment.of(**{**SYSTEM, "latent_dim": 256}, mistake="two_activations"),
        ),
        Step(
            "walk-5-strided",
            "corrected",
            "32 random numbers, one activation a layer; D makes its maps smaller by convolutions with a stride of 2.",
            Experiment.of(**SYSTEM),
        ),
        Step(
            "walk-5-max",
            "max pooling",
            "Convolutions at every place, then the largest of each 2x2 square: more costly than strides.",
            Experiment.of(**{**SYSTEM, "pooling": "max"}),
        ),
        Step(
            "walk-5-average",
            "average pooling",
            "The mean of each square instead of the largest number: G hears from every pixel, not from one in four.",
            Experiment.of(**{**SYSTEM, "pooling": "average"}),
        ),
        Step(
            "walk-5-no-dropout",
            "without dropout",
            "A D that drops nothing. With dropout or without, 200 iterations have not parted its two scores yet.",
            Experiment.of(**{**SYSTEM, "dropout": 0.0}),
        ),
        Step(
            "walk-5-batch-norm",
            "with BatchNorm in D",
            "BatchNorm instead of dropout: D judges each image beside the others of its batch.",
            Experiment.of(**{**SYSTEM, "dropout": 0.0, "d_norm": "batch"}),
        ),
        Step(
            "walk-5-100",
            "100x100 pixels in colour",
            "10,000 pixels, 30,000 numbers, from dense layers, and three convolutions in D: see what a step costs now.",
            Experiment.of(
                **{
                    **SYSTEM,
                    "data": "shapes",
                    "image_size": 100,
                    "g_depth": 3,
                    "g_width": 64,
                    "d_depth": 3,
                    "d_channels": 8,
                    "batch_size": 32,
                }
            ),
        ),
    ),
    compare=("walk-5-strided", "walk-5-max", "walk-5-average", "walk-5-no-dropout"),
)

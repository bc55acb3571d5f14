"""Walk-through 1: the cosine between D's responses to real and to generated images."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ganlab.experiment import Experiment
from ganlab.presets.walkthroughs.walkthrough import Step, Walkthrough

SYSTEM: Mapping[str, Any] = {
    "data": "mnist_10k", "latent_dim": 100, "batch_size": 64,
    "generator": "dcgan", "g_channels": 16, "g_activation": "relu",
    "discriminator": "cnn", "pooling": "strided", "d_depth": 2, "d_channels": 16, "d_width": 128,
    "d_activation": "relu", "dropout": 0.0,
    "lr_g": 2e-4, "lr_d": 2e-4, "beta1_g": 0.5, "beta1_d": 0.5, "max_steps": 7_813,
}  # fmt: skip

WALKTHROUGH = Walkthrough(
    number=1,
    title="Vector products",
    shows="D's responses to a batch are a vector. The cosine between its responses to real and to generated images is "
    "meant to measure how alike the two are: to watch it during training, and to train with it.",
    watch="The Cosine chart (beside Gradient norms). Raw scores are all positive, so that their cosine says little; "
    "centred, it is near -1 as soon as D separates the two; that of D's last hidden features moves with the game.",
    ours="Adam 2e-4 with beta1 0.5, latents N(0, I) of 100 numbers, 50 passes over the data, as published. G starts at "
    "7x7 with two transposed convolutions of stride 2: taken literally, 784 units made into 28x28 and three doublings "
    "would end at 224x224, which a D for 28x28 does not take. A sigmoid on [0, 1] is a rescaled tanh on [-1, 1]. For a "
    "CPU, G has 32 and 16 channels and D 16 and 32, where 64 and 32 were given, and D's kernels are 5x5. The data are "
    "10,000 of MNIST's digits: all 60,000 are under Real data. The article asks about parallel training: several "
    "machines can share a batch, since a gradient is a mean over it; D's update and G's must wait for each other.",
    wrongly=(
        "“D minimises mean D(x) + mean D(G(z)).” So low scores of real images make D's loss smaller, too, and D says 0 "
        "to everything. The first sign must be a minus.",
        "“That is the Wasserstein loss, then.” Only of a D that is not steep: with a sigmoid at its end and nothing "
        "that limits its slope, it saturates, and G's gradient goes with it.",
        "“A cosine near 1 means that real and generated images are alike.” Scores of a sigmoid are positive: their "
        "cosine is never negative, and near 1 if the scores of a batch differ little. Subtract the mean first, or "
        "compare features.",
        "“Multiply samples by 128, or by 255, and store 8 bits.” From [0, 1], 255 is right, and 128 halves the "
        "brightness. From tanh's [-1, 1] the negative half wraps round: there it is 127.5 x + 127.5.",
    ),
    questions=(
        "What would labels add (a conditional GAN), and what would codes add that G learns to use (InfoGAN)?",
        "With large data, what can be done in parallel, and what must wait for the other player?",
    ),
    steps=(
        Step(
            "walk-1-as-given",
            "as published",
            "Here low scores of real images help D, too. Watch both scores go to 0, and G's gradient with them.",
            Experiment.of(**SYSTEM, mistake="real_scores_lowered"),
        ),
        Step(
            "walk-1-sign-right",
            "the sign corrected",
            "Now D raises real scores. It is the Wasserstein loss of sigmoid outputs, with no limit on D's slope.",
            Experiment.of(**SYSTEM, mistake="sigmoid_critic"),
        ),
        Step(
            "walk-1-wgan-gp",
            "Wasserstein done properly",
            "No sigmoid, and a penalty on D's slope wherever it is not 1: G keeps its gradient.",
            Experiment.of(**SYSTEM, loss="wasserstein", gp_weight=10.0),
        ),
        Step(
            "walk-1-cross-entropy",
            "cross-entropy",
            "The usual loss. Compare the three cosines: raw scores, centred scores, and D's last hidden features.",
            Experiment.of(**SYSTEM),
        ),
        Step(
            "walk-1-cosine-raw",
            "cosine of raw scores in G's loss",
            "A large cosine of raw scores makes G's loss smaller. This helps little, since that cosine says little.",
            Experiment.of(**SYSTEM, cosine_weight=1.0, cosine_of="outputs"),
        ),
        Step(
            "walk-1-cosine-features",
            "cosine of features in G's loss",
            "G's loss is smaller if features point the same way. Is their cosine larger than with cross-entropy alone?",
            Experiment.of(**SYSTEM, cosine_weight=1.0, cosine_of="features"),
        ),
    ),
    compare=("walk-1-as-given", "walk-1-sign-right", "walk-1-cross-entropy", "walk-1-cosine-features"),
)

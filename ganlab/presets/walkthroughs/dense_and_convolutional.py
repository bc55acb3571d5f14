"""Walk-through 4: the same data for a dense GAN, a DCGAN, WGAN and WGAN-GP."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ganlab.experiment import Experiment
from ganlab.presets.walkthroughs.walkthrough import Step, Walkthrough

SYSTEM: Mapping[str, Any] = {
    "data": "mnist_10k", "latent_dim": 100, "batch_size": 64, "lr_g": 2e-4, "lr_d": 2e-4,
}  # fmt: skip
DENSE: Mapping[str, Any] = {
    **SYSTEM, "generator": "dense", "g_depth": 3, "g_width": 256, "g_norm": "batch", "g_activation": "leaky_relu",
    "discriminator": "dense", "d_depth": 3, "d_width": 256,
}  # fmt: skip
DCGAN: Mapping[str, Any] = {
    **SYSTEM, "generator": "dcgan", "discriminator": "dcgan", "g_norm": "batch", "d_norm": "batch", "init": "dcgan",
}  # fmt: skip

WALKTHROUGH = Walkthrough(
    number=4,
    title="GAN against DCGAN",
    shows="Dense layers and convolutions at the same task, with the same data, latents and rates; then two losses that "
    "were made against mode collapse.",
    watch="The number of parameters, beside Generator and Discriminator in the settings; iterations per second; and "
    "samples: dense layers leave grains, convolutions far fewer. Look for digits that repeat.",
    ours="Dense 256-512-1024 in G and D and Adam 2e-4 with beta1 0.5, as published; D narrows here where the article's "
    "widens. It has BatchNorm between its two activations, ours before both. The DCGAN has 16 channels, for a CPU. The "
    "data are 10,000 of MNIST's digits.",
    wrongly=(
        "“Dense, ReLU, then LeakyReLU.” Directly after a ReLU, a LeakyReLU gets no negative values, so it does "
        "nothing. With BatchNorm between them, as in the article, about two values in three are negative again, but "
        "what the ReLU removed is lost.",
        "“BatchNorm after tanh.” It takes the pixels out of [-1, 1] and makes a sample depend on its batch.",
        "“A sigmoid, then cross-entropy from logits.” That is a sigmoid of a sigmoid, from 0.5 to 0.73: D can't say "
        "no.",
        "“G's loss is minus the mean of D's output.” That is the critic's loss of a WGAN, beside a D that is trained "
        "by cross-entropy: where D is sure, there is next to no gradient.",
        "“WGAN and WGAN-GP cure mode collapse.” They make it rarer; nothing has ruled it out. Measure it.",
    ),
    questions=(
        "How much of the difference comes from the number of parameters, and how much from where they are?",
        "Which adaptive learning rates and which variants help against collapse, and how would you measure it?",
    ),
    steps=(
        Step(
            "walk-4-as-given",
            "dense, as published",
            "Two activations in a row, BatchNorm on the output, a sigmoid twice: D can't say no, pixels leave [-1, 1].",
            Experiment.of(**DENSE, mistake="dense_as_given"),
        ),
        Step(
            "walk-4-dense",
            "dense, corrected",
            "One activation a layer, tanh last, one sigmoid, inside the loss.",
            Experiment.of(**DENSE),
        ),
        Step(
            "walk-4-dcgan",
            "DCGAN",
            "Convolutions: what is learned in one place of the image works everywhere, with far fewer parameters.",
            Experiment.of(**DCGAN),
        ),
        Step(
            "walk-4-wgan",
            "WGAN",
            "The same convolutions with a critic of clipped weights: RMSprop at 5e-5, five updates of the critic for "
            "each of G.",
            Experiment.of(
                **{**DCGAN, "lr_g": 5e-5, "lr_d": 5e-5},
                loss="wasserstein",
                weight_clip=0.01,
                n_critic=5,
                optimizer_g="rmsprop",
                optimizer_d="rmsprop",
                beta2_g=0.99,
                beta2_d=0.99,
            ),
        ),
        Step(
            "walk-4-wgan-gp",
            "WGAN-GP",
            "A penalty instead of clipping, LayerNorm in D instead of BatchNorm, and Adam again.",
            Experiment.of(
                **{**DCGAN, "d_norm": "layer", "lr_g": 1e-4, "lr_d": 1e-4},
                loss="wasserstein",
                gp_weight=10.0,
                n_critic=5,
                beta1_g=0.0,
                beta1_d=0.0,
                beta2_g=0.9,
                beta2_d=0.9,
            ),
        ),
    ),
    compare=("walk-4-dense", "walk-4-dcgan", "walk-4-wgan", "walk-4-wgan-gp"),
)

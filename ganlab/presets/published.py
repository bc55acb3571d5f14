"""The settings of published code, one preset a method, equal to their sources but for what each says of itself.

Smaller are the channels of convolutional networks and the images, for a CPU; MNIST is a sixth of it, CIFAR-10 and faces
are replaced by the shapes that come with GanLab. Choose the real ones under "Real data".
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ganlab.experiment import Experiment
from ganlab.presets.preset import Preset


def both(**values: Any) -> Mapping[str, Any]:
    """Returns these settings for both the generator and the discriminator."""
    return {f"{name}_{role}": value for name, value in values.items() for role in ("g", "d")}


ADAM = both(lr=2e-4, beta1=0.5, beta2=0.999)
DCGAN: Mapping[str, Any] = {
    "generator": "dcgan", "discriminator": "dcgan", "g_norm": "batch", "d_norm": "batch", "init": "dcgan",
    "latent_dim": 100,
}  # fmt: skip
RESNET: Mapping[str, Any] = {
    "data": "shapes", "image_size": 16, "generator": "resnet", "discriminator": "resnet", "d_activation": "relu",
    "g_channels": 8, "d_channels": 8,
}  # fmt: skip
SMALLER = "Here 16 channels for 64, and the shapes at 32 pixels for photos at 64, for a CPU."
RESNET_SMALLER = "Here 8 channels, and the shapes at 16 pixels for photos, for a CPU."

PRESETS = (
    Preset(
        "published-gan",
        "Published: GAN, dense, MNIST",
        "The dense GAN that most people meet first. Look for digits that repeat, and for grain that stays.",
        "eriklindernoren/PyTorch-GAN, implementations/gan/gan.py. Here 10,000 of MNIST's images for all 60,000. Its "
        "BatchNorm's eps of 0.8, a slip for the momentum, is left out.",
        Experiment.of(
            data="mnist_10k",
            latent_dim=100,
            batch_size=64,
            generator="dense",
            g_depth=4,
            g_width=128,
            g_norm="batch",
            g_activation="leaky_relu",
            discriminator="dense",
            d_depth=2,
            d_width=256,
            **ADAM,
        ),
    ),
    Preset(
        "published-dcgan",
        "Published: DCGAN",
        "The settings that many later GANs started from: Adam at 2e-4 with beta1 0.5, weights from N(0, 0.02).",
        f"pytorch/examples, dcgan/main.py. {SMALLER}",
        Experiment.of(**{**DCGAN, **ADAM}, data="shapes", image_size=32, batch_size=64, g_channels=16, d_channels=16),
    ),
    Preset(
        "published-dcgan-original",
        "Published: DCGAN, the authors' own, MNIST",
        "Uniform latents, a little weight decay, and a learning rate that falls to 0 in the second half.",
        "Newmu/dcgan_code, mnist/train_cond_dcgan.py. Here 10,000 of its images for all, 16 channels for 64, no labels "
        "and convolutions of 4x4 for 5x5; 200 passes over 50,000 images, one update of either network a batch of 128.",
        Experiment.of(
            **{**DCGAN, **ADAM},
            data="mnist_10k",
            batch_size=128,
            latent_distribution="uniform",
            g_channels=16,
            d_channels=16,
            **both(weight_decay=2.5e-5, schedule="late_linear", schedule_steps=39_000),
        ),
    ),
    Preset(
        "published-lsgan",
        "Published: LSGAN",
        "Least squares replace cross-entropy, nothing else. The farther a score is from 1, the harder it is pulled.",
        "google/compare_gan (v1), params.py; Mao et al. 2017 with a = 0, b = c = 1. Here a small DCGAN and 10,000 "
        "of MNIST's images.",
        Experiment.of(
            **{**DCGAN, **ADAM},
            data="mnist_10k",
            batch_size=64,
            loss="least_squares",
            g_channels=16,
            d_channels=16,
        ),
    ),
    Preset(
        "published-wgan",
        "Published: WGAN",
        "Slow and steady: RMSprop at 5e-5, five updates of the critic for each of G, weights clipped to 0.01.",
        f"martinarjovsky/WassersteinGAN, main.py; RMSprop's alpha is PyTorch's 0.99. Its 100 critic updates at the "
        f"start and at every 500th step are left out. {SMALLER}",
        Experiment.of(
            **DCGAN,
            data="shapes",
            image_size=32,
            batch_size=64,
            g_channels=16,
            d_channels=16,
            loss="wasserstein",
            weight_clip=0.01,
            n_critic=5,
            **both(optimizer="rmsprop", lr=5e-5, beta2=0.99),
        ),
    ),
    Preset(
        "published-wgan-gp-images",
        "Published: WGAN-GP, images",
        "A penalty of weight 10 keeps the critic's slope near 1. Residual networks; LayerNorm in D instead of "
        "BatchNorm.",
        f"igul222/improved_wgan_training, gan_64x64.py. {RESNET_SMALLER}",
        Experiment.of(
            **RESNET,
            latent_dim=128,
            batch_size=64,
            g_norm="batch",
            d_norm="layer",
            loss="wasserstein",
            gp_weight=10.0,
            n_critic=5,
            **both(lr=1e-4, beta1=0.0, beta2=0.9),
        ),
    ),
    Preset(
        "published-wgan-gp-toy",
        "Published: WGAN-GP, eight Gaussians",
        "Wide networks and five updates of the critic for each of G: the settings of the paper's toy examples.",
        "igul222/improved_wgan_training, gan_toy.py. Its ring has a radius of 1.41, ours of 1, and its weights start "
        "at He's larger scale.",
        Experiment.of(
            data="ring",
            latent_dim=2,
            batch_size=256,
            g_depth=3,
            g_width=512,
            d_depth=3,
            d_width=512,
            d_activation="relu",
            loss="wasserstein",
            gp_weight=0.1,
            n_critic=5,
            **both(lr=1e-4, beta1=0.5, beta2=0.9),
        ),
    ),
    Preset(
        "published-dragan",
        "Published: DRAGAN",
        "A penalty keeps D's slope near 1, but only around real images; one update of D for each of G is enough.",
        "kodalinaveen3/DRAGAN, DRAGAN.ipynb: lambda 10, k 1, noise of half the data's standard deviation. Here a "
        "small DCGAN and 10,000 of MNIST's images.",
        Experiment.of(
            **{**DCGAN, "d_norm": "none"},
            data="mnist_10k",
            batch_size=128,
            g_channels=16,
            d_channels=16,
            dragan_weight=10.0,
            **both(lr=1e-4, beta1=0.5, beta2=0.9),
        ),
    ),
    Preset(
        "published-sngan",
        "Published: SNGAN",
        "Spectral norm in D, hinge loss, five updates of D for each of G; the rate falls to 0 in 50,000 iterations.",
        f"pfnet-research/sngan_projection, configs/sn_cifar10_unconditional.yml; G learns from 64 samples, there from "
        f"128. {RESNET_SMALLER}",
        Experiment.of(
            **RESNET,
            latent_dim=128,
            batch_size=64,
            g_norm="batch",
            loss="hinge",
            spectral_norm=True,
            n_critic=5,
            **both(lr=2e-4, beta1=0.0, beta2=0.9, schedule="linear", schedule_steps=50_000),
        ),
    ),
    Preset(
        "published-r1",
        "Published: R1",
        "The penalty is 10 E||grad D||^2 at real images, so gamma is 20; a moving average of G's weights is shown.",
        f"LMescheder/GAN_stability, configs/default.yaml; RMSprop's alpha is the code's 0.99. {RESNET_SMALLER}",
        Experiment.of(
            **{**RESNET, "g_activation": "leaky_relu", "d_activation": "leaky_relu"},
            latent_dim=256,
            batch_size=64,
            r1_weight=20.0,
            ema_decay=0.999,
            **both(optimizer="rmsprop", lr=1e-4, beta2=0.99),
        ),
    ),
    Preset(
        "published-r3gan",
        "Published: R3GAN",
        "A modern baseline: D ranks pairs, penalties flatten D at both kinds of samples, and nothing is normalised.",
        "brownvc/R3GAN, train.py, CIFAR-10: R1 and R2 with gamma 0.05, which there falls to 0.005 as beta2 goes from "
        "0.9 to 0.99 and the rate by a cosine to 5e-5, here to 0. Here 8 channels and the digits at 8 pixels; the "
        "average of G's weights has a fixed pace.",
        Experiment.of(
            data="digits",
            latent_dim=64,
            batch_size=512,
            generator="r3gan",
            discriminator="r3gan",
            g_activation="leaky_relu",
            g_channels=8,
            d_channels=8,
            loss="relativistic",
            r1_weight=0.05,
            r2_weight=0.05,
            ema_decay=0.999,
            **both(lr=2e-4, beta1=0.0, beta2=0.9, schedule="cosine", schedule_steps=39_000),
        ),
    ),
    Preset(
        "published-lightweight",
        "Published: lightweight GAN",
        "For a few hundred images: every image that D sees, real or generated, is changed a little.",
        "lucidrains/lightweight-gan: four batches of 10 make one update; a gradient penalty of 10 at every 4th one, "
        "here around real images (DRAGAN) and a quarter of the weight at each. Here a small ResNet and the digits.",
        Experiment.of(
            **{**RESNET, "data": "digits", "image_size": 16, "d_activation": "leaky_relu"},
            latent_dim=256,
            batch_size=40,
            g_norm="batch",
            loss="hinge",
            dragan_weight=2.5,
            augment="always",
            ema_decay=0.995,
            **both(lr=2e-4, beta1=0.5, beta2=0.9),
        ),
    ),
    Preset(
        "published-pacgan",
        "Published: PacGAN, ring",
        "D judges two samples at once, so it can notice when G repeats itself.",
        "fjxmlzn/PacGAN, 2DRing_GAN&PacGAN: 100 packs of two, 400 passes over 100,000 samples. Its D has maxout layers "
        "(3 times 200 units of 5 pieces), ours LeakyReLU.",
        Experiment.of(
            data="ring",
            latent_dim=2,
            batch_size=200,
            packing=2,
            g_depth=4,
            g_width=400,
            g_norm="batch",
            d_depth=3,
            d_width=200,
            init="dcgan",
            **both(lr=1e-4, beta1=0.8, beta2=0.999),
        ),
    ),
    Preset(
        "published-unrolled",
        "Published: unrolled GAN, ring",
        "G looks five updates of D ahead: it does not pay to move to a mode that D is about to reject.",
        "poolio/unrolled_gan. Its ring has a radius of 2, ours of 1; its weights start orthogonal, and it unrolls "
        "Adam, ours plain gradient descent.",
        Experiment.of(
            data="ring",
            latent_dim=256,
            batch_size=512,
            g_activation="tanh",
            d_activation="tanh",
            unroll_steps=5,
            max_steps=25_000,
            **both(beta1=0.5, beta2=0.999),
            lr_g=1e-3,
            lr_d=1e-4,
        ),
    ),
    Preset(
        "published-consensus",
        "Published: consensus optimisation",
        "Both networks move at once, and also towards where both gradients vanish, to stop the circling.",
        "LMescheder/TheNumericsOfGANs, the mixture of Gaussians: RMSprop at 1e-4, weight 10; RMSprop's alpha is "
        "TensorFlow's 0.9.",
        Experiment.of(
            data="ring",
            latent_dim=16,
            batch_size=512,
            g_depth=4,
            g_width=16,
            d_depth=4,
            d_width=16,
            d_activation="relu",
            consensus_weight=10.0,
            max_steps=50_000,
            **both(optimizer="rmsprop", lr=1e-4, beta2=0.9),
        ),
    ),
)

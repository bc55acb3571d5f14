"""The names that an Experiment's values go by, and what a page calls them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

Group = Literal["data", "generator", "discriminator", "loss", "training"]
GROUPS: Mapping[Group, str] = {
    "data": "Data and noise",
    "generator": "Generator",
    "discriminator": "Discriminator",
    "loss": "Loss and regularisers",
    "training": "Training",
}

Data = Literal[
    "ring", "grid", "line", "two_gaussians", "blobs", "circle", "moons", "spiral", "mixture_1d", "dirac", "own_points",
    "mnist_10k", "digits", "shapes", "stacked_digits", "mnist", "fashion_mnist", "kmnist", "cifar10", "stacked_mnist",
    "own_images",
]  # fmt: skip
POINTS_1D = ("mixture_1d",)
POINTS_2D = ("ring", "grid", "line", "two_gaussians", "blobs", "circle", "moons", "spiral")
SHIPPED_IMAGES = ("mnist_10k", "digits", "shapes", "stacked_digits")
DOWNLOADED = ("mnist", "fashion_mnist", "kmnist", "cifar10", "stacked_mnist")
OWN = ("own_points", "own_images")  # a person's own, in one dimension or two, grey or in colour
IMAGES = (*SHIPPED_IMAGES, *DOWNLOADED, "own_images")
DATA: Mapping[Data, str] = {
    "ring": "Ring of 8 Gaussians",
    "grid": "Grid of 25 Gaussians",
    "line": "Line",
    "two_gaussians": "Two Gaussians",
    "blobs": "Three blobs",
    "circle": "Circle",
    "moons": "Two moons",
    "spiral": "Spiral",
    "mixture_1d": "Two Gaussians in 1-D",
    "dirac": "A point at 0 (the Dirac game)",
    "own_points": "Your own points",
    "mnist_10k": "MNIST, 10,000 digits",
    "digits": "Handwritten digits, 8x8",
    "shapes": "Coloured shapes",
    "stacked_digits": "Stacked digits (1000 modes)",
    "mnist": "MNIST, all 60,000",
    "fashion_mnist": "Fashion-MNIST",
    "kmnist": "KMNIST (Japanese letters)",
    "cifar10": "CIFAR-10 (small photos)",
    "stacked_mnist": "Stacked MNIST (1000 modes)",
    "own_images": "Your own images",
}

# How many classes the data that have any consist of; of points, the modes.
CLASSES: Mapping[Data, int] = {
    "ring": 8,
    "grid": 25,
    "two_gaussians": 2,
    "blobs": 3,
    "mixture_1d": 2,
    "mnist_10k": 10,
    "digits": 10,
    "shapes": 5,
    "mnist": 10,
    "fashion_mnist": 10,
    "kmnist": 10,
    "cifar10": 10,
}

Condition = Literal["none", "concat", "auxiliary", "projection"]
CONDITIONS: Mapping[Condition, str] = {
    "none": "none",
    "concat": "the class as D's input (conditional GAN)",
    "auxiliary": "D names the class (AC-GAN)",
    "projection": "the class as a direction (projection D)",
}

ImageSize = Literal[0, 8, 16, 28, 32, 64, 100]
UNDOUBLED = 100  # neither 4 nor 7 times a power of two
IMAGE_SIZES: Mapping[ImageSize, str] = {
    0: "the data's own",
    8: "8",
    16: "16",
    28: "28",
    32: "32",
    64: "64",
    100: "100",
}

Latents = Literal["normal", "uniform"]
LATENTS: Mapping[Latents, str] = {"normal": "Gaussian N(0, 1)", "uniform": "uniform on [-1, 1]"}

Pooling = Literal["max", "average", "strided"]
POOLINGS: Mapping[Pooling, str] = {
    "max": "max pooling",
    "average": "average pooling",
    "strided": "none: convolutions with a stride of 2",
}

Activation = Literal["relu", "leaky_relu", "tanh", "silu"]
ACTIVATIONS: Mapping[Activation, str] = {
    "relu": "ReLU",
    "leaky_relu": "LeakyReLU 0.2",
    "tanh": "tanh",
    "silu": "SiLU",
}

Norm = Literal["none", "batch", "layer"]
NORMS: Mapping[Norm, str] = {"none": "none", "batch": "BatchNorm", "layer": "LayerNorm"}

Init = Literal["default", "dcgan"]
INITS: Mapping[Init, str] = {"default": "Kaiming uniform (PyTorch's default)", "dcgan": "N(0, 0.02) (DCGAN)"}

Model = Literal["gan", "vae"]
MODELS: Mapping[Model, str] = {"gan": "GAN", "vae": "VAE"}

Minibatch = Literal["none", "stddev", "discrimination"]
MINIBATCHES: Mapping[Minibatch, str] = {
    "none": "none",
    "stddev": "minibatch standard deviation",
    "discrimination": "minibatch discrimination",
}

Optimizer = Literal["adam", "rmsprop", "momentum", "sgd"]
OPTIMIZERS: Mapping[Optimizer, str] = {
    "adam": "Adam",
    "rmsprop": "RMSprop",
    "momentum": "SGD with momentum",
    "sgd": "SGD (plain gradient descent)",
}

Schedule = Literal["constant", "linear", "late_linear", "cosine", "exponential"]
SCHEDULES: Mapping[Schedule, str] = {
    "constant": "constant",
    "linear": "linear to 0",
    "late_linear": "constant, then linear to 0",
    "cosine": "cosine to 0",
    "exponential": "exponential, by a factor of 10",
}

Mistake = Literal[
    "none", "sigmoid_twice", "two_activations", "output_batch_norm", "wrong_sign", "ones_for_both", "not_detached",
    "unit_range", "mixed_batches", "one_weight_per_batch", "real_scores_lowered", "sigmoid_critic", "dense_as_given",
]  # fmt: skip
MISTAKES: Mapping[Mistake, str] = {
    "none": "none",
    "sigmoid_twice": "sigmoid into a loss of logits",
    "two_activations": "ReLU followed by LeakyReLU",
    "output_batch_norm": "BatchNorm on G's output",
    "wrong_sign": "a wrong sign in D's loss",
    "ones_for_both": "labels of ones for both",
    "not_detached": "forgetting to detach",
    "unit_range": "real images in [0, 1] against tanh",
    "mixed_batches": "D's BatchNorm over mixed batches",
    "one_weight_per_batch": "one interpolation weight a batch",
    "real_scores_lowered": "D lowers its scores of real samples, too",
    "sigmoid_critic": "a Wasserstein loss of sigmoid outputs",
    "dense_as_given": "two activations, BatchNorm on the output, sigmoid twice",
}

Precision = Literal["float32", "tf32", "bf16"]
PRECISIONS: Mapping[Precision, str] = {"float32": "float32", "tf32": "TF32", "bf16": "bfloat16"}

Device = Literal["auto", "cuda", "mps", "cpu"]
DEVICES: Mapping[Device, str] = {"auto": "auto", "cuda": "CUDA GPU", "mps": "Apple GPU (MPS)", "cpu": "CPU"}

ExportFormat = Literal[
    "weights", "onnx", "html", "pt2", "script", "notebook", "csv", "parquet", "tensorboard", "png", "svg", "card",
]  # fmt: skip

EXPORTS: Mapping[ExportFormat, str] = {
    "weights": "weights (safetensors)",
    "onnx": "an ONNX model",
    "html": "a page that runs in any browser (HTML)",
    "pt2": "a torch.export program",
    "script": "a plain PyTorch script",
    "notebook": "a notebook of the same script",
    "csv": "a table of every scalar (CSV)",
    "parquet": "a table of every scalar (Parquet)",
    "tensorboard": "event files for TensorBoard",
    "png": "pictures of samples and curves (PNG)",
    "svg": "pictures of samples and curves (SVG)",
    "card": "a model card (Markdown)",
}

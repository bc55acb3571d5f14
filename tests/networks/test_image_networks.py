"""The networks for images: shapes over all their options, hand-counted parameters, and what must hold of each."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import cycle, pairwise, product

import pytest
import torch
from torch import nn

from ganlab.experiment import Experiment
from ganlab.experiment.choices import ACTIVATIONS, MINIBATCHES, NORMS, POOLINGS
from ganlab.experiment.networks import DISCRIMINATORS, GENERATORS, NETWORKS, autoencodes
from ganlab.networks import build_discriminator, build_generator, parameter_count
from ganlab.networks.attention import SelfAttention, attended_size
from ganlab.networks.dropout import Dropout
from ganlab.networks.r3gan import GroupedBlock

SIZES = (8, 16, 28, 32, 64)
TINY = {"data": "shapes", "latent_dim": 3, "g_width": 4, "d_width": 4, "g_channels": 2, "d_channels": 2}
OPTIONS: dict[str, list[dict[str, object]]] = {
    "resnet": [{"self_attention": on} for on in (False, True)],
    "cnn": [{"pooling": how, "dropout": p, "d_depth": n} for how, p, n in product(POOLINGS, (0.0, 0.3), (1, 2, 5))],
    "stylegan": [{"style_mixing": share, "g_depth": depth} for share, depth in product((0.0, 1.0), (1, 3))],
    "dense": [{"g_depth": depth, "d_depth": depth} for depth in (1, 2, 4)],
}
FOR_IMAGES_G = [name for name in GENERATORS if NETWORKS[name].data != "dirac"]
FOR_IMAGES_D = [name for name in DISCRIMINATORS if NETWORKS[name].data != "dirac"]
GENERATOR_OPTIONS = [(name, options) for name in FOR_IMAGES_G for options in OPTIONS.get(name, [{}])]
DISCRIMINATOR_OPTIONS = [(name, options) for name in FOR_IMAGES_D for options in OPTIONS.get(name, [{}])]


def rng(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def generator(network: str, shape: tuple[int, ...], **values: object) -> nn.Module:
    return build_generator(Experiment.of(**(TINY | {"generator": network} | values)), shape, rng())


def discriminator(network: str, shape: tuple[int, ...], **values: object) -> nn.Module:
    loss = "energy" if autoencodes(network) else "non_saturating"
    experiment = Experiment.of(**(TINY | {"discriminator": network, "loss": loss} | values))
    return build_discriminator(experiment, shape, rng())


def latents(n: int = 4, seed: int = 0) -> torch.Tensor:
    return torch.randn(n, 3, generator=rng(seed))


def images(n: int, shape: tuple[int, ...]) -> torch.Tensor:
    return torch.rand(n, *shape, generator=rng()) * 2 - 1


@pytest.mark.parametrize(("network", "options"), GENERATOR_OPTIONS)
def test_every_generator_makes_images_of_every_size(network: str, options: dict[str, object]) -> None:
    sizes = SIZES if NETWORKS[network].data == "doubling" else (*SIZES, 100)
    for size, colours in zip(sizes, (3, 1, 3, 1, 3, 3), strict=False):
        x = generator(network, (colours, size, size), **options)(latents(2))
        assert x.shape == (2, colours, size, size)
        assert x.isfinite().all() and x.abs().max() <= 1


@pytest.mark.parametrize(("network", "options"), DISCRIMINATOR_OPTIONS)
def test_every_discriminator_judges_images_of_every_size(network: str, options: dict[str, object]) -> None:
    sizes = SIZES if NETWORKS[network].data == "doubling" else (*SIZES, 100)
    for size, channels in zip(sizes, (3, 1, 6, 1, 3, 3), strict=False):
        shape = (channels, size, size)
        D = discriminator(network, shape, **options).eval()
        logits, features = D.respond(x := images(3, shape))
        assert logits.shape == (3,) and logits.isfinite().all()
        assert torch.equal(logits, D(x))
        if autoencodes(network):
            assert (logits <= 0).all()  # minus an energy, which no last dense layer gives
            continue
        last = D[-2]
        torch.testing.assert_close(features.flatten(1) @ last.weight.flatten() + last.bias, logits)


@pytest.mark.parametrize("network", FOR_IMAGES_G)
def test_every_choice_of_a_generators_layers_trains_every_weight(network: str) -> None:
    for activation, norm in product(ACTIVATIONS, NORMS):
        G = generator(network, (3, 16, 16), g_activation=activation, g_norm=norm, self_attention=True)
        G(latents()).square().sum().backward()
        assert all(weight.grad is not None and weight.grad.isfinite().all() for weight in G.parameters())


@pytest.mark.parametrize(("spectral_norm", "minibatches"), [(False, MINIBATCHES), (True, ["none"])])
@pytest.mark.parametrize("network", FOR_IMAGES_D)
def test_every_choice_of_a_discriminators_layers_trains_every_weight(
    network: str, spectral_norm: bool, minibatches: Iterable[str]
) -> None:
    activations = cycle(ACTIVATIONS)  # each is met, though not with every other choice: it stands by itself
    for norm, minibatch in product(NORMS, minibatches):
        activation = next(activations)
        values = {"d_activation": activation, "d_norm": norm, "d_minibatch": minibatch, "spectral_norm": spectral_norm}
        D = discriminator(network, (3, 16, 16), self_attention=True, **values)
        D(images(4, (3, 16, 16))).sum().backward()
        assert all(weight.grad is not None and weight.grad.isfinite().all() for weight in D.parameters())


@pytest.mark.parametrize("network", FOR_IMAGES_D)
def test_spectral_norm_is_that_of_every_layer_from_the_first_step(network: str) -> None:
    D = discriminator(network, (3, 16, 16), spectral_norm=True, self_attention=True, d_channels=4).eval()
    layers = [layer for layer in D.modules() if isinstance(layer, nn.Linear | nn.Conv2d)]
    norms = [torch.linalg.matrix_norm(layer.weight.flatten(1), 2).item() for layer in layers]
    assert len(norms) >= 3
    assert norms == pytest.approx([1.0] * len(norms), rel=0.1)  # as near as 15 power iterations come


@pytest.mark.parametrize("network", FOR_IMAGES_D)
def test_the_slope_of_every_discriminator_can_be_penalised(network: str) -> None:
    D, x = discriminator(network, (3, 16, 16), self_attention=True, d_activation="silu"), images(3, (3, 16, 16))
    (slope,) = torch.autograd.grad(D(x.requires_grad_()).sum(), x, create_graph=True)
    gradients = torch.autograd.grad(slope.square().sum(), list(D.parameters()), allow_unused=True)
    found = [gradient for gradient in gradients if gradient is not None]
    assert found and all(gradient.isfinite().all() for gradient in found)
    assert any(gradient.any() for gradient in found)


@pytest.mark.parametrize("norm", NORMS)
@pytest.mark.parametrize("network", FOR_IMAGES_G)
def test_in_eval_mode_an_image_does_not_depend_on_its_batch(network: str, norm: str) -> None:
    G = generator(network, (3, 16, 16), g_norm=norm, self_attention=True, style_mixing=1.0)
    stir_(G)
    G(latents())  # one training pass moves BatchNorm's averages
    G.eval()
    torch.testing.assert_close(G(latents())[:1], G(latents()[:1]), rtol=1e-4, atol=1e-5)
    assert torch.equal(G(latents()), G(latents()))


@pytest.mark.parametrize("norm", NORMS)
@pytest.mark.parametrize("network", FOR_IMAGES_D)
def test_in_eval_mode_a_verdict_does_not_depend_on_the_batch(network: str, norm: str) -> None:
    x = images(6, (3, 16, 16))
    for minibatch in MINIBATCHES:
        D = discriminator(network, (3, 16, 16), d_norm=norm, d_minibatch=minibatch, self_attention=True)
        stir_(D)
        D(x)
        D.eval()
        torch.testing.assert_close(D(x)[:1], D(x[:1]), rtol=1e-4, atol=1e-5)
        assert torch.equal(D(x), D(x))


def stir_(net: nn.Module) -> None:
    """Let no parameter be 0, as some are at first."""
    with torch.no_grad():
        for weight in net.parameters():
            weight.add_(torch.randn(weight.shape, generator=rng()) * 0.1)


@pytest.mark.parametrize("network", [*FOR_IMAGES_G, "cnn"])
def test_no_network_touches_the_global_source_of_chance(network: str) -> None:
    before = torch.get_rng_state()
    if network in GENERATORS:
        generator(network, (3, 8, 8), style_mixing=0.5)(latents())
    if network in DISCRIMINATORS:
        discriminator(network, (3, 8, 8), dropout=0.5)(images(2, (3, 8, 8)))
    assert torch.equal(torch.get_rng_state(), before)


def convolution(inputs: int, outputs: int, kernel: int, groups: int = 1, bias: bool = True) -> int:
    return kernel * kernel * inputs * outputs // groups + bias * outputs


def test_parameters_of_sngans_resnet_at_64_pixels_are_as_counted_by_hand() -> None:
    # The layers of pfnet-research/sngan_projection's resnet_64 (ch 64, z 128) and snresnet_64.
    values = {"latent_dim": 128, "g_channels": 64, "d_channels": 64, "g_norm": "batch"}

    def block(inputs: int, outputs: int) -> int:
        return convolution(inputs, outputs, 3) + convolution(outputs, outputs, 3) + convolution(inputs, outputs, 1)

    up = sum(block(i, o) + 2 * i + 2 * o for i, o in pairwise((1024, 512, 256, 128, 64)))
    dense = 128 * 4 * 4 * 1024 + 4 * 4 * 1024
    assert parameter_count(generator("resnet", (3, 64, 64), **values)) == dense + up + 2 * 64 + convolution(64, 3, 3)
    down = sum(block(i, o) for i, o in pairwise((3, 64, 128, 256, 512)))
    assert parameter_count(discriminator("resnet", (3, 64, 64), **values)) == down + block(512, 1024) + 1024 + 1


def test_parameters_of_the_well_known_dense_gan() -> None:
    # eriklindernoren/PyTorch-GAN's gan.py on 28x28 pixels.
    values = {"latent_dim": 100, "g_width": 128, "g_depth": 4, "d_width": 256, "d_depth": 2, "g_norm": "batch"}
    assert parameter_count(generator("dense", (1, 28, 28), **values)) == 1_510_032
    assert parameter_count(discriminator("dense", (1, 28, 28), **values)) == 533_505


def test_parameters_of_a_cnn_are_as_counted_by_hand() -> None:
    for pooling in POOLINGS:
        D = discriminator("cnn", (3, 100, 100), d_channels=64, d_depth=2, d_width=10, pooling=pooling)
        convolutions = convolution(3, 64, 5) + convolution(64, 128, 5)
        assert parameter_count(D) == convolutions + (128 * 25 * 25 * 10 + 10) + (10 + 1)


def test_parameters_of_r3gan_are_as_counted_by_hand() -> None:
    def block(channels: int) -> int:
        wide = 2 * channels
        return convolution(channels, wide, 1) + convolution(wide, wide, 3, groups=8) + channels * wide

    values = {"latent_dim": 3, "g_channels": 8, "d_channels": 8}
    blocks, transition = block(16) + block(8), 8 * 16
    G = 16 * 4 * 4 + (3 * 16 + 16) + blocks + transition + convolution(8, 3, 1)
    D = convolution(3, 8, 1) + blocks + transition + 16 * 4 * 4 + 16 + 1
    assert parameter_count(generator("r3gan", (3, 8, 8), **values)) == G
    assert parameter_count(discriminator("r3gan", (3, 8, 8), **values)) == D


def test_parameters_of_stylegan_are_as_counted_by_hand() -> None:
    def modulated(inputs: int, outputs: int, kernel: int) -> int:
        return convolution(inputs, outputs, kernel) + (5 * inputs + inputs)

    G = generator("stylegan", (3, 8, 8), latent_dim=3, g_depth=2, g_width=5, g_channels=4)
    mapping = (3 * 5 + 5) + (5 * 5 + 5)
    layers = modulated(8, 8, 3) + modulated(8, 4, 3) + modulated(4, 4, 3)
    assert parameter_count(G) == mapping + 8 * 4 * 4 + layers + 3 + modulated(4, 3, 1)  # 3 strengths of noise


def test_attention_is_that_of_the_papers_equations() -> None:
    layer = SelfAttention(16).double()
    with torch.no_grad():
        for weight in layer.parameters():
            weight.copy_(torch.randn(weight.shape, generator=rng(), dtype=torch.float64))
    x = torch.randn(2, 16, 3, 5, generator=rng(1), dtype=torch.float64)
    W_f, W_g, W_h, W_v = (conv.weight[:, :, 0, 0] for conv in (layer.f, layer.g, layer.h, layer.v))
    places = x.flatten(2)
    s = torch.einsum("kc,bci,kd,bdj->bij", W_f, places, W_g, places)  # s_ij = f(x_i)^T g(x_j)
    beta = s.exp() / s.exp().sum(dim=1, keepdim=True)  # equation 1: over i
    o = torch.einsum("ck,kd,bdi,bij->bcj", W_v, W_h, places, beta)  # equation 2
    torch.testing.assert_close(layer(x), layer.gamma * o.view_as(x) + x)


def test_attention_adds_nothing_at_first_and_sits_at_one_resolution() -> None:
    assert [attended_size(size) for size in SIZES] == [4, 8, 14, 16, 16]
    for net in (
        generator("resnet", (3, 64, 64), self_attention=True),
        discriminator("resnet", (3, 64, 64), self_attention=True),
    ):
        (attention,) = (layer for layer in net.modules() if isinstance(layer, SelfAttention))
        seen = []
        attention.register_forward_hook(lambda _, inputs, output, seen=seen: seen.append((inputs[0], output)))
        net(latents(1)) if net[-1].__class__ is nn.Tanh else net(images(1, (3, 64, 64)))
        (before, after) = seen[0]
        assert before.shape[-1] == 16
        assert torch.equal(before, after)


def test_r3gans_blocks_are_the_identity_at_first() -> None:
    G = generator("r3gan", (3, 16, 16))
    x = torch.randn(2, 2, 16, 16, generator=rng())
    blocks = [layer for layer in G if isinstance(layer, GroupedBlock)]
    assert len(blocks) == 3
    assert torch.equal(blocks[-1](x), x)


def test_dropout_scales_what_it_keeps_and_draws_from_its_own_chance() -> None:
    layer, x = Dropout(0.3, rng()), torch.ones(100_000)
    y = layer(x)
    assert y.unique().tolist() == pytest.approx([0.0, 1 / 0.7])
    assert (y == 0).float().mean().item() == pytest.approx(0.3, abs=0.01)
    assert torch.equal(Dropout(0.3, rng())(x), y)
    assert not torch.equal(layer(x), y)
    assert torch.equal(layer.eval()(x), x)

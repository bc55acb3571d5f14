"""The style-based generator: its convolutions against the paper's equations, its noise and its mixing."""

from __future__ import annotations

import pytest
import torch
from torch.nn import functional as F

from ganlab.experiment import Experiment
from ganlab.networks import build_generator
from ganlab.networks.stylegan import ModulatedConv2d, Noise, StyleGANGenerator, StyleMixing


def rng(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def randn(*shape: int, seed: int = 0) -> torch.Tensor:
    return torch.randn(*shape, dtype=torch.float64, generator=rng(seed))


def generator(chance: torch.Generator | None = None, **values: object) -> StyleGANGenerator:
    small = {"data": "shapes", "generator": "stylegan", "latent_dim": 3, "g_width": 5, "g_channels": 2}
    G = build_generator(Experiment.of(**(small | values)), (3, 16, 16), rng(), chance)
    assert isinstance(G, StyleGANGenerator)
    with torch.no_grad():
        for layer in G.layers:
            layer.noise.strength.fill_(0.5)
    return G


@pytest.mark.parametrize("demodulate", [True, False])
def test_modulated_convolution_is_that_with_each_samples_own_weights(demodulate: bool) -> None:
    layer = ModulatedConv2d(4, 6, kernel_size=3, style_width=5, demodulate=demodulate).double()
    with torch.no_grad():
        layer.weight.copy_(randn(6, 4, 3, 3))
        layer.bias.copy_(randn(6))
    x, w = randn(3, 4, 8, 8), randn(3, 5)
    for sample in range(3):
        s = layer.style(w[sample])
        own = layer.weight * s[None, :, None, None]  # equation 1
        if demodulate:
            own = own / (own.square().sum(dim=(1, 2, 3), keepdim=True) + 1e-8).sqrt()  # equation 3
        expected = F.conv2d(x[sample : sample + 1], own, padding=1) + layer.bias.view(1, -1, 1, 1)
        torch.testing.assert_close(layer(x, w)[sample : sample + 1], expected)


def test_demodulated_maps_of_normal_inputs_have_variance_1() -> None:
    layer = ModulatedConv2d(32, 16, kernel_size=1, style_width=5).double()
    with torch.no_grad():
        layer.draw_(rng())
    x = randn(4, 32, 64, 64)
    assert layer(x, 3 * randn(4, 5)).var(dim=(2, 3)).mean().item() == pytest.approx(1, abs=0.02)


def test_noise_is_drawn_anew_in_training_and_fixed_in_eval_mode() -> None:
    layer, x = Noise(4, rng()), torch.zeros(2, 3, 4, 4)
    with torch.no_grad():
        layer.draw_(rng(1))
        layer.strength.fill_(2.0)
    first, second = layer(x), layer(x)
    assert not torch.equal(first, second)
    assert torch.equal(first[:, 0], first[:, 2]) and not torch.equal(first[0], first[1])
    layer.eval()
    assert torch.equal(layer(x), 2 * layer.fixed.expand(2, 3, 4, 4))


def test_a_walk_between_latents_does_not_flicker() -> None:
    G = generator().eval()
    z = torch.randn(2, 3, generator=rng())
    walk = torch.lerp(z[:1], z[1:], torch.linspace(0, 1, 101).unsqueeze(1))
    with torch.no_grad():
        images = G(walk)
    steps = (images[1:] - images[:-1]).abs().amax(dim=(1, 2, 3))
    assert steps.max() < 0.25 * (images[-1] - images[0]).abs().max()
    assert torch.equal(images, G(walk))


def test_in_training_the_same_chance_gives_the_same_images() -> None:
    z = torch.randn(4, 3, generator=rng())
    one, same, other = (generator(chance=rng(seed))(z) for seed in (1, 1, 2))
    assert torch.equal(one, same)
    assert not torch.equal(one, other)


def test_mixing_takes_later_layers_styles_from_the_neighbour() -> None:
    w, count = torch.arange(4000.0).unsqueeze(1), 6
    styles = torch.cat(StyleMixing(0.25, rng())(w, count), dim=1)  # (batch, count)
    own, others = styles == w, styles == w.roll(1, dims=0)
    assert (own | others).all()
    assert own[:, 0].all()
    assert not (others[:, :-1] & own[:, 1:]).any()  # once the neighbour's, always the neighbour's
    starts = own.sum(dim=1)
    assert (starts < count).float().mean().item() == pytest.approx(0.25, abs=0.03)
    assert set(starts.tolist()) == set(range(1, count + 1))


def test_nothing_is_mixed_in_eval_mode_or_with_a_share_of_0() -> None:
    w = torch.randn(4, 5, generator=rng())
    for mixing in (StyleMixing(1.0, rng()).eval(), StyleMixing(0.0, rng())):
        assert all(style is w for style in mixing(w, 3))

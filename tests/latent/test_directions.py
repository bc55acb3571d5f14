"""Directions are found where they were planted."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from ganlab.experiment import Experiment
from ganlab.latent.directions import (
    attribute_direction,
    first_features,
    first_weight,
    ganspace,
    mean_difference,
    sefa,
)
from ganlab.latent.truncation import truncated
from ganlab.networks import build_generator

DIM = 12


def drawn(n: int, dim: int = DIM, seed: int = 0) -> torch.Tensor:
    return torch.randn(n, dim, generator=torch.Generator().manual_seed(seed))


def along(a: torch.Tensor, b: torch.Tensor) -> float:
    """|cos| of the angle between two directions."""
    return abs(float(torch.nn.functional.cosine_similarity(a, b, dim=0)))


def test_sefa_gives_the_right_singular_vectors() -> None:
    weight = drawn(40)
    found = sefa(weight, 5)
    _, values, vectors = torch.linalg.svd(weight, full_matrices=False)
    for mine, theirs in zip(found.vectors, vectors, strict=False):
        assert along(mine, theirs) == pytest.approx(1, abs=1e-4)
    torch.testing.assert_close(found.weights, values[:5] ** 2 / values.square().sum())


def test_ganspace_finds_the_latent_direction_that_moves_the_features_most() -> None:
    planted = torch.nn.functional.normalize(drawn(1, seed=7)[0], dim=0)
    z = drawn(3000)
    features = 8 * (z @ planted)[:, None] * drawn(1, 50, seed=8) + 0.1 * drawn(3000, 50, seed=9)
    found = ganspace(z, features, 3)
    assert along(found.vectors[0], planted) > 0.99
    assert found.weights[0] > 0.99
    torch.testing.assert_close(found.vectors.norm(dim=1), torch.ones(3))


@pytest.mark.parametrize("by", ["boundary", "means"])
def test_an_attribute_that_hangs_on_one_direction_gives_that_direction(by: str) -> None:
    planted = torch.nn.functional.normalize(drawn(1, seed=3)[0], dim=0)
    z = drawn(2000)
    has_it = z @ planted > 0.3
    if by == "means":
        assert along(mean_difference(z, has_it), planted) > 0.97
        return
    direction, quality = attribute_direction(z, has_it)
    assert direction @ planted > 0.98
    assert quality > 0.99
    _, chance = attribute_direction(z, torch.arange(2000) % 2 == 0)
    assert chance < 0.6


@pytest.mark.parametrize("network", ["mlp", "dense", "dcgan", "resnet", "r3gan", "stylegan"])
def test_every_generator_has_a_first_weight_and_first_features(network: str) -> None:
    e = Experiment.of(data="digits", generator=network, latent_dim=DIM, g_depth=2, g_width=16, g_channels=8)
    G = build_generator(e, (1, 8, 8), torch.Generator().manual_seed(0)).eval()
    assert first_weight(G, DIM).shape[1] == DIM
    features = first_features(G, drawn(300))
    assert features.shape[0] == 300
    torch.testing.assert_close(features[200:], first_features(G, drawn(300)[200:]))
    assert not G._forward_hooks


def test_first_features_of_dense_layers_are_their_hidden_units() -> None:
    G = nn.Sequential(nn.Linear(DIM, 20), nn.ReLU(inplace=True), nn.Linear(20, 30), nn.ReLU(inplace=True))
    z = drawn(10)
    torch.testing.assert_close(first_features(G, z), G[0](z).relu().detach())


def test_truncation_scales_latents_and_styles_to_their_mean() -> None:
    G = nn.Linear(DIM, 3)
    z = drawn(4)
    with truncated(G, 0.5, z):
        torch.testing.assert_close(G(z), nn.functional.linear(0.5 * z, G.weight, G.bias))
    torch.testing.assert_close(G(z), nn.functional.linear(z, G.weight, G.bias))

    e = Experiment.of(data="digits", generator="stylegan", latent_dim=DIM, g_depth=2, g_width=16, g_channels=8)
    styled = build_generator(e, (1, 8, 8), torch.Generator().manual_seed(0)).eval()
    with torch.no_grad(), truncated(styled, 0.0, drawn(100)):
        images = styled(z)
    torch.testing.assert_close(images, images[:1].expand(4, -1, -1, -1))

"""The Jacobian of generators whose Jacobian is known."""

from __future__ import annotations

import math

import torch
from torch import nn

from ganlab.latent.sensitivity import jacobian, log_volume, stretches


def test_a_linear_generator_stretches_as_its_matrix_does() -> None:
    G = nn.Linear(4, 9)
    z = torch.randn(3, 4, generator=torch.Generator().manual_seed(0))
    torch.testing.assert_close(jacobian(G, z), G.weight.detach().expand(3, 9, 4))
    values = stretches(G, z)
    torch.testing.assert_close(values, torch.linalg.svdvals(G.weight.detach()).expand(3, 4))
    exact = 0.5 * torch.logdet(G.weight.detach().T @ G.weight.detach())
    torch.testing.assert_close(log_volume(values), exact.expand(3))


def test_each_latent_has_its_own_jacobian() -> None:
    z = torch.tensor([[0.5, 2.0], [1.0, -1.0]])
    values = stretches(lambda z: z.square(), z)  # dG/dz = diag(2 z)
    torch.testing.assert_close(values, torch.tensor([[4.0, 1.0], [2.0, 2.0]]))


def test_images_count_as_their_pixels() -> None:
    z = torch.ones(1, 2)
    found = jacobian(lambda z: z[:, :, None, None].expand(-1, 2, 3, 3), z)
    assert found.shape == (1, 18, 2)
    torch.testing.assert_close(found[0].T @ found[0], 9 * torch.eye(2))


def test_a_fold_has_no_volume() -> None:
    values = stretches(lambda z: z.sum(dim=1, keepdim=True).expand(-1, 3), torch.zeros(1, 2))
    assert values[0, 0].item() > 1
    assert log_volume(values).item() < math.log(1e-5)

"""The minibatch layers against their formulas, written out in loops."""

import math

import pytest
import torch

from ganlab.game.notes import source
from ganlab.networks.minibatch import FROM_EACH, MOMENTUM, REFERENCES, MinibatchDiscrimination, MinibatchStdDev
from ganlab.training.methods import METHODS


def randn(*shape: int, seed: int = 0) -> torch.Tensor:
    return torch.randn(*shape, dtype=torch.float64, generator=torch.Generator().manual_seed(seed))


@pytest.mark.parametrize("shape", [(5, 3), (5, 3, 4, 4)])
def test_standard_deviation_over_the_batch_averaged_over_features(shape: tuple[int, ...]) -> None:
    layer, x = MinibatchStdDev().double(), randn(*shape)
    out = layer(x)
    assert out.shape == (5, 4, *shape[2:])
    assert torch.equal(out[:, :3], x)
    expected = x.numpy().std(axis=0).mean()
    torch.testing.assert_close(out[:, 3], torch.full_like(out[:, 3], expected))
    assert layer.running.item() == pytest.approx(MOMENTUM * expected)
    layer.eval()
    assert layer(x)[0, 3].flatten()[0].item() == pytest.approx(MOMENTUM * expected)


def test_samples_that_are_all_alike_give_no_nan() -> None:
    x = torch.ones(4, 3, dtype=torch.float64, requires_grad=True)
    out = MinibatchStdDev().double()(x)
    assert out[:, 3].abs().max() < 1e-3
    assert torch.autograd.grad(out.sum(), x)[0].isfinite().all()


def discrimination() -> MinibatchDiscrimination:
    layer = MinibatchDiscrimination(3, kernels=2, dimensions=4).double()
    with torch.no_grad():
        layer.projection.weight.copy_(randn(8, 3, seed=1))
    return layer


def test_closeness_to_the_other_samples_in_each_projection() -> None:
    layer, x = discrimination(), randn(5, 3)
    out = layer(x).detach()
    M = (x @ layer.projection.weight.T).detach().view(5, 2, 4)
    for i in range(5):
        for b in range(2):
            others = [math.exp(-float((M[i, b] - M[j, b]).abs().sum())) for j in range(5) if j != i]
            assert out[i, 3 + b].item() == pytest.approx(sum(others) / 4)
    assert torch.equal(out[:, :3], x)
    assert torch.equal(layer(x[:1])[:, 3:], torch.zeros(1, 2, dtype=torch.float64))  # nobody to compare with


def test_its_gradient_and_that_of_its_slope() -> None:
    layer, x = discrimination(), randn(4, 3).requires_grad_()
    assert torch.autograd.gradcheck(layer, (x,))
    assert torch.autograd.gradgradcheck(layer, (x,))  # gradient penalties need it


def test_the_reference_batch_holds_some_of_each_of_the_latest_batches() -> None:
    layer = discrimination()
    batches = [randn(100, 3, seed=seed) for seed in range(6)]
    for x in batches:
        layer(x)
    kept = torch.cat([x[:FROM_EACH] for x in batches[-REFERENCES // FROM_EACH :]]) @ layer.projection.weight.T
    torch.testing.assert_close(layer.reference, kept.detach())
    layer.eval()
    M = (batches[0][:1] @ layer.projection.weight.T).view(1, 2, 4)
    expected = torch.exp(-(M - layer.reference.view(-1, 2, 4)).abs().sum(2)).mean(0)
    torch.testing.assert_close(layer(batches[0][:1])[0, 3:], expected)


def test_the_page_shows_the_layer_that_runs() -> None:
    assert "class MinibatchStdDev(" in source(METHODS["d_minibatch:stddev"])
    assert "class MinibatchDiscrimination(" in source(METHODS["d_minibatch:discrimination"])

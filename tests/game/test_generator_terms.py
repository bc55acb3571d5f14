"""What may be added to G's loss, against NumPy and by hand."""

import math

import numpy as np
import pytest
import torch

from ganlab.game.terms import COSINES, cosine_of_centred, cosine_of_features, cosine_of_outputs, feature_matching, top_k


def randn(*shape: int, seed: int = 0) -> torch.Tensor:
    return torch.randn(*shape, dtype=torch.float64, generator=torch.Generator().manual_seed(seed))


@pytest.mark.parametrize("shape", [(6, 4), (6, 2, 3, 3), (1, 4)])
def test_feature_matching_is_the_squared_distance_of_the_means(shape: tuple[int, ...]) -> None:
    real, fake = randn(*shape), randn(*shape, seed=1).requires_grad_()
    value = feature_matching(real, fake)
    gap = fake.detach().numpy().mean(0) - real.numpy().mean(0)
    assert value.item() == pytest.approx((gap**2).sum())
    by_fake = torch.autograd.grad(value, fake)[0].numpy()
    np.testing.assert_allclose(by_fake, np.broadcast_to(2 * gap / len(fake), shape))


@pytest.mark.parametrize(
    ("share", "kept"), [(1.0, [3, 0, 2, 1]), (0.75, [3, 0, 2]), (0.5, [3, 0]), (0.3, [3, 0]), (0.05, [3])]
)
def test_top_k_keeps_what_d_scores_highest(share: float, kept: list[int]) -> None:
    assert top_k(torch.tensor([2.0, -1.0, 0.5, 7.0]), share).tolist() == kept


def cosine(a: np.ndarray, b: np.ndarray) -> float:
    return float(a @ b / np.linalg.norm(a) / np.linalg.norm(b))


def test_the_three_cosines() -> None:
    real, fake = randn(7), randn(7, seed=1)
    r, f = real.numpy(), fake.numpy()
    assert cosine_of_outputs(real, fake).item() == pytest.approx(cosine(r, f))
    middle = np.concatenate([r, f]).mean()
    assert cosine_of_centred(real, fake).item() == pytest.approx(cosine(r - middle, f - middle))
    real, fake = randn(7, 2, 3), randn(7, 2, 3, seed=1)
    r, f = real.numpy().mean(0).ravel(), fake.numpy().mean(0).ravel()
    assert cosine_of_features(real, fake).item() == pytest.approx(cosine(r, f))


@pytest.mark.parametrize("name", COSINES)
def test_cosines_have_the_gradient_of_their_value(name: str) -> None:
    shape = (5, 3) if name == "features" else (5,)
    assert torch.autograd.gradcheck(
        COSINES[name], (randn(*shape).requires_grad_(), randn(*shape, seed=1).requires_grad_())
    )


def test_positive_scores_look_alike_until_they_are_centred() -> None:
    """A D that parts real from generated cleanly: 0.9 against 0.6, with a little noise."""
    real, fake = 0.9 + 0.01 * randn(256), 0.6 + 0.01 * randn(256, seed=1)
    assert cosine_of_outputs(real, fake) > 0.99
    assert cosine_of_centred(real, fake) < -0.99
    undecided, as_well = 0.5 + 0.1 * randn(256), 0.5 + 0.1 * randn(256, seed=1)
    assert abs(cosine_of_centred(undecided, as_well)) < 4 / math.sqrt(256)


@pytest.mark.parametrize("name", COSINES)
def test_responses_that_are_all_the_same_give_no_nan(name: str) -> None:
    flat = torch.zeros(4, 2) if name == "features" else torch.full((4,), 0.5)
    fake = flat.clone().requires_grad_()
    value = COSINES[name](flat, fake)
    assert value.isfinite()
    assert torch.autograd.grad(value, fake)[0].isfinite().all()

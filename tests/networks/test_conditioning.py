"""What conditions and codes add to the losses, against the formulas of their papers written out in float64."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from scipy.special import log_softmax
from scipy.stats import norm

from ganlab.experiment import Experiment, ExperimentError
from ganlab.experiment.codes import class_count, draw_codes, input_dim, joined, one_hot, parts, row_per_class
from ganlab.game.penalties import r1
from ganlab.latent import draw_latents
from ganlab.networks import build_discriminator
from ganlab.networks.conditional import FixedClassDiscriminator, with_class
from ganlab.networks.conditioning import category_information, class_loss, dial_information

LABELLED = {"data": "digits", "g_width": 8, "d_width": 8, "batch_size": 16, "latent_dim": 5}


def rng(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def drawn(*shape: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal(shape)


def test_class_loss_and_category_information_are_mean_log_probabilities() -> None:
    logits, numbers = 3 * drawn(40, 6), np.random.default_rng(1).integers(6, size=40)
    log_p = log_softmax(logits, axis=1)[np.arange(40), numbers].mean()
    y = one_hot(torch.tensor(numbers), 6).double()
    assert class_loss(torch.tensor(logits), y).item() == pytest.approx(-log_p, rel=1e-12)
    assert category_information(torch.tensor(logits), y).item() == pytest.approx(log_p + math.log(6), rel=1e-12)


def test_the_information_of_a_category_lies_between_nothing_and_its_entropy() -> None:
    category = torch.eye(5, dtype=torch.float64)
    assert category_information(torch.zeros(5, 5, dtype=torch.float64), category).item() == pytest.approx(0, abs=1e-12)
    assert category_information(1e3 * category, category).item() == pytest.approx(math.log(5))


def test_the_information_of_dials_is_that_of_a_unit_gaussian() -> None:
    means, dials = drawn(30, 2), drawn(30, 2, seed=1).clip(-1, 1)
    expected = (norm.logpdf(dials, means, 1).mean(0) + math.log(2)).sum()
    assert dial_information(torch.tensor(means), torch.tensor(dials)).item() == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("network", ["mlp", "dcgan", "cnn", "resnet", "r3gan"])
def test_a_projection_discriminator_adds_the_classs_direction_times_the_features(network: str) -> None:
    e = Experiment.of(**LABELLED, generator="dcgan", discriminator=network, d_channels=4, condition="projection")
    D = build_discriminator(e, (1, 8, 8), rng()).double().eval()
    x, y = torch.randn(7, 1, 8, 8, generator=rng(), dtype=torch.float64), torch.eye(10, dtype=torch.float64)[:7]
    logits, phi = D.respond(x, y)
    flat, last = phi.flatten(1).detach().numpy(), D[-2].psi
    V, psi = D[-2].V.weight.detach().numpy(), last.weight.flatten(1).detach().numpy()
    expected = flat @ psi[0] + last.bias.item() + np.einsum("bc,cf,bf->b", y.numpy(), V, flat)
    np.testing.assert_allclose(logits.detach().numpy(), expected, rtol=1e-9)


def test_a_class_is_appended_as_coordinates_or_as_channels() -> None:
    y = torch.eye(3)[[2, 0]]
    assert with_class(torch.zeros(2, 2), y).tolist() == [[0, 0, 0, 0, 1], [0, 0, 1, 0, 0]]
    images = with_class(torch.zeros(2, 1, 4, 4), y)
    assert images.shape == (2, 4, 4, 4)
    assert torch.equal(images[0, :, 1, 3], torch.tensor([0.0, 0, 0, 1]))


@pytest.mark.parametrize("condition", ["concat", "projection"])
def test_penalties_see_d_at_one_class_and_its_slope_along_samples_only(condition: str) -> None:
    e = Experiment.of(data="ring", condition=condition, d_width=16, d_activation="tanh")
    D = build_discriminator(e, (2,), rng()).double()
    x, y = torch.randn(6, 2, generator=rng(), dtype=torch.float64), torch.eye(8, dtype=torch.float64)[:6]
    slopes = torch.stack([(D(x + h, y) - D(x - h, y)) / 2e-6 for h in 1e-6 * torch.eye(2, dtype=torch.float64)])
    assert r1(FixedClassDiscriminator(D, y), x).item() == pytest.approx(slopes.square().sum(0).mean().item(), rel=1e-6)
    assert not torch.allclose(D(x, y), D(x, y.roll(1, 0)))


def test_spectral_norm_holds_for_the_heads_too() -> None:
    e = Experiment.of(data="ring", condition="projection", info_categories=3, spectral_norm=True)
    heads = build_discriminator(e, (2,), rng())[-2]
    for layer in (heads.V, heads.Q[0], heads.Q[2]):
        assert torch.linalg.matrix_norm(layer.weight, 2).item() == pytest.approx(1, abs=0.1)


def test_inputs_hold_noise_class_category_and_dials_side_by_side() -> None:
    e = Experiment.of(**LABELLED, condition="concat", info_categories=4, info_continuous=2)
    inputs = draw_latents(2000, e, rng(), torch.arange(2000) % 10)
    asked = parts(inputs, e)
    assert inputs.shape == (2000, input_dim(e)) == (2000, 5 + 10 + 4 + 2)
    assert torch.equal(joined(asked), inputs)
    assert torch.equal(asked.y.argmax(1), torch.arange(2000) % 10)
    assert (asked.y.sum(1) == 1).all() and (asked.category.sum(1) == 1).all()
    assert asked.category.mean(0).tolist() == pytest.approx([0.25] * 4, abs=0.05)
    assert asked.dials.abs().max() <= 1
    assert asked.dials.std(0).tolist() == pytest.approx([1 / math.sqrt(3)] * 2, rel=0.05)
    assert draw_codes(50, e, rng())[:, :10].sum(0).min() > 0, "any class, where none is named"


def test_rows_differ_from_each_other_in_the_class_alone() -> None:
    e = Experiment.of(**LABELLED, condition="auxiliary", info_continuous=1)
    inputs = draw_latents(50, e, rng())
    rows = parts(row_per_class(inputs, e, 4), e)
    assert rows.y.argmax(1)[:40].tolist() == [row for row in range(10) for _ in range(4)]
    assert torch.equal(rows.noise[:4], rows.noise[36:40]) and torch.equal(rows.dials[:4], rows.dials[36:40])
    assert torch.equal(row_per_class(inputs, e, 4)[40:], inputs[40:])


def test_without_a_condition_g_is_given_noise_alone() -> None:
    e = Experiment.of(**LABELLED)
    assert (input_dim(e), class_count(e)) == (5, 0)
    assert draw_latents(3, e, rng()).shape == (3, 5)


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"data": "moons", "condition": "concat"}, "Two moons has no classes"),
        ({"data": "stacked_digits", "condition": "projection"}, "has no classes"),
        ({"condition": "concat", "packing": 2}, "choose packing 1"),
        ({"info_continuous": 1, "consensus_weight": 1.0}, "InfoGAN's codes"),
        ({"condition": "auxiliary", "mistake": "wrong_sign"}, "clinic"),
        ({"condition": "auxiliary", "model": "vae"}, "only noise"),
        ({"info_continuous": 2, "discriminator": "autoencoder", "loss": "began"}, "energies"),
        ({"info_continuous": 1, "data": "dirac", "generator": "point", "discriminator": "linear"}, "two numbers"),
        ({"info_categories": 1}, "one category"),
        ({"condition": "yes"}, "must be one of none, concat, auxiliary, projection"),
    ],
)
def test_what_makes_no_sense_is_refused_in_a_sentence(values: dict, says: str) -> None:
    with pytest.raises(ExperimentError, match=says):
        Experiment.of(**values)

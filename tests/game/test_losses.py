"""Each loss against its closed form, written independently in NumPy at float64."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import get_args

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from ganlab.experiment import Experiment, knob
from ganlab.experiment.loss import ENERGY_LOSSES
from ganlab.game.losses import LOSSES, Loss, source

Logits = np.ndarray
Pair = Callable[[Logits, Logits], tuple[float, Logits, Logits]]  # value, gradient of the first, of the second


def sigmoid(x: Logits) -> Logits:
    return np.where(x >= 0, 1 / (1 + np.exp(-np.abs(x))), np.exp(-np.abs(x)) / (1 + np.exp(-np.abs(x))))


def softplus(x: Logits) -> Logits:
    return np.logaddexp(0, x)


def minus(x: Logits, times: float = 1.0) -> Logits:
    return np.full_like(x, -times / len(x))


@dataclass
class ClosedForm:
    d: Pair
    g: Pair


CROSS_ENTROPY_D: Pair = lambda r, f: (
    softplus(-r).mean() + softplus(f).mean(),
    -sigmoid(-r) / len(r),
    sigmoid(f) / len(f),
)
CRITIC_G: Pair = lambda f, r: (-f.mean(), minus(f), 0 * r)
CLOSED_FORMS = {
    "minimax": ClosedForm(CROSS_ENTROPY_D, lambda f, r: (-softplus(f).mean(), -sigmoid(f) / len(f), 0 * r)),
    "non_saturating": ClosedForm(CROSS_ENTROPY_D, lambda f, r: (softplus(-f).mean(), -sigmoid(-f) / len(f), 0 * r)),
    "symmetric": ClosedForm(
        CROSS_ENTROPY_D,
        lambda f, r: (softplus(r).mean() + softplus(-f).mean(), -sigmoid(-f) / len(f), sigmoid(r) / len(r)),
    ),
    "least_squares": ClosedForm(
        lambda r, f: (((r - 1) ** 2).mean() / 2 + (f**2).mean() / 2, (r - 1) / len(r), f / len(f)),
        lambda f, r: (((f - 1) ** 2).mean() / 2, (f - 1) / len(f), 0 * r),
    ),
    "wasserstein": ClosedForm(lambda r, f: (f.mean() - r.mean(), minus(r), -minus(f)), CRITIC_G),
    "hinge": ClosedForm(
        lambda r, f: (
            np.maximum(0, 1 - r).mean() + np.maximum(0, 1 + f).mean(),
            minus(r) * (r < 1),
            -minus(f) * (f > -1),
        ),
        CRITIC_G,
    ),
    "relativistic": ClosedForm(
        lambda r, f: (softplus(f - r).mean(), -sigmoid(f - r) / len(r), sigmoid(f - r) / len(r)),
        lambda f, r: (softplus(r - f).mean(), -sigmoid(r - f) / len(r), sigmoid(r - f) / len(r)),
    ),
}

CLOSED_FORMS["energy"] = ClosedForm(
    lambda r, f: (-r.mean() + np.maximum(0, 1 + f).mean(), minus(r), -minus(f) * (f > -1)), CRITIC_G
)
CLOSED_FORMS["began"] = ClosedForm(lambda r, f: (-r.mean() + f.mean(), minus(r), -minus(f)), CRITIC_G)

LOGITS = arrays(
    np.float64, 6, elements=st.floats(-1e4, 1e4).filter(lambda x: abs(abs(x) - 1) > 1e-9)
)  # hinge's corners
every_loss = pytest.mark.parametrize("name", LOSSES)


def evaluated(function: Callable[..., torch.Tensor], first: Logits, second: Logits) -> tuple[float, Logits, Logits]:
    a, b = (torch.tensor(x, dtype=torch.float64, requires_grad=True) for x in (first, second))
    value = function(a, b)
    assert value.shape == ()
    gradients = torch.autograd.grad(value, (a, b), materialize_grads=True)
    return value.item(), gradients[0].numpy(), gradients[1].numpy()


def test_there_is_a_loss_for_each_choice() -> None:
    assert tuple(LOSSES) == get_args(Experiment.model_fields["loss"].annotation)
    assert all(loss.name == name for name, loss in LOSSES.items())


@every_loss
def test_what_a_loss_takes_are_settings_that_apply_to_such_losses_alone(name: str) -> None:
    def taken(loss: Loss) -> set[str]:
        return {*loss.fields, *(loss.memory.options.values() if loss.memory is not None else ())}

    network = {"discriminator": "autoencoder"} if name in ENERGY_LOSSES else {}
    e = Experiment.of(loss=name, **network)
    of_any = set().union(*map(taken, LOSSES.values()))
    assert {field for field in of_any if knob(field).applies(e)} == taken(LOSSES[name])


def test_the_equilibrium_follows_the_margin_and_is_not_known_with_smoothed_labels() -> None:
    energy, usual = LOSSES["energy"], LOSSES["non_saturating"]
    e = Experiment.of(loss="energy", discriminator="autoencoder", energy_margin=3.0)
    assert (energy.figure(energy.equilibrium_d, e), energy.figure(energy.reach, e)) == (3.0, 3.0)
    assert usual.figure(usual.equilibrium_d, Experiment()) == math.log(4)
    assert usual.figure(usual.equilibrium_d, Experiment.of(label_smoothing=0.1)) is None


@every_loss
@given(real=LOGITS, fake=LOGITS)
def test_values_and_gradients_are_the_closed_form(name: str, real: Logits, fake: Logits) -> None:
    loss, closed = LOSSES[name], CLOSED_FORMS[name]
    for ours, theirs in (
        (evaluated(loss.d, real, fake), closed.d(real, fake)),
        (evaluated(loss.g, fake, real), closed.g(fake, real)),
    ):
        for mine, expected in zip(ours, theirs, strict=True):
            np.testing.assert_allclose(mine, expected, rtol=1e-12, atol=1e-12)


@every_loss
def test_d_raises_real_and_lowers_fake_and_g_raises_fake(name: str) -> None:
    real, fake = np.array([0.3, -0.4]), np.array([0.2, 0.1])
    _, to_real, to_fake = evaluated(LOSSES[name].d, real, fake)
    _, by_g, _ = evaluated(LOSSES[name].g, fake, real)
    assert np.all(to_real < 0)
    assert np.all(to_fake > 0)
    assert np.all(by_g < 0)


def test_least_squares_pulls_harder_the_farther_a_logit_is_from_its_target() -> None:
    def pulls(name: str, logits: np.ndarray) -> np.ndarray:
        return np.abs(evaluated(LOSSES[name].g, logits, logits)[1])

    from_near_to_far = np.array([0.9, 0.0, -2.0, -8.0])
    squares, cross_entropy = (pulls(name, from_near_to_far) for name in ("least_squares", "non_saturating"))
    assert np.allclose(squares / squares[1], 1 - from_near_to_far)
    assert cross_entropy.max() < 2 * cross_entropy[1], "the pull of cross-entropy is bounded"


@every_loss
@pytest.mark.parametrize("size", [50.0, 1e3, 1e15])
def test_extreme_logits_in_single_precision_stay_finite(name: str, size: float) -> None:
    for signs in ((1, 1), (1, -1), (-1, 1), (-1, -1)):
        real, fake = (torch.full((3,), sign * size, requires_grad=True) for sign in signs)
        for value in (LOSSES[name].d(real, fake), LOSSES[name].g(fake, real)):
            gradients = torch.autograd.grad(value, (real, fake), materialize_grads=True)
            assert torch.isfinite(torch.stack((value, *(g.sum() for g in gradients)))).all()


@every_loss
def test_g_reads_the_real_logits_only_where_it_says_so(name: str) -> None:
    loss = LOSSES[name]
    fake = torch.tensor([0.5, -1.0])
    if loss.uses_real:
        assert loss.g(fake, fake + 1) != loss.g(fake, fake - 1)
    else:
        assert loss.g(fake) == loss.g(fake, fake + 1)


@given(real=LOGITS, fake=LOGITS, s=st.floats(0, 0.5))
def test_smoothing_moves_the_target_of_real_samples(real: Logits, fake: Logits, s: float) -> None:
    r, f = torch.tensor(real), torch.tensor(fake)
    cross_entropy = ((1 - s) * softplus(-real) + s * softplus(real)).mean() + softplus(fake).mean()
    squares = ((real - (1 - s)) ** 2).mean() / 2 + (fake**2).mean() / 2
    np.testing.assert_allclose(LOSSES["minimax"].d(r, f, s), cross_entropy, rtol=1e-11, atol=1e-11)
    np.testing.assert_allclose(LOSSES["non_saturating"].d(r, f, s), cross_entropy, rtol=1e-11, atol=1e-11)
    np.testing.assert_allclose(LOSSES["least_squares"].d(r, f, s), squares, rtol=1e-11, atol=1e-11)


@pytest.mark.parametrize(
    ("name", "undecided", "d", "g"),
    [
        ("minimax", 0.0, math.log(4), -math.log(2)),
        ("non_saturating", 0.0, math.log(4), math.log(2)),
        ("symmetric", 0.0, math.log(4), math.log(4)),
        ("least_squares", 0.5, 1 / 4, 1 / 8),
        ("wasserstein", 0.7, 0.0, None),
        ("hinge", 0.0, 2.0, None),
        ("relativistic", -0.3, math.log(2), math.log(2)),
    ],
)
def test_losses_and_scores_at_the_equilibrium(name: str, undecided: float, d: float, g: float | None) -> None:
    loss = LOSSES[name]
    logits = torch.full((4,), undecided, dtype=torch.float64)
    assert (loss.equilibrium_d, loss.equilibrium_g) == (d, g)
    assert loss.d(logits, logits).item() == pytest.approx(d)
    if g is not None:
        assert loss.g(logits, logits).item() == pytest.approx(g)
    if loss.boundary is not None:
        assert loss.score(logits)[0].item() == loss.boundary


def test_the_symmetric_loss_moves_g_exactly_as_the_non_saturating_one() -> None:
    fake, real = np.array([0.3, -2.0, 4.0]), np.array([1.0, 0.5, -1.0])
    _, symmetric, _ = evaluated(LOSSES["symmetric"].g, fake, real)
    _, non_saturating, _ = evaluated(LOSSES["non_saturating"].g, fake, real)
    np.testing.assert_array_equal(symmetric, non_saturating)


def test_the_wasserstein_estimate_is_plotted_positive() -> None:
    loss = LOSSES["wasserstein"]
    assert loss.plot_sign_d * loss.d(torch.tensor([3.0]), torch.tensor([1.0])) == 2.0
    assert loss.label_d == "Wasserstein estimate"


@every_loss
def test_the_source_shown_is_what_runs(name: str) -> None:
    shown = source(LOSSES[name])
    assert shown.startswith("def ")
    assert f"def {LOSSES[name].d.__name__}(" in shown
    assert f"def {LOSSES[name].g.__name__}(" in shown

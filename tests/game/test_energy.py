"""Energy-based games: the energy, the margin, BEGAN's balance, and the autoencoder that plays them."""

from __future__ import annotations

import copy

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from ganlab.data import shape_of
from ganlab.experiment import Experiment, ExperimentError
from ganlab.game.energies import began_d, convergence, energy, energy_d, next_k
from ganlab.networks import build_discriminator, parameter_count
from ganlab.training.checkpoint import restore, state_of
from ganlab.training.history import SCALARS, History
from ganlab.training.trainer import Trainer
from ganlab.views import Probes

SMALL = {"discriminator": "autoencoder", "g_width": 16, "d_width": 16, "batch_size": 32, "latent_dim": 2, "d_code": 3}
ENERGIES = arrays(np.float64, 5, elements=st.floats(0, 1e4))


def small(**values: object) -> Experiment:
    return Experiment.of(**{"loss": "energy", **SMALL, **values})


def test_energy_is_the_mean_squared_error_of_each_sample() -> None:
    x, again = torch.randn(2, 4, 3, 8, 8, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    expected = ((x - again).numpy() ** 2).mean((1, 2, 3))
    np.testing.assert_allclose(energy(x, again).numpy(), expected)
    assert torch.equal(energy(x, x), torch.zeros(4))


@given(real=ENERGIES, fake=ENERGIES, margin=st.floats(0.01, 100))
def test_d_raises_energies_as_far_as_the_margin(real: np.ndarray, fake: np.ndarray, margin: float) -> None:
    logits = torch.tensor(-fake, requires_grad=True)
    value = energy_d(torch.tensor(-real), logits, margin)
    assert value.item() == pytest.approx(real.mean() + np.maximum(0, margin - fake).mean())
    (gradient,) = torch.autograd.grad(value, logits)
    np.testing.assert_allclose(gradient.numpy(), (fake < margin) / 5)


@given(real=ENERGIES, fake=ENERGIES, k=st.floats(0, 1), gamma=st.floats(0, 1), rate=st.floats(0, 1))
def test_began_weighs_and_balances_energies(
    real: np.ndarray, fake: np.ndarray, k: float, gamma: float, rate: float
) -> None:
    r, f = torch.tensor(-real), torch.tensor(-fake)
    assert began_d(r, f, k).item() == pytest.approx(real.mean() - k * fake.mean())
    expected = np.clip(k + rate * (gamma * real.mean() - fake.mean()), 0, 1)
    assert next_k(torch.tensor(k, dtype=torch.float64), r, f, gamma, rate).item() == pytest.approx(expected)
    measure = convergence(-real.mean(keepdims=True), -fake.mean(keepdims=True), gamma)[0]
    assert measure == pytest.approx(real.mean() + abs(gamma * real.mean() - fake.mean()), rel=1e-6, abs=1e-6)


@pytest.mark.parametrize("data", ["ring", "mixture_1d", "digits", "shapes"])
@pytest.mark.parametrize("d_norm", ["none", "batch", "layer"])
@pytest.mark.parametrize("depth", [1, 3])
def test_the_autoencoder_gives_minus_its_energies_and_its_codes(data: str, d_norm: str, depth: int) -> None:
    e = small(data=data, d_norm=d_norm, d_depth=depth, spectral_norm=depth == 3)
    shape, rng = shape_of(e), torch.Generator().manual_seed(0)
    D = build_discriminator(e, shape, rng).eval()
    x = torch.randn(6, *shape, generator=rng).clamp(-1, 1)
    logits, codes = D.respond(x)
    assert logits.shape == (6,) and codes.shape == (6, 3)
    assert (logits <= 0).all()
    assert torch.equal(D(x), logits) and torch.equal(D.features(x), codes)
    assert torch.allclose(D(x[2:4]), logits[2:4], atol=1e-6), "each sample is judged alone"
    _, decoder = D
    assert torch.allclose(-logits, (x - decoder(codes)).flatten(1).square().mean(1))


def test_the_autoencoder_has_the_parameters_counted_by_hand() -> None:
    e = small(d_depth=2)
    by_hand = (2 * 16 + 16) + (16 * 16 + 16) + (16 * 3 + 3) + (3 * 16 + 16) + (16 * 16 + 16) + (16 * 2 + 2)
    assert parameter_count(build_discriminator(e, (2,), torch.Generator())) == by_hand


def test_the_convolutional_autoencoder_is_a_dcgans_d_and_its_g() -> None:
    e = small(data="shapes", image_size=16, discriminator="conv_autoencoder", d_channels=4)
    down = (3 * 4 * 16 + 4) + (4 * 8 * 16 + 8) + (8 * 4 * 4 * 3 + 3)
    up = (3 * 8 * 4 * 4 + 8 * 4 * 4) + (8 * 4 * 16 + 4) + (4 * 3 * 16 + 3)
    D = build_discriminator(e, (3, 16, 16), torch.Generator())
    assert parameter_count(D) == down + up
    encoder, decoder = D
    assert decoder(encoder(torch.rand(2, 3, 16, 16))).shape == (2, 3, 16, 16)


def test_energies_and_autoencoders_go_together() -> None:
    for loss in ("energy", "began"):
        with pytest.raises(ExperimentError, match="choose an autoencoder as the discriminator"):
            Experiment.of(loss=loss)
        assert small(loss=loss).loss == loss
    with pytest.raises(ExperimentError, match="choose an energy loss"):
        Experiment.of(discriminator="autoencoder")


def test_k_follows_the_balance_and_is_part_of_the_state() -> None:
    e = small(loss="began", began_rate=0.5, began_gamma=1.0, lr_g=0.0001)
    trainer = Trainer(e)
    real, fake = trainer._real(), trainer.generator(trainer._latents()).detach()
    D = copy.deepcopy(trainer.discriminator)
    trainer._update_discriminator(real, fake)
    expected = next_k(torch.zeros(()), D(real), D(fake), 1.0, 0.5)
    assert trainer.remembered.state["began"] == pytest.approx(expected.item())

    for _ in range(5):
        trainer.step()
    other = Trainer(e)
    restore(other, *state_of(trainer))
    assert torch.equal(other.remembered.state["began"], trainer.remembered.state["began"])
    assert 0 < trainer.remembered.state["began"] <= 1


def test_a_state_that_an_older_version_wrote_brings_its_k_along() -> None:
    trainer = Trainer(small(loss="began", began_rate=0.5))
    for _ in range(5):
        trainer.step()
    tensors, plain = state_of(trainer)
    tensors["memory_balance.k"] = tensors.pop("memory_loss.began")
    other = Trainer(trainer.experiment)
    restore(other, tensors, plain)
    assert other.remembered.state == trainer.remembered.state


def test_the_measure_of_convergence_is_shown_where_there_is_one() -> None:
    for loss, shown in (("began", True), ("energy", False)):
        trainer = Trainer(small(loss=loss))
        history = History()
        trainer.step()
        history.append(trainer.drain()[0])
        losses = Probes(trainer, history).answer(["losses"])["losses"]
        assert ("convergence" in losses) == shown
    real, fake = (-history.rows()[0, SCALARS.index(name)] for name in ("score_real", "score_fake"))
    assert real > 0 and fake > 0


@pytest.mark.parametrize("loss", ["energy", "began"])
def test_d_learns_to_give_real_samples_the_lower_energy(loss: str) -> None:
    trainer = Trainer(small(loss=loss, lr_g=1e-5, energy_margin=0.5, began_rate=0.05, lr_d=3e-3))
    for _ in range(200):
        trainer.step()
    rows = trainer.drain()[-1]
    real, fake = (rows[-20:, SCALARS.index(name)].mean() for name in ("score_real", "score_fake"))
    assert fake < 3 * real < 0

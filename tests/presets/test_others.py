"""The VAEs beside their GANs: the very same decoder; and the energy-based game."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from ganlab.experiment import fields_of
from ganlab.game.energies import convergence
from ganlab.presets import PRESETS
from ganlab.training.history import SCALARS
from ganlab.training.trainer import Trainer


@pytest.mark.parametrize(("vae", "gan"), [("ring-vae", "ring-ns"), ("digits-vae", "digits-dcgan")])
def test_a_vaes_decoder_is_the_gans_generator(vae: str, gan: str) -> None:
    ours, theirs = PRESETS[vae].experiment, PRESETS[gan].experiment
    assert ours.model == "vae" and theirs.model == "gan"
    for name in (*fields_of("generator"), *fields_of("data"), "init", "seed"):
        assert getattr(ours, name) == getattr(theirs, name)


def test_the_energy_based_game_follows_its_source() -> None:
    e = PRESETS["ring-ebgan"].experiment
    assert (e.discriminator, e.loss, e.energy_margin) == ("autoencoder", "energy", 1.0)


def test_the_measure_of_began_falls_and_gamma_says_how_diverse_samples_are() -> None:
    z = torch.randn(200, 16, generator=torch.Generator().manual_seed(1))
    spread = []
    for gamma in (0.3, 0.9):
        trainer = Trainer(PRESETS["digits-began"].experiment.changed(began_gamma=gamma))
        for _ in range(200):
            trainer.step()
        rows = np.concatenate(trainer.drain())
        real, fake = (rows[:, SCALARS.index(name)] for name in ("score_real", "score_fake"))
        measure = convergence(real, fake, gamma)
        assert measure[-50:].mean() < measure[:50].mean() / 3
        with torch.no_grad():
            spread.append(trainer.shown.eval()(z).std(0).mean().item())
    assert 1.5 * spread[0] < spread[1]

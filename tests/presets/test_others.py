"""The VAEs beside their GANs: the very same decoder; and the energy-based game."""

from __future__ import annotations

import pytest

from ganlab.experiment import fields_of
from ganlab.presets import PRESETS


@pytest.mark.parametrize(("vae", "gan"), [("ring-vae", "ring-ns"), ("digits-vae", "digits-dcgan")])
def test_a_vaes_decoder_is_the_gans_generator(vae: str, gan: str) -> None:
    ours, theirs = PRESETS[vae].experiment, PRESETS[gan].experiment
    assert ours.model == "vae" and theirs.model == "gan"
    for name in (*fields_of("generator"), *fields_of("data"), "init", "seed"):
        assert getattr(ours, name) == getattr(theirs, name)


def test_the_energy_based_game_follows_its_source() -> None:
    e = PRESETS["ring-ebgan"].experiment
    assert (e.discriminator, e.loss, e.energy_margin) == ("autoencoder", "energy", 1.0)

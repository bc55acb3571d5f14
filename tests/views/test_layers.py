"""The layers of an opened network, against its weights and against what its convolutions answer."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from ganlab.experiment import Experiment
from ganlab.experiment.networks import DISCRIMINATORS, GENERATORS, NETWORKS
from ganlab.training.build import build_trainer
from ganlab.training.history import History
from ganlab.views import Probes

DIGITS: dict[str, Any] = {"data": "digits", "g_channels": 4, "d_channels": 4, "g_width": 16, "d_width": 16}


def told(**values: Any) -> tuple[Any, Probes, dict[str, Any]]:
    trainer = build_trainer(Experiment.of(**values))
    probes = Probes(trainer, History())
    return trainer, probes, {role: probes.answer(["layers", f"layers.{role}"])["layers"]["layers"] for role in "gd"}


def test_a_dense_layer_shows_its_weights_and_of_many_every_kth() -> None:
    trainer, _, layers = told(data="ring", g_width=130, g_depth=1)
    first, last = layers["g"]
    weight = trainer.generator[0].weight.detach().numpy()
    assert (first["size"], first["numbers"]) == ([130], weight.size + 130)
    shown = weight[::3]
    np.testing.assert_array_equal(first["weights"], np.round(127 + 127 * shown / np.abs(shown).max()))
    assert last["size"] == [2]


def test_a_convolution_shows_its_strongest_maps_of_a_real_and_of_a_generated_image() -> None:
    trainer, probes, layers = told(**DIGITS | {"generator": "dcgan", "discriminator": "dcgan", "d_channels": 9})
    inputs = probes._inputs
    first = trainer.discriminator[1]
    with torch.no_grad():
        fake = trainer.generator.eval()(inputs.latents[:16])
        maps = [first(x).abs().numpy() for x in (inputs.real[:16], fake)]
    told_of_it = next(layer for layer in layers["d"] if "maps" in layer)
    assert (told_of_it["size"], told_of_it["of"]) == ([9, 4, 4], 9)
    assert told_of_it["which"].tolist() == np.argsort(-np.concatenate(maps).mean((0, 2, 3)))[:3].tolist()
    strongest = np.stack([of_kind[0, told_of_it["which"][0]] for of_kind in maps])
    np.testing.assert_allclose(told_of_it["maps"][:, 0], np.round(255 * strongest / strongest.max()), atol=1)


@pytest.mark.parametrize(
    ("role", "name"), [("g", name) for name in GENERATORS] + [("d", name) for name in DISCRIMINATORS]
)
def test_every_network_has_layers_with_a_picture(role: str, name: str) -> None:
    if NETWORKS[name].data == "dirac":
        pytest.skip("a player with one weight has no layers")
    values = {{"g": "generator", "d": "discriminator"}[role]: name}
    if role == "d" and NETWORKS[name].autoencodes:
        values["loss"] = "energy"
    _, _, layers = told(**DIGITS | values)
    assert layers[role]
    assert all(("weights" in layer) != ("maps" in layer) for layer in layers[role])


def test_a_vae_has_an_encoder_and_weights_that_are_no_numbers_are_drawn_as_none() -> None:
    trainer, probes, layers = told(**DIGITS | {"model": "vae", "generator": "dcgan", "discriminator": "dcgan"})
    assert layers["d"][0]["maps"].shape[0] == 1  # no generated image: an encoder reads real ones
    with torch.no_grad():
        trainer.g.theta.fill_(float("nan"))
    assert (probes.answer(["layers", "layers.g"])["layers"]["layers"][0]["weights"] == 127).all()

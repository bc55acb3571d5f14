"""D's feature maps on its thumbnail, against the convolution worked out by itself."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from ganlab.experiment import Experiment
from ganlab.experiment.networks import DISCRIMINATORS, NETWORKS, d_has
from ganlab.training.build import build_trainer
from ganlab.training.history import History
from ganlab.views import Probes

DIGITS: dict[str, Any] = {
    "data": "digits", "image_size": 8, "generator": "dcgan", "discriminator": "dcgan", "g_channels": 4,
    "d_channels": 6, "batch_size": 8,
}  # fmt: skip


def test_they_are_the_strongest_maps_of_the_first_convolution() -> None:
    trainer = build_trainer(Experiment.of(**DIGITS))
    for _ in range(3):
        trainer.step()
    probes = Probes(trainer, History())
    told = probes.answer(["feature_maps"])["feature_maps"]
    real, fake = probes._inputs.real[:16], trainer.generator.eval()(probes._inputs.latents[:16])
    first = trainer.discriminator.get_parameter(
        next(n for n, p in trainer.discriminator.named_parameters() if p.dim() == 4)
    )
    bias = trainer.discriminator.get_parameter(
        next(n for n, p in trainer.discriminator.named_parameters() if p.dim() == 1)
    )
    with torch.no_grad():
        maps = [F.conv2d(x, first, bias, stride=2, padding=1).abs().numpy() for x in (real, fake)]
    strength = np.concatenate(maps).mean((0, 2, 3))
    assert told["of"] == 6
    assert told["which"].tolist() == np.argsort(-strength)[:3].tolist()
    for place, which in enumerate(told["which"]):
        both = np.stack([of_kind[0, which] for of_kind in maps])
        np.testing.assert_allclose(told["maps"][:, place], np.round(255 * both / both.max()), atol=1)
    assert told["images"].shape == (2, 8, 8, 1)
    np.testing.assert_allclose(told["images"][0, ..., 0], np.round(127.5 * (real[0, 0].numpy() + 1)), atol=1)


@pytest.mark.parametrize("name", [name for name in DISCRIMINATORS if NETWORKS[name].data != "dirac"])
def test_every_network_with_convolutions_has_some_and_no_other(name: str) -> None:
    values = {"discriminator": name} | ({"loss": "energy"} if NETWORKS[name].autoencodes else {})
    trainer = build_trainer(Experiment.of(**(DIGITS | values)))
    told = Probes(trainer, History()).answer(["feature_maps"])["feature_maps"]
    assert ("maps" in told) == d_has("channels")(trainer.experiment)

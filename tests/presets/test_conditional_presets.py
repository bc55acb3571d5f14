"""The presets with classes and codes: equal to their sources, and otherwise to the presets that they are set beside."""

from __future__ import annotations

import pytest

from ganlab.experiment.codes import widths
from ganlab.presets import PRESETS


def test_infogan_follows_its_source() -> None:
    e = PRESETS["digits-infogan"].experiment
    assert (e.lr_g, e.lr_d, e.beta1_g, e.beta1_d, e.batch_size, e.n_critic) == (1e-3, 2e-4, 0.5, 0.5, 128, 1)
    assert (e.optimizer_g, e.optimizer_d, e.info_weight, e.latent_distribution) == ("adam", "adam", 1.0, "uniform")
    assert widths(e) == [62, 0, 10, 2]


@pytest.mark.parametrize(
    ("name", "condition", "plain"),
    [
        ("ring-projection", "projection", "ring-ns"),
        ("digits-conditional", "projection", "digits-dcgan"),
        ("digits-acgan", "auxiliary", "digits-dcgan"),
    ],
)
def test_a_condition_is_all_that_is_new(name: str, condition: str, plain: str) -> None:
    assert PRESETS[name].experiment.differences(PRESETS[plain].experiment) == {"condition": condition}

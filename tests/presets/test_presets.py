"""Every preset is a whole story: an Experiment, what it shows, and where it comes from."""

from __future__ import annotations

import pytest

from ganlab.experiment import Experiment
from ganlab.presets import DEFAULT, PRESETS, Preset

REQUIRED = {"ring-ns", "ring-wgan-gp", "grid", "digits-dcgan", "shapes-dcgan-r1"}


def test_what_a_newcomer_looks_for_is_there() -> None:
    assert set(PRESETS) >= REQUIRED
    assert DEFAULT.name == "ring-ns"
    assert {preset.experiment.data for preset in PRESETS.values()} >= {"ring", "grid", "mixture_1d", "digits", "shapes"}


@pytest.mark.parametrize("preset", PRESETS.values(), ids=list(PRESETS))
def test_each_has_a_one_line_explanation_and_a_source(preset: Preset) -> None:
    assert preset.title
    assert len(preset.explanation) <= 120, "one line on the page"
    assert preset.explanation.endswith((".", "?"))
    assert preset.source


@pytest.mark.parametrize("preset", PRESETS.values(), ids=list(PRESETS))
def test_each_fits_in_a_link_and_a_file(preset: Preset) -> None:
    assert Experiment.from_link(preset.experiment.to_link()) == preset.experiment
    assert Experiment.from_json(preset.experiment.to_json()) == preset.experiment
    assert len(preset.experiment.to_link()) < 400


def test_wgan_gp_follows_its_source() -> None:
    e = PRESETS["ring-wgan-gp"].experiment
    assert (e.loss, e.gp_weight, e.n_critic, e.beta1_d, e.beta2_d) == ("wasserstein", 0.1, 5, 0.5, 0.9)


def test_the_digits_follow_their_source() -> None:
    e = PRESETS["digits-dcgan"].experiment
    assert (e.generator, e.discriminator, e.init, e.beta1_g, e.g_norm) == ("dcgan", "dcgan", "dcgan", 0.5, "batch")


def test_the_shapes_follow_their_source() -> None:
    e = PRESETS["shapes-dcgan-r1"].experiment
    assert (e.loss, e.gp_weight) == ("non_saturating", 0.0)
    assert e.r1_weight > 0
    assert e.ema_decay > 0

"""How hard a preset is: by the ideas that it adds to a plain GAN."""

from __future__ import annotations

import pytest

from ganlab.experiment import Experiment
from ganlab.presets import PRESETS
from ganlab.presets.level import Level, ideas, level


def test_a_plain_gan_adds_nothing_and_an_optimiser_is_no_idea() -> None:
    assert ideas(Experiment.of()) == ()
    assert ideas(Experiment.of(optimizer_g="sgd", lr_g=0.1, batch_size=16)) == ()


def test_ideas_go_by_the_names_of_their_settings() -> None:
    assert ideas(PRESETS["ring-wgan-gp"].experiment) == ("Wasserstein", "WGAN-GP", "n_critic")
    assert ideas(PRESETS["clinic-mixed-batches"].experiment) == ("a mistake to find",)
    assert ideas(PRESETS["digits-dcgan"].experiment) == ("DCGAN (convolutions)",), "two networks, one idea"


@pytest.mark.parametrize(
    ("name", "expected"),
    [("collapse-blobs", "easy"), ("ring-ns", "easy"), ("spiral-hinge", "medium"), ("published-wgan", "hard")],
)
def test_more_ideas_are_harder(name: str, expected: Level) -> None:
    assert level(PRESETS[name].experiment) == expected

"""How long a step takes, told before: against steps that were taken."""

from __future__ import annotations

import time

import pytest
import torch

from ganlab.experiment import Experiment
from ganlab.training.build import build_trainer
from ganlab.training.cost import in_words, operations, seconds_of_a_step

IMAGES = {"data": "shapes", "image_size": 32, "generator": "dcgan", "discriminator": "dcgan"}
WIDE = Experiment.of(data="ring", batch_size=1024, g_width=512, d_width=512)
DEEP = Experiment.of(**IMAGES, batch_size=96, g_channels=32, d_channels=32)


@pytest.mark.parametrize("experiment", [WIDE, DEEP])
def test_it_is_right_to_within_a_factor_of_a_few(experiment: Experiment) -> None:
    told, trainer = seconds_of_a_step(experiment), build_trainer(experiment)
    trainer.step()  # the first takes longer
    taken = []
    for _ in range(3):
        started = time.perf_counter()
        trainer.step()
        taken.append(time.perf_counter() - started)
    assert told / 8 < min(taken) and told > min(taken) / 8


def test_gradients_of_gradients_count_and_every_sample_costs_the_same() -> None:
    plain = operations(DEEP)
    assert operations(DEEP.changed(batch_size=192)) == pytest.approx(2 * plain, rel=0.01)
    assert operations(DEEP.changed(r1_weight=10.0)) > 1.3 * plain


def test_the_largest_step_is_known_for_what_it_is_and_a_small_one_is_not_even_counted() -> None:
    huge = Experiment.of(**IMAGES | {"image_size": 64}, batch_size=512, g_channels=48, d_channels=48)
    assert operations(huge) > 20 * operations(DEEP)
    assert seconds_of_a_step(Experiment()) == 0.0


def test_one_that_can_t_be_told_is_not_guessed() -> None:
    assert operations(Experiment.of(data="own_images", own_data="0" * 64, batch_size=512)) == 0.0


def test_times_in_words() -> None:
    assert [in_words(s) for s in (2, 44.4, 300, 9000)] == ["2 seconds", "44 seconds", "5 minutes", "2 hours"]


def test_counting_leaves_chance_alone() -> None:
    before = torch.get_rng_state()
    operations(DEEP.changed(batch_size=48))
    assert torch.equal(before, torch.get_rng_state())

"""The sweep of the MNIST preset: what counts as reached, and which settings its tables put first."""

from __future__ import annotations

import json
from typing import Any

import pytest

from benchmarks.mnist_preset import BASE, READABLE, REPORTED, RESULTS, ROUNDS, reached, table
from ganlab.experiment import Experiment
from ganlab.networks import parameter_count
from ganlab.presets import PRESETS
from ganlab.training.build import build_trainer


def run(readable: float, digits: int) -> dict[str, Any]:
    return {"seed": 0, "looks": [(5.0, 100, 0.9, 10), (10.0, 200, readable, digits)]}


@pytest.mark.parametrize(("readable", "digits", "there"), [(0.6, 10, True), (0.59, 10, False), (0.9, 9, False)])
def test_it_takes_all_digits_and_enough_readable_samples_at_the_end(readable: float, digits: int, there: bool) -> None:
    assert READABLE == 0.6
    assert reached(run(readable, digits)) is there


def test_no_seed_that_is_reported_was_tuned_on() -> None:
    assert {seed for seed, *_ in ROUNDS}.isdisjoint(REPORTED)


def test_every_candidate_is_an_experiment() -> None:
    assert all(Experiment.of(**{**BASE, **changes}) for _, _, candidates in ROUNDS for changes in candidates)


def test_the_tables_put_the_best_first_and_count_the_seeds() -> None:
    rows = [{"changes": {"lr_g": value}, "run": run(value, 10)} for value in (0.3, 0.8)]
    reported = [{"preset": "mnist", "changes": {}, "runs": [run(0.7, 10), run(0.5, 10), run(0.65, 9)]}]
    text = table({"rounds": [rows], "reported": reported})
    assert text.index("lr_g 0.8") < text.index("lr_g 0.3")
    assert "Aim reached in 1 of 3 seeds; median 65 % readable." in text


def test_every_reported_seed_makes_readable_digits_within_a_minute() -> None:
    (measured,) = json.loads((RESULTS / "mnist_preset.json").read_text())["reported"]
    preset = PRESETS[measured["preset"]].experiment
    assert measured["changes"] == preset.differences()
    assert [run["seed"] for run in measured["runs"]] == list(REPORTED)
    assert all(reached(run) and run["looks"][-1][0] <= 60.5 for run in measured["runs"])


def test_the_dcgan_has_a_twentieth_of_the_weights_at_most() -> None:
    plain, small = (
        sum(map(parameter_count, build_trainer(PRESETS[name].experiment).networks.values()))
        for name in ("mnist", "mnist-dcgan")
    )
    assert small <= plain / 20

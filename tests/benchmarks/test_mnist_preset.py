"""The sweep of the MNIST preset: what counts as reached, and which settings its tables put first."""

from __future__ import annotations

from typing import Any

import pytest

from benchmarks.mnist_preset import BASE, READABLE, REPORTED, ROUNDS, reached, table
from ganlab.experiment import Experiment


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

"""The outcome of the presets: known scores of known samples, broken runs that go on, and a table with every seed."""

from __future__ import annotations

from itertools import count
from typing import Any

import numpy as np
import pytest
import torch

from benchmarks import presets
from benchmarks.presets import SAMPLES, add_seed, perfect, scores, train_for, train_seed, yardstick
from benchmarks.presets_table import kind_of, table
from ganlab.data import load
from ganlab.presets import PRESETS
from ganlab.training.build import build_trainer

RING = PRESETS["ring-ns"].experiment


def test_real_samples_read_what_a_perfect_sampler_reads() -> None:
    read = perfect(yardstick(load(RING), SAMPLES))
    assert (read["n"], read["modes"]) == (2500, 8)
    assert read["high_quality"] == pytest.approx(0.9889, abs=0.01)
    assert read["frechet"] < 0.02 and read["js"] < 0.02


def test_a_shift_is_its_square_in_frechet_distance_and_what_is_not_finite_has_no_score() -> None:
    by = yardstick(load(RING), SAMPLES)
    shifted = torch.from_numpy(by.reference).float() + torch.tensor([3.0, 4.0])
    assert scores(shifted, by)["frechet"] == pytest.approx(25, rel=1e-3)
    assert scores(torch.full((2500, 2), np.nan), by) == {"frechet": None}


@pytest.mark.parametrize("name", ["ring-projection", "ring-vae", "ring-ebgan", "clinic-not-detached", "dirac-r1"])
def test_every_kind_of_preset_is_measured(name: str) -> None:
    row = train_seed(PRESETS[name].experiment, seed=1, cpu_seconds=0.01)
    assert row["seed"] == 1 and row["iterations"] >= 1
    assert row["distance" if kind_of(PRESETS[name].experiment) == "dirac" else "frechet"] > 0


def test_training_ends_with_the_budget_or_with_the_presets_own_last_iteration() -> None:
    def clock() -> Any:
        ticks = count()
        return lambda: float(next(ticks))

    trainer = build_trainer(RING)
    assert train_for(trainer, 3, clock()) == 3 and trainer.iteration == 2
    game = build_trainer(PRESETS["dirac-r1"].experiment.changed(max_steps=5))
    train_for(game, 100, clock())
    assert game.iteration == 5


def test_one_that_fails_has_its_sentence_is_tried_again_and_the_others_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    results: dict[str, Any] = {"data": {"ring": {"n": 2500, "features": "", "accuracy": None}}, "presets": {}}
    told = {"seed": 0, "iterations": 12, "modes": 7, "high_quality": 0.5, "frechet": 0.25, "js": 0.1}
    monkeypatch.setattr(presets, "train_seed", lambda e, seed, budget: 1 / 0)
    assert add_seed(results, "ring-ns", 0, 1.0)
    assert "| failed: ZeroDivisionError: division by zero |" in table(results)
    monkeypatch.setattr(presets, "train_seed", lambda e, seed, budget: told | {"seed": seed})
    assert add_seed(results, "ring-ns", 1, 1.0) and add_seed(results, "ring-ns", 0, 1.0)
    assert not add_seed(results, "ring-ns", 0, 1.0)
    assert "(`ring-ns`) | ring | 12 · 12 | 7 · 7 | 50.0 · 50.0 | - | 0.1 · 0.1 | 0.25 · 0.25 |" in table(results)
    assert add_seed(results, "ring-ns", 0, 2.0), "another budget is another measurement"
    assert [row["seed"] for row in results["presets"]["ring-ns"]["seeds"]] == [0]

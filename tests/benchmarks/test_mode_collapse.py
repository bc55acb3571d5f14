"""The mode-collapse experiments: every method can be built on all data, and the table says what was measured."""

import json

import pytest

from benchmarks.mode_collapse import DATA, METHODS, RESULTS, STEPS, experiment, iterations, measure, spread, table
from ganlab.presets import PRESETS
from ganlab.training.batched import why_apart


@pytest.mark.parametrize("papers_sizes", [False, True])
@pytest.mark.parametrize("method", METHODS)
def test_all_seeds_of_every_method_are_trained_together(method: str, papers_sizes: bool) -> None:
    assert [why_apart(experiment(data, method, 100, papers_sizes=papers_sizes)) for data in DATA] == [None] * len(DATA)


def test_a_measured_method_has_a_row_with_its_mean_and_standard_error() -> None:
    base = experiment("ring", "ns", 3, papers_sizes=False)
    seeds = measure(base, steps=3, seeds=2)
    assert [seed["seed"] for seed in seeds] == [0, 1]
    seeds = [
        {"seed": 0, "finite": True, "modes": 8, "high_quality": 0.96, "reverse_kl": 0.02},
        {"seed": 1, "finite": True, "modes": 6, "high_quality": 0.90, "reverse_kl": None},
    ]
    text = table({"ring/ns": {"settings": base.differences(), "steps": 3, "seeds": seeds}})
    assert "| NS-GAN | 7.0 ± 1.0 | 93.0 ± 3.0 | 0.020 ± 0.000 | 1 of 2 |" in text
    assert "3 iterations unless a row says otherwise, 2 seeds, batch 60, G 2x128" in text


@pytest.mark.parametrize(
    ("preset", "method"), [("ring-settled", "settled-longer"), ("grid-settled", "settled-longest")]
)
def test_the_presets_that_settle_are_those_measured(preset: str, method: str) -> None:
    measured = experiment(preset.partition("-")[0], method, STEPS, papers_sizes=False)
    assert PRESETS[preset].experiment == measured.changed(device="auto", max_steps=iterations(method, STEPS))


@pytest.mark.parametrize(("measured", "modes"), [("ring/settled-longer", 8), ("grid/settled-longest", 25)])
def test_every_seed_of_the_settled_recipe_captured_every_mode(measured: str, modes: int) -> None:
    seeds = json.loads((RESULTS / "mode_collapse.json").read_text())[measured]["seeds"]
    assert len(seeds) == 10
    assert all(seed["modes"] == modes for seed in seeds)


def test_spread_is_the_mean_and_the_standard_error_of_what_is_known() -> None:
    assert spread([1.0, 2.0, 3.0, None], 2) == "2.00 ± 0.58"
    assert spread([None], 2) == "none"

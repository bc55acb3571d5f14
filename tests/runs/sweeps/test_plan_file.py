"""A plan in a file: what it says, and what is said of one that is wrong, with the line on which it is."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ganlab.experiment import ExperimentError
from ganlab.presets import PRESETS
from ganlab.runs.sweeps.plan_file import MOST_RUNS, read_plan


def written(folder: Path, plan: Any) -> Path:
    path = folder / "plan.json"
    path.write_text(plan if isinstance(plan, str) else json.dumps(plan, indent=1), encoding="utf-8")
    return path


def test_members_are_every_value_with_every_other_and_every_seed(tmp_path: Path) -> None:
    axes = {"lr_g": [0.01, 0.02], "loss": ["hinge", "wasserstein"]}
    path = written(tmp_path, {"base": {"data": "ring"}, "axes": axes, "seeds": [3, 5], "iterations": 7})
    grid = read_plan(path, 100)
    told = [(e.lr_g, e.loss, e.seed) for e in grid.experiments]
    assert told == [(lr, loss, seed) for lr in (0.01, 0.02) for loss in ("hinge", "wasserstein") for seed in (3, 5)]
    assert {(e.data, e.max_steps) for e in grid.experiments} == {("ring", 7)}
    assert grid.settings[-1] == {"lr_g": 0.02, "loss": "wasserstein", "seed": 5}


def test_a_base_is_a_preset_or_a_file_and_seeds_may_be_counted(tmp_path: Path) -> None:
    grid = read_plan(written(tmp_path, {"base": "grid", "seeds": 3}), 100)
    assert grid.base == PRESETS["grid"].experiment.changed(max_steps=100)
    assert [e.seed for e in grid.experiments] == [0, 1, 2]
    (tmp_path / "mine.json").write_text('{"lr_g": 0.5, "max_steps": 9, "seed": 4}', encoding="utf-8")
    (only,) = read_plan(written(tmp_path, {"base": "mine.json"}), 100).experiments
    assert (only.lr_g, only.max_steps, only.seed) == (0.5, 9, 4)


@pytest.mark.parametrize(
    ("plan", "complaint"),
    [
        ('{\n "seeds": 3,\n}', "plan.json, line 3: This is not JSON"),
        ("[]", "plan.json: A plan is a JSON object such as"),
        ({"seeds": 2, "axis": {}}, 'plan.json, line 3: There is no key "axis" in a plan'),
        ('{\n "seeds": 3,\n "seeds": 4}', 'plan.json, line 2: The key "seeds" is given twice'),
        ({"seeds": 2, "iterations": 0}, 'line 3: "iterations" is 0'),
        ({"seeds": 2, "iterations": True}, 'line 3: "iterations" is true'),
        ({"base": "rings"}, 'line 2: There is no preset "rings"'),
        ({"base": "gone.json"}, r"line 2: .*gone.json can't be read: No such file"),
        ({"base": 3}, 'line 2: "base" is 3'),
        ({"base": {"data": "ring", "lr_g": -1}}, r"line 4: Learning rate \(lr_g\) is -1, but must be a number from"),
        ({"base": {"data": "ring", "lr": 1}}, 'line 4: There is no setting called "lr"'),
        ({"axes": {"lr_d": [0.1], "lr_gg": [1]}}, 'line 6: There is no setting called "lr_gg"'),
        ({"axes": {"lr_d": [0.1], "lr_g": [0.1, "fast"]}}, r'line 6: Learning rate \(lr_g\) is "fast"'),
        ({"axes": {"lr_g": 0.1}}, 'line 3: "lr_g" is 0.1, but must be a list of values'),
        ({"axes": {"lr_g": [0.1, 0.1]}}, r"line 3: .*\(lr_g\) has the same value twice"),
        ({"axes": {"seed": [1]}}, 'line 3: Give seed with the key "seeds"'),
        ({"axes": {"max_steps": [1]}}, 'line 3: Give max_steps with the key "iterations"'),
        ({"axes": [1]}, 'line 2: "axes" must be an object'),
        ({"seeds": []}, r'line 2: "seeds" is \[\]'),
        ({"seeds": [1, -2]}, r"line 2: Seed \(seed\) is -2"),
        ({"seeds": [[1]]}, r'line 2: "seeds" is \[\[1\]\]'),
        ({"seeds": MOST_RUNS + 1}, "This plan has 1,001 runs"),
        ({"axes": {"generator": ["dcgan"]}}, "plan.json"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(tmp_path: Path, plan: Any, complaint: str) -> None:
    with pytest.raises(ExperimentError, match=complaint):
        read_plan(written(tmp_path, plan), 100)


def test_a_plan_that_is_not_there_or_no_text_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ExperimentError, match="can't be read"):
        read_plan(tmp_path / "none.json", 100)
    path = tmp_path / "plan.json"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ExperimentError, match="UTF-8"):
        read_plan(path, 100)

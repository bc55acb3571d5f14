"""`ganlab sweep`: a table with a row for each run, on every kind of host, which can be stopped and gone on with."""

from __future__ import annotations

import csv
import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ganlab.command.cli import main
from ganlab.runs import Axis, Plan, RunRecord, State, replay
from ganlab.runs.keeping import run_folder
from ganlab.runs.sweeps.wall import SweepEngine
from tests.hosts.ray_cluster import needs_ray
from tests.hosts.stage import SMALL, assert_same_bits

ROOT = Path(__file__).parents[2]
BASE = SMALL.differences()
PLAN = {"base": BASE, "axes": {"lr_g": [0.001, 0.003]}, "seeds": 2, "iterations": 30}


def written(folder: Path, **changes: Any) -> Path:
    path = folder / "plan.json"
    path.write_text(json.dumps(PLAN | changes), encoding="utf-8")
    return path


def sweep(plan: Path, *options: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main(["sweep", str(plan), "--out", str(plan.parent / "out"), *options])
    code = ended.value.code
    assert isinstance(code, int)
    return code


def rows(folder: Path) -> list[dict[str, str]]:
    with (folder / "out" / "table.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def record(folder: Path, row: dict[str, str]) -> RunRecord:
    return run_folder.read(folder / "out" / "runs" / row["run"])


def test_a_row_holds_what_a_wall_shows_of_the_same_member(tmp_path: Path) -> None:
    assert sweep(written(tmp_path)) == 0
    table = rows(tmp_path)
    assert [(row["lr_g"], row["seed"]) for row in table] == [(lr, seed) for lr in ("0.001", "0.003") for seed in "01"]
    assert {row["iteration"] for row in table} == {"30"}
    plan = Plan(SMALL, Axis("seed", (0, 1)), Axis("lr_g", (0.001, 0.003)))
    wall = SweepEngine(plan.experiments)
    while wall.iteration < 30:
        wall.step()
    measures = wall.view()["measures"]
    assert list(table[0]) == ["lr_g", "seed", "iteration", *measures, "broken", "run"]
    for name, values in measures.items():
        told = [float(row[name] or "nan") for row in table]
        np.testing.assert_allclose(told, values, rtol=1e-3, atol=1e-5, err_msg=name)
    for row in table:
        assert_same_bits(record(tmp_path, row), replay(record(tmp_path, row)))
    lines = (tmp_path / "out" / "table.md").read_text(encoding="utf-8").splitlines()
    assert len(lines) == 6
    assert lines[2].startswith("| 0.001 | 0 | 30 | ")


@pytest.mark.parametrize("options", [("--workers", "2"), pytest.param(("--cluster", "auto"), marks=needs_ray)], ids=str)
def test_it_is_the_same_table_on_every_host(tmp_path: Path, options: tuple[str, ...]) -> None:
    alone, elsewhere = tmp_path / "alone", tmp_path / "elsewhere"
    for folder in (alone, elsewhere):
        folder.mkdir()
    assert sweep(written(alone)) == 0
    assert sweep(written(elsewhere), *options) == 0
    assert rows(alone) == rows(elsewhere)


def test_a_plan_that_has_grown_trains_only_what_is_missing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert sweep(written(tmp_path)) == 0
    before = rows(tmp_path)
    written_at = {
        path: path.stat().st_mtime_ns for path in (tmp_path / "out" / "runs").glob("*/checkpoint.safetensors")
    }
    assert sweep(written(tmp_path, seeds=3)) == 0
    after = rows(tmp_path)
    assert [row for row in after if row["seed"] != "2"] == before
    assert len(after) == 6
    assert {path: path.stat().st_mtime_ns for path in written_at} == written_at
    assert sweep(written(tmp_path, iterations=50)) == 0
    longer = rows(tmp_path)
    assert {row["iteration"] for row in longer} == {"50"}
    assert_same_bits(record(tmp_path, longer[0]), replay(record(tmp_path, longer[0])))
    assert sweep(written(tmp_path)) == 2
    assert "has done 50 iterations, and the plan asks for 30" in capsys.readouterr().err
    assert sweep(written(tmp_path, base=BASE | {"lr_d": 0.5})) == 2
    assert "holds a run with other settings than the plan says" in capsys.readouterr().err
    assert rows(tmp_path) == longer


def test_a_run_that_fails_says_so_and_the_others_train_on(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    wild = {"loss": "wasserstein", "optimizer_d": "sgd", "optimizer_g": "sgd"}
    plan = written(tmp_path, base=BASE | wild, axes={"lr_g": [0.001, 10.0], "lr_d": [0.001, 10.0]}, seeds=1)
    for _ in range(2):  # the second time, nothing is trained
        assert sweep(plan) == 1
        broken = {(row["lr_g"], row["lr_d"]): row["broken"] for row in rows(tmp_path)}
        assert broken["0.001", "0.001"] == ""
        assert "Try smaller learning rates" in broken["10.0", "10.0"]
        assert "runs failed: the table says why" in capsys.readouterr().err


@pytest.mark.skipif(os.name == "nt", reason="signals of Unix")
def test_ctrl_c_keeps_what_is_done_and_the_same_command_goes_on(tmp_path: Path) -> None:
    plan = written(tmp_path, axes={}, seeds=2, iterations=400)
    command = [sys.executable, "-m", "ganlab", "sweep", str(plan), "--out", str(tmp_path / "out")]
    environment = os.environ | {"PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
    begun = subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True)
    while (
        not (tmp_path / "out" / "runs" / "seed=0" / "checkpoint.safetensors").exists()
        and len(rows_if_any(tmp_path)) < 1
    ):
        time.sleep(0.02)
    begun.send_signal(signal.SIGINT)
    _, said = begun.communicate()
    if begun.returncode:  # else a fast machine was done
        assert re.search(r"Stopped: \d of 2 runs are done. The same command goes on from here.", said)
    assert sweep(plan) == 0
    for row in rows(tmp_path):
        found = record(tmp_path, row)
        assert (found.iteration, found.state) == (400, State.FINISHED)
        assert_same_bits(found, replay(found))


def rows_if_any(folder: Path) -> list[dict[str, str]]:
    return rows(folder) if (folder / "out" / "table.csv").exists() else []


def test_a_plan_that_is_wrong_leaves_nothing_behind(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert sweep(written(tmp_path, axes={"lr_gg": [1]})) == 2
    assert 'There is no setting called "lr_gg"' in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_the_plan_in_the_documentation_is_one(tmp_path: Path) -> None:
    text = (ROOT / "docs" / "sweeps.md").read_text(encoding="utf-8")
    found = re.search(r"```json\n(.*?)```", text, re.DOTALL)
    assert found is not None
    plan = json.loads(found[1])
    (tmp_path / "plan.json").write_text(json.dumps(plan | {"iterations": 3}), encoding="utf-8")
    assert sweep(tmp_path / "plan.json") == 0
    table = rows(tmp_path)
    assert len(table) == 12
    assert f"| {' | '.join(table[0])} |" in text

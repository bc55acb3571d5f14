"""The console command, as a person at a terminal meets it."""

from __future__ import annotations

import csv
import io
import os
import runpy
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from ganlab.command import headless, runs
from ganlab.command.bar import Bar
from ganlab.command.cli import main, site_directory
from ganlab.experiment import Experiment
from ganlab.hosts import choice
from ganlab.runs import RunRecord, replay
from ganlab.runs.keeping import checkpoint_file, run_folder
from ganlab.runs.keeping.intervals import pause_after
from ganlab.training.checkpoint import load_trainer
from ganlab.training.history import History
from ganlab.ui import serving

SMALL = Experiment.of(g_width=8, d_width=8, batch_size=16)
ELSEWHERE = {"PYTHONPATH": str(Path(__file__).parents[2])}  # for a process with another working directory


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working directory with small.json in it."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "small.json").write_text(SMALL.to_json())
    return tmp_path


def status_of(*arguments: str) -> int:
    with pytest.raises(SystemExit) as exit:
        main(arguments)
    return int(exit.value.code or 0)


def test_training_leaves_the_experiment_its_history_and_its_weights(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert status_of("train", "small.json", "--steps", "60", "--set", "lr_g=3e-4", "--seed", "7") == 0

    out = folder / "results" / "small"
    assert capsys.readouterr().out.splitlines() == [
        str(Path("results/small") / name) for name in ("experiment.json", "history.csv", "checkpoint.safetensors")
    ]
    trained = Experiment.from_json((out / "experiment.json").read_text())
    assert trained == SMALL.changed(lr_g=3e-4, seed=7, max_steps=60)
    with (out / "history.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert [int(row["iteration"]) for row in rows] == list(range(1, 61))
    assert all(float(row["loss_d"]) > 0 for row in rows)
    assert load_trainer(out / "checkpoint.safetensors").iteration == 60


def test_a_grid_of_samples_is_saved_after_each_pass(folder: Path) -> None:
    (folder / "digits.json").write_text(SMALL.changed(data="digits", batch_size=600).to_json())
    assert status_of("train", "digits.json", "--steps", "7", "--grids") == 0
    grids = sorted((folder / "results" / "digits" / "grids").iterdir())
    assert [grid.name for grid in grids] == ["pass-001.png", "pass-002.png"], "1,797 digits: three steps a pass"
    with Image.open(grids[0]) as first, Image.open(grids[1]) as second:
        assert first.size == second.size == (5 * 8, 5 * 8)
        assert first.tobytes() != second.tobytes()


def test_grids_of_points_are_refused(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert status_of("train", "small.json", "--grids") == 2
    assert "these data are points" in capsys.readouterr().err


def test_a_second_training_does_not_overwrite_the_first(folder: Path) -> None:
    assert status_of("train", "small.json", "--steps", "2") == 0
    assert status_of("train", "small.json", "--steps", "2") == 0
    assert (folder / "results" / "small-2" / "history.csv").exists()


def test_progress_goes_to_a_log_in_ten_lines(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert status_of("train", "small.json", "--steps", "1000") == 0
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) <= 10  # a fast machine may pass two tenths in one turn
    assert "1,000/1,000" in lines[-1]
    log = io.StringIO()
    bar = Bar(1000, log)
    for done in range(1, 1001):
        bar.show(done, 100.0, lambda: "")
    bar.show(1000, 100.0, lambda: "")  # as where a turn ends with the last step
    assert len(log.getvalue().splitlines()) == 10


def test_a_loss_that_was_not_measured_yet_is_left_out_of_the_progress() -> None:
    history = History()
    assert headless.losses(history) == ""
    history.append(np.array([[1.5, 0, 0, 0, 0, np.nan, np.nan]], np.float32))  # an update of D alone
    assert headless.losses(history) == "D 1.500"


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_a_training_that_is_told_to_end_keeps_what_it_has_learnt(
    name: str, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    if not hasattr(signal, name):
        pytest.skip("not on this system")
    monkeypatch.setattr(Bar, "show", lambda *_: signal.raise_signal(getattr(signal, name)))  # after the first turn
    assert status_of("train", "small.json", "--steps", "1000000", "--out", "out") == 0
    assert "as you asked" in capsys.readouterr().err
    with (folder / "out" / "history.csv").open() as file:
        iterations = len(list(csv.DictReader(file)))
    assert 0 < iterations < 1_000_000
    assert load_trainer(folder / "out" / "checkpoint.safetensors").iteration == iterations


def test_a_killed_training_goes_on_from_where_it_was_saved(folder: Path) -> None:
    command = [sys.executable, "-m", "ganlab", "train", "small.json", "--steps", "1000000", "--out", "out"]
    training = subprocess.Popen(command, stderr=subprocess.DEVNULL, cwd=folder, env=os.environ | ELSEWHERE)
    while not (folder / "out" / "checkpoint.safetensors").exists():
        assert training.poll() is None
    training.kill()
    training.wait()
    with (folder / "out" / "history.csv").open("a") as table:
        table.write("9999,0.5,")  # the row that it was writing

    killed = run_folder.read(folder / "out")
    assert 0 < killed.iteration < 1000000
    assert len(killed.checkpoint.history) == killed.iteration
    assert status_of("train", "--from", "out", "--steps", "3", "--out", "more") == 0
    more, last = load_trainer(folder / "more" / "checkpoint.safetensors"), killed.iteration + 3
    replayed = replay(RunRecord(killed.initial_experiment, killed.initial_experiment), last)
    assert torch.equal(more.g.theta, replayed.g.theta), "to the same bits"
    with (folder / "more" / "history.csv").open() as table:
        assert [int(row["iteration"]) for row in csv.DictReader(table)] == list(range(1, last + 1))


def test_a_disk_that_is_full_for_a_while_does_not_end_the_training(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(headless, "pause_after", lambda _: 0.0)
    write, failures = checkpoint_file.write, iter(range(3))

    def fails_at_first(*arguments: object) -> None:
        if next(failures, None) is not None:
            raise OSError("no space left")
        write(*arguments)

    monkeypatch.setattr(checkpoint_file, "write", fails_at_first)
    assert status_of("train", "small.json", "--steps", "1500") == 0
    assert capsys.readouterr().err.count("can't be saved now (no space left)") == 1
    with (folder / "results" / "small" / "history.csv").open() as table:
        assert [int(row["iteration"]) for row in csv.DictReader(table)] == list(range(1, 1501))


def test_it_is_saved_at_once_soon_after_and_then_at_most_ten_seconds_apart() -> None:
    moments = [0.0]
    while moments[-1] < 60:
        moments.append(moments[-1] + pause_after(moments[-1]))
    pauses = np.diff(moments)
    assert pauses[0] <= 1 and pauses.max() <= 8, "with the time to write, ten are lost at most"
    assert (np.diff(pauses) >= 0).all()


def test_divergence_is_said_in_a_sentence_and_is_a_failure(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    wild = ["--set", "lr_g=10", "--set", "lr_d=10", "--set", "loss=wasserstein", "--set", "optimizer_d=sgd"]
    assert status_of("train", "small.json", "--steps", "5000", *wild) == 1
    captured = capsys.readouterr()
    assert "became" in captured.err
    assert "Try smaller learning rates" in captured.err
    assert "checkpoint" not in captured.out  # training could not go on from here


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["train", "small.json", "--set", "lr_g=fast"], 'Learning rate (lr_g) is "fast"'),
        (["train", "small.json", "--set", "lr_g"], "not of the form name=value"),
        (["train", "small.json", "--set", "colour=red"], 'There is no setting called "colour"'),
        (["train", "small.json", "--steps", "-3"], "from 0 to 10,000,000"),
        (["train", "small.json", "--steps", "0"], "a whole number from 1 on"),
        (["train", "small.json", "--set", "data=own_points"], "add some first"),
        (["train", "missing.json"], "missing.json can't be read"),
        (["train", "broken.json"], "broken.json: This is not JSON"),
        (["train", "small.json", "--out", "."], "already holds files"),
        (["train"], "Name an experiment"),
        (["train", "small.json", "--from", "abc"], "leave out the experiment file and --images"),
        (["train", "small.json", "--best"], "--best needs a stored run to go on from"),
        (["--port", "http"], "port"),
        (["fly"], "fly"),
    ],
)
def test_what_cannot_be_done_is_one_sentence_and_status_2(
    folder: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    (folder / "broken.json").write_text("{")
    assert status_of(*arguments) == 2
    captured = capsys.readouterr()
    assert said in captured.err
    assert len(captured.err.splitlines()) == 1
    assert not captured.out
    assert not (folder / "results").exists()


def test_help_names_the_commands_and_the_settings(capsys: pytest.CaptureFixture[str]) -> None:
    assert status_of("--help") == 0
    assert "train an experiment without a browser" in capsys.readouterr().out
    assert status_of("train", "--help") == 0
    assert "lr_g" in capsys.readouterr().out


def test_without_a_command_the_app_is_served(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[str] = []
    monkeypatch.setattr(runpy, "run_module", lambda name, **_: started.extend([name, *sys.argv]))
    monkeypatch.setattr(sys, "argv", ["ganlab"])
    main(["--port", "8600", "--no-browser"])
    assert started[:3] == ["streamlit", "streamlit", "run"]
    assert Path(started[3]) == site_directory() / "app.py"
    assert started[4:] == ["--server.port=8600", "--server.headless=true"]
    started.clear()
    main(["--allow-host", "ganlab.example"])
    assert {"--server.allowedHosts=ganlab.example", "--server.allowedHosts=localhost"} < set(started)


def test_the_number_of_workers_is_passed_on_or_refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(runpy, "run_module", lambda *_, **__: None)
    monkeypatch.setattr(sys, "argv", ["ganlab"])
    monkeypatch.setenv("GANLAB_WORKERS", "")
    main(["--workers", "3"])
    assert serving.training().workers == 3
    main(["--workers", "auto"])
    assert serving.training().workers == os.cpu_count()
    for wrong in ("0", "-1", "many", "1000", "1.5"):
        assert status_of("--workers", wrong) == 2
        assert f"--workers {wrong}: give the number of processes" in capsys.readouterr().err


def test_a_cluster_is_named_or_refused(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(runpy, "run_module", lambda *_, **__: None)
    monkeypatch.setattr(sys, "argv", ["ganlab"])
    for name in ("GANLAB_WORKERS", "GANLAB_CLUSTER", "GANLAB_WORKER_CPUS"):
        monkeypatch.setenv(name, "")
    monkeypatch.setattr(choice, "find_spec", lambda _: object())
    main(["--cluster", "192.0.2.7:6379", "--worker-cpus", "4", "--workers", "8"])
    assert serving.training() == choice.Choice(workers=8, cluster="192.0.2.7:6379", cpus=4)
    for wrong in ("6379", "here", "here:0", "here:port", ":6379"):
        assert status_of("--cluster", wrong) == 2
        assert f"--cluster {wrong}: give the address of a Ray cluster" in capsys.readouterr().err
    assert status_of("--cluster", "auto", "--worker-cpus", "0") == 2
    assert "--worker-cpus 0: give the number of processors" in capsys.readouterr().err
    assert status_of("--worker-cpus", "2") == 2
    assert "name one with --cluster" in capsys.readouterr().err
    monkeypatch.setattr(choice, "find_spec", lambda _: None)
    assert status_of("--cluster", "auto") == 2
    assert 'pip install "ganlab[cluster]"' in capsys.readouterr().err


def test_the_app_is_where_the_command_looks_for_it() -> None:
    assert (site_directory() / "app.py").is_file()
    assert (site_directory() / ".streamlit" / "config.toml").is_file()


def test_a_folder_of_images_is_trained_on_and_its_folders_are_classes(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GANLAB_CACHE", str(folder / "cache"))
    for number in range(4):
        place = folder / "pets" / ("cats" if number % 2 else "dogs")
        place.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (40, 30), (60 * number, 90, 200)).save(place / f"{number}.png")
    small = ["--set", "g_channels=2", "--set", "d_channels=2", "--set", "batch_size=4", "--set", "condition=concat"]
    assert status_of("train", "--images", "pets", "--steps", "2", *small) == 0
    trained = Experiment.from_json((folder / "results" / "pets" / "experiment.json").read_text())
    assert (trained.data, trained.own_classes, trained.condition) == ("own_images", 2, "concat")
    assert "4 colour images of 2 classes used." in capsys.readouterr().err
    assert status_of("train", "--images", "nowhere") == 2
    assert "There is no folder nowhere." in capsys.readouterr().err


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "utf-8"])
def test_runs_are_listed_under_any_encoding(encoding: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that the encoding has no letters for, even half a letter, comes out escaped."""
    written = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(written, encoding))
    monkeypatch.setattr(runs, "print_runs", lambda: sys.stdout.write("\u2192 \ud83d m\xfcde\n"))
    main(["runs"])
    sys.stdout.flush()
    assert b"\\ud83d m" in written.getvalue()

"""`ganlab export`, as a person at a terminal meets it."""

from __future__ import annotations

from pathlib import Path

import pytest

from ganlab.command.cli import main
from ganlab.command.export import MARKER
from ganlab.experiment import Experiment
from ganlab.runs import Lab
from ganlab.runs.keeping.keeper import Keeper
from ganlab.runs.keeping.store import Store, place
from tests.command.test_cli import status_of
from tests.export.conftest import TINY
from tests.patience import PATIENCE


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("trained")
    (folder / "tiny.json").write_text(Experiment.of(**TINY).to_json())
    assert status_of("train", str(folder / "tiny.json"), "--steps", "5", "--out", str(folder / "run")) == 0
    return folder / "run"


def test_a_run_is_exported_as_asked_and_what_was_checked_is_said(
    run: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert status_of("export", str(run), "--weights", "--csv", "-o", str(tmp_path)) == 0
    written = {path.name for path in tmp_path.iterdir() if path.name != MARKER}
    assert written == {"generator.safetensors", "experiment.json", "history.csv"}
    printed = capsys.readouterr().out
    assert str(tmp_path / "history.csv") in printed
    assert "5 iterations of 7 scalars are the same" in printed


def test_the_checkpoint_itself_is_as_good_as_its_folder(run: Path) -> None:
    assert status_of("export", str(run / "checkpoint.safetensors"), "--csv") == 0
    assert (run / "export" / "history.csv").is_file()


def test_a_run_of_the_app_is_exported_by_the_beginning_of_its_id(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GANLAB_RUNS", str(tmp_path / "runs"))
    monkeypatch.chdir(tmp_path)
    with Lab(keeper=Keeper(Store(place()))) as lab:
        run = lab.create(Experiment.of(**TINY))
        for _ in range(4):
            run.step()
        run.rename("mine")
        run.ask(lambda trainer: None).result(PATIENCE)
    main(["runs"])
    printed = capsys.readouterr().out
    assert run.id in printed and "mine" in printed and str(tmp_path / "runs") in printed
    start = run.id[:8]
    assert status_of("export", start, "--weights", "--csv") == 0
    assert (tmp_path / "export" / start / "history.csv").read_text().count("\n") == 5


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["nowhere", "--csv"], "There is no file nowhere"),
        ([".", "--csv"], "holds no checkpoint.safetensors"),
        (["broken.safetensors", "--csv"], "can't be read as a checkpoint"),
        (["."], "Choose the form of the export"),
    ],
)
def test_what_is_no_run_is_refused_in_a_sentence(
    arguments: list[str],
    sentence: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("broken.safetensors").write_text("no weights")
    assert status_of("export", *arguments) == 2
    assert sentence in capsys.readouterr().err


def test_a_target_that_can_not_be_written_is_said(
    run: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("")
    assert status_of("export", str(run), "--csv", "-o", str(tmp_path / "file")) == 1
    assert "choose another folder" in capsys.readouterr().err


def test_a_folder_with_another_runs_files_is_refused_and_left_as_it_is(
    run: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "other.json").write_text(Experiment.of(**TINY, seed=1).to_json())
    assert status_of("train", str(tmp_path / "other.json"), "--steps", "3", "--out", str(tmp_path / "other")) == 0
    out = tmp_path / "out"
    assert status_of("export", str(tmp_path / "other"), "--csv", "-o", str(out)) == 0
    before = (out / "history.csv").read_bytes()
    assert status_of("export", str(run), "--weights", "-o", str(out)) == 2
    assert "already holds files of another run (history.csv): choose another folder" in capsys.readouterr().err
    assert (out / "history.csv").read_bytes() == before and not (out / "generator.safetensors").exists()
    assert status_of("export", str(tmp_path / "other"), "--weights", "-o", str(out)) == 0


def test_a_folder_of_an_older_version_which_did_not_say_whose_it_is_is_left_as_it_is(
    run: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert status_of("export", str(run), "--csv", "-o", str(tmp_path)) == 0
    (tmp_path / MARKER).unlink()
    (tmp_path / "history.csv").write_text("of some run")
    assert status_of("export", str(run), "--csv", "-o", str(tmp_path)) == 2
    assert "do not say which run they belong to (history.csv): older versions" in capsys.readouterr().err
    assert (tmp_path / "history.csv").read_text() == "of some run"


def test_the_weights_may_be_read_by_whoever_may_read_the_other_files(run: Path, tmp_path: Path) -> None:
    assert status_of("export", str(run), "--weights", "-o", str(tmp_path)) == 0
    modes = {path.stat().st_mode for path in tmp_path.iterdir() if path.is_file()}
    assert len(modes) == 1
    assert {path.stat().st_mode for path in run.iterdir() if path.is_file()} == modes

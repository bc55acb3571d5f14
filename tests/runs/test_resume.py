"""`ganlab train --from RUN`: a stored run goes on as it would have gone on in the app."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from ganlab.command.cli import main
from ganlab.experiment import Experiment
from ganlab.runs import Run, RunRecord, replay
from ganlab.runs.keeping import run_folder
from ganlab.runs.keeping.store import Store
from ganlab.runs.record import BestCheckpoint
from ganlab.runs.state import Intervention, State
from ganlab.training.checkpoint import load_trainer, state_of

SMALL = Experiment.of(g_width=8, d_width=8, batch_size=16, ema_decay=0.9)


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """Where the command line looks for runs; the working directory is empty."""
    monkeypatch.setenv("GANLAB_RUNS", str(tmp_path / "runs"))
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    return Store(tmp_path / "runs")


def saved(store: Store, run_id: str, *, best_at: int | None = None, iterations: int = 20) -> Run:
    """A run that was changed after 5 iterations, paused and stored."""
    run = Run(SMALL)
    run.id, best = run_id, None
    for done in range(iterations):
        if done == 5:
            run.change(lr_g=3e-4)
        run.step()
        run.obey()
        if done + 1 == best_at:
            best = run.best_yet(None)
    save(store, run, best)
    return run


def save(store: Store, run: Run, best: BestCheckpoint | None = None) -> None:
    copied = run.recorded()
    assert copied is not None
    record, samples = copied
    stored = store.run(run.id)
    store.save(replace(record, best=best), samples, "lineage", None if stored is None else stored.file)


def go_on(*arguments: str) -> int:
    with pytest.raises(SystemExit) as exit:
        main(["train", *arguments])
    return int(exit.value.code or 0)


@pytest.mark.parametrize(("chosen", "start"), [([], 20), (["--best"], 12)])
def test_it_goes_on_to_the_same_bits(chosen: list[str], start: int, store: Store) -> None:
    run = saved(store, "abcdef", best_at=12)
    assert go_on("--from", "abc", "--steps", "10", "--out", "more", "--set", "lr_d=5e-4", *chosen) == 0

    expected = replay(RunRecord(SMALL, SMALL, tuple(run.interventions)), start)
    expected.change(lr_d=5e-4)
    for _ in range(10):
        expected.step()
    theirs, _ = state_of(load_trainer(Path("more/checkpoint.safetensors")))
    ours, _ = state_of(expected)
    assert theirs.keys() == ours.keys()
    assert all(torch.equal(theirs[name], ours[name]) for name in ours)
    record = run_folder.read(Path("more"))
    assert record.initial_experiment == SMALL
    assert record.interventions == (*run.interventions, Intervention(start, "change", {"lr_d": 5e-4}))
    with Path("more/history.csv").open() as file:
        assert len(list(csv.DictReader(file))) == start + 10, "from the first iteration on"
    stored = store.run("abcdef")
    assert stored is not None
    assert stored.iteration == 20, "what the app has stored stays as it is"


def test_without_a_number_it_goes_on_to_its_end(store: Store) -> None:
    run = saved(store, "abcdef")
    run.experiment = run.experiment.changed(max_steps=25)
    save(store, run)
    assert go_on("--from", "abcdef") == 0
    assert load_trainer(Path("results/run-abcdef/checkpoint.safetensors")).iteration == 25


def test_a_folder_goes_on_beside_itself_also_without_its_table(store: Store) -> None:
    Path("small.json").write_text(SMALL.to_json())
    assert go_on("small.json", "--steps", "4") == 0
    Path("results/small/history.csv").unlink()
    assert go_on("--from", "results/small", "--steps", "2") == 0
    with Path("results/small-2/history.csv").open() as file:
        losses = [row["loss_d"] for row in csv.DictReader(file)]
    assert losses[:4] == ["nan"] * 4 and "nan" not in losses[4:] and len(losses) == 6
    assert go_on("--from", "results/small", "--best") == 2


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--from", "xyz"], "xyz is neither the beginning of the id of a stored run"),
        (["--from", "ab"], "The ids of 2 runs begin with ab (abde, abcd): type more of the id"),
        (["--from", "abcd", "--steps", "0"], "a whole number from 1 on"),
        (["--from", "abcd", "--steps", "many"], "a whole number from 1 on"),
        (["--from", "abcd", "--steps", "10000000"], "from 0 to 10,000,000"),
        (["--from", "abcd", "--set", "max_steps=5000"], "give the number of further iterations with --steps"),
        (["--from", "abcd", "--seed", "3"], "seed can't change while it trains"),
        (["--from", "abcd", "--best"], "leave --best out"),
        (["--from", "abcd", "--grids"], "these data are points"),
        (["--from", "abde"], "was ended with Stop"),
    ],
)
def test_what_it_can_not_do_is_said(
    arguments: list[str], said: str, store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    saved(store, "abcd", iterations=1)
    stopped = saved(store, "abde", iterations=1)
    stopped.stop()
    assert stopped.state is State.STOPPED
    save(store, stopped)
    assert go_on(*arguments) == 2
    assert said in capsys.readouterr().err
    assert not list(Path().iterdir()), "nothing half-written is left behind"


@pytest.mark.parametrize("change", [[], ["--set", "lr_g=1e-4"]])
def test_damaged_weights_are_said(change: list[str], store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    saved(store, "abcdef", iterations=1)
    next(store.folder.glob("*.safetensors")).write_bytes(b"noise")
    assert go_on("--from", "abcdef", *change) == 2
    assert "The weights of this run can't be read" in capsys.readouterr().err


def test_from_its_best_it_is_named_after_the_run_that_was_stored(store: Store) -> None:
    saved(store, "abcdef", best_at=1, iterations=2)
    assert go_on("--from", "abc", "--best", "--steps", "1") == 0
    assert Path("results/run-abcdef/checkpoint.safetensors").is_file()


def test_a_vae_is_listed_as_one(store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    run = Run(SMALL.changed(model="vae"))
    run.step()
    run.obey()
    save(store, run)
    main(["runs"])
    assert ", VAE" in capsys.readouterr().out

"""Runs that outlive the app: saved as they go, found again, and gone on with to the same bits."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch

from ganlab.experiment import Experiment
from ganlab.metrics.modes import Coverage
from ganlab.runs import Lab, Run, RunRecord, State, replay
from ganlab.runs import lab as lab_module
from ganlab.runs.directions import KeptDirection
from ganlab.runs.keeping import writer
from ganlab.runs.keeping.keeper import Keeper
from ganlab.runs.keeping.store import Store
from ganlab.training.checkpoint import state_of
from ganlab.training.trainer import Trainer
from ganlab.views import Probes
from tests.patience import PATIENCE

SMALL = Experiment.of(g_width=16, d_width=16, batch_size=32, latent_dim=4, ema_decay=0.9)
DIGITS = SMALL.changed(data="digits", generator="dcgan", discriminator="dcgan", g_channels=4, d_channels=4)
WILD = SMALL.changed(loss="wasserstein", optimizer_d="sgd", optimizer_g="sgd", lr_d=10.0, lr_g=10.0)


def until(condition: Callable[[], bool]) -> None:
    deadline, tick = time.monotonic() + PATIENCE, threading.Event()
    while not condition():
        assert time.monotonic() < deadline, "it never happened"
        tick.wait(0.005)


def opened(folder: Path, save_seconds: float = 30.0) -> Lab:
    return Lab(keeper=Keeper(Store(folder), save_seconds))


def trained_to(run: Run, iterations: int) -> None:
    done = run.ask(lambda trainer: trainer.iteration).result(PATIENCE)
    for _ in range(iterations - done):
        run.step()
    until(lambda: run.iteration == iterations)


def found(lab: Lab, run_id: str) -> Run:
    run = lab.find(run_id)
    assert run is not None
    return run


def state(run: Run) -> tuple[dict[str, torch.Tensor], dict]:
    return run.ask(state_of).result(PATIENCE)


@pytest.mark.parametrize(
    "experiment",
    [
        SMALL,
        DIGITS.changed(schedule_g="cosine", augment="adaptive"),
        DIGITS.changed(model="vae", generator="mlp", discriminator="mlp"),
        DIGITS.changed(condition="concat", info_continuous=1),
    ],
)
def test_a_run_goes_on_to_the_same_bits_after_the_app_was_closed(experiment: Experiment, tmp_path: Path) -> None:
    with Lab() as lab:
        unbroken = lab.create(experiment)
        trained_to(unbroken, 3)
        unbroken.change(lr_g=0.05)
        unbroken.step_d()
        trained_to(unbroken, 8)
        bits, rows = state(unbroken), unbroken.history.rows().copy()
    with opened(tmp_path) as lab:
        run = lab.create(experiment)
        trained_to(run, 3)
        run.change(lr_g=0.05)
        run.step_d()
        trained_to(run, 5)
        run.rename("mine")
    with opened(tmp_path) as lab:
        again = found(lab, run.id)
        assert again is not run and again is found(lab, run.id)
        assert (again.name, again.state, again.iteration) == ("mine", State.PAUSED, 5)
        assert again.initial_experiment == experiment and again.experiment == experiment.changed(lr_g=0.05)
        assert again.interventions == unbroken.interventions
        trained_to(again, 8)
        tensors, plain = state(again)
        assert tensors.keys() == bits[0].keys()
        assert all(torch.equal(tensors[name], bits[0][name]) for name in tensors)
        assert plain == bits[1]
        assert np.array_equal(again.history.rows(), rows, equal_nan=True)
        assert again.interventions == unbroken.interventions


def test_a_run_is_saved_while_it_trains_and_says_so_when_the_app_broke_off(tmp_path: Path) -> None:
    with opened(tmp_path, save_seconds=0.0) as lab:
        run = lab.create(SMALL)
        run.play()
        store = Store(tmp_path)
        until(lambda: bool(store.runs()))
        seen = store.runs()[0].iteration
        until(lambda: store.runs()[0].iteration > seen)
        assert store.runs()[0].state is State.RUNNING
        with opened(tmp_path) as other:  # as after a crash: nothing was closed
            again = found(other, run.id)
            assert again.state is State.PAUSED
            assert again.message is not None and "was closed while this run trained" in again.message


@pytest.mark.parametrize("end", [State.PAUSED, State.FINISHED, State.FAILED, State.STOPPED])
def test_a_run_is_saved_as_soon_as_it_comes_to_rest(end: State, tmp_path: Path) -> None:
    with opened(tmp_path) as lab:
        run = lab.create({State.FAILED: WILD, State.FINISHED: SMALL.changed(max_steps=20)}.get(end, SMALL))
        run.play()
        until(lambda: run.iteration > 10 or run.state is end)
        if end is State.PAUSED:
            run.pause()
        if end is State.STOPPED:
            run.stop()
        store = Store(tmp_path)
        until(lambda: any(entry.state is end for entry in store.runs()))
    with opened(tmp_path) as lab:
        again = found(lab, run.id)
        assert (again.state, again.message, again.iteration) == (end, run.message, run.iteration)
        again.ask(state_of).result(PATIENCE)
        assert np.array_equal(again.history.rows(), run.history.rows(), equal_nan=True)


def test_the_best_weights_are_found_again_and_gone_on_with(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    captured = {1: 2, 2: 3, 3: 7, 4: 5, 5: 4, 6: 6}

    def coverage(probes: Probes) -> Coverage:
        found = captured[probes._inputs.trainer.iteration]
        return Coverage(found, 1, found, 8, 0.9, 0.0, np.zeros(8, np.int64))

    monkeypatch.setattr(Probes, "coverage", coverage)
    with opened(tmp_path) as lab:
        run = lab.create(SMALL)
        trained_to(run, 3)
        until(lambda: [entry.iteration for entry in Store(tmp_path).runs()] == [3])
        trained_to(run, 5)
    alone = Trainer(SMALL)
    for _ in range(3):
        alone.step()
    with opened(tmp_path) as lab:
        trained_to(found(lab, run.id), 6)
        best = lab.find_best(run.id)
        assert best is not None and best.id != run.id
        assert (best.iteration, best.state) == (3, State.PAUSED)
        tensors, _ = state(best)
        assert all(torch.equal(tensors[name], value) for name, value in state_of(alone)[0].items())
        assert len(best.history) == 3
    last = Store(tmp_path).run(run.id)
    assert last is not None and last.best is not None
    assert (last.iteration, last.best.iteration, last.best.captured) == (6, 3, 7)


def test_a_fork_remembers_what_it_went_on_from(tmp_path: Path) -> None:
    with opened(tmp_path) as lab:
        parent = lab.create(SMALL)
        trained_to(parent, 3)
        fork = lab.fork(parent, loss="hinge", d_width=8)
        trained_to(fork, 5)
        fork.keep_direction(KeptDirection(name="smile", vector=[1.0, 0.0, 0.0, 0.0], iteration=5))
        assert fork.origin is not None
        sentence = fork.origin.sentence
    for iterations in (6, 7):  # the second time it is saved by what was brought back
        with opened(tmp_path) as lab:
            again = found(lab, fork.id)
            trained_to(again, iterations)
            assert again.origin is not None
            begun = again.origin.checkpoint
            assert (again.origin.run, again.origin.sentence) == (parent.id, sentence)
            assert begun is not None and again.origin.iteration == begun.iteration == len(begun.history) == 3
            assert again.directions == fork.directions
            bits, record = state(again)[0], again.record().result(PATIENCE)
    replayed = replay(record)
    assert all(torch.equal(bits[name], value) for name, value in state_of(replayed)[0].items())
    assert len(list(tmp_path.glob("*.safetensors"))) == len(Store(tmp_path).runs()) + 3  # a best of each, an origin


def test_an_untrained_run_is_not_kept(tmp_path: Path) -> None:
    with opened(tmp_path) as lab:
        run = lab.create(SMALL)
        state(run)
    with opened(tmp_path) as lab:
        assert lab.find(run.id) is None
        assert Store(tmp_path).runs() == []


def test_a_run_that_makes_room_is_found_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lab_module, "MOST_RUNS", 1)
    with opened(tmp_path) as lab:
        first = lab.create(SMALL)
        trained_to(first, 3)
        second = lab.create(SMALL)
        assert lab.get(first.id) is None
        trained_to(second, 2)
        assert found(lab, first.id).iteration == 3
        assert lab.get(second.id) is None


def test_a_reset_run_is_kept_as_it_is_now(tmp_path: Path) -> None:
    with opened(tmp_path) as lab:
        run = lab.create(SMALL)
        trained_to(run, 6)
        run.reset()
        until(lambda: run.iteration == 0)
        trained_to(run, 2)
    with opened(tmp_path) as lab:
        again = found(lab, run.id)
        state(again)
        assert np.array_equal(again.history.rows(), run.history.rows())


def test_a_full_disk_is_said_once_and_holds_nothing_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = Store(tmp_path)
    keeper = Keeper(store, save_seconds=0.0)
    with Lab(keeper=keeper) as lab:
        run = lab.create(SMALL)
        trained_to(run, 2)
        until(lambda: [entry.iteration for entry in store.runs()] == [2])

        def full(*_: object) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr("ganlab.runs.keeping.checkpoint_file.write", full)
        run.play()
        until(lambda: keeper.trouble is not None)
        assert "No space left on device" in str(keeper.trouble) and str(tmp_path) in str(keeper.trouble)
        seen = run.iteration
        until(lambda: run.iteration > seen + 10)
        assert store.runs()[0].iteration == 2
        monkeypatch.undo()
        until(lambda: keeper.trouble is None)
        assert store.runs()[0].iteration > seen


def refuse(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Let the disk take nothing from now on; returns the runs that were tried."""
    tried: list[str] = []

    def full(_store: Store, record: RunRecord, *_: object) -> None:
        tried.append(record.id)
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Store, "save", full)
    return tried


def test_what_could_not_be_saved_is_tried_again_even_at_rest_and_less_and_less_often(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer, "FIRST_RETRY_SECONDS", 0.05)
    tried = refuse(monkeypatch)
    store = Store(tmp_path)
    with Lab(keeper=Keeper(store)) as lab:
        runs = [lab.create(SMALL) for _ in range(3)]
        started = time.monotonic()
        for run in runs:
            trained_to(run, 2)
        until(lambda: len(tried) >= 6)
        spent = time.monotonic() - started
        assert len(tried) <= 2 + np.log2(1 + spent / 0.05), "each pause is twice as long as the one before"
        monkeypatch.undo()
        until(lambda: {run.id for run in store.runs()} == {run.id for run in runs})
        assert lab.keeper is not None and lab.keeper.trouble is None


def test_a_run_that_made_room_while_the_disk_was_full_is_still_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lab_module, "MOST_RUNS", 1)
    tried = refuse(monkeypatch)
    with opened(tmp_path) as lab:
        run = lab.create(SMALL)
        trained_to(run, 3)
        until(lambda: bool(tried))
        trained_to(lab.create(SMALL), 1)
        again = found(lab, run.id)
        assert again is not run
        trained_to(again, 4)
        monkeypatch.undo()
    assert {stored.iteration for stored in Store(tmp_path).runs()} == {1, 4}


def test_a_run_is_saved_with_its_first_iteration(tmp_path: Path) -> None:
    with opened(tmp_path, save_seconds=1e9) as lab:
        run = lab.create(SMALL)
        run.play()
        store = Store(tmp_path)
        until(lambda: bool(store.runs()))


def test_of_two_processes_on_one_run_both_results_are_kept(tmp_path: Path) -> None:
    with opened(tmp_path) as lab:
        run = lab.create(SMALL)
        trained_to(run, 3)
    with opened(tmp_path) as first, opened(tmp_path) as second:
        mine, theirs = found(first, run.id), found(second, run.id)
        for run in (mine, theirs):
            state(run)
        trained_to(mine, 6)
        until(lambda: [stored.iteration for stored in Store(tmp_path).runs()] == [6])
        trained_to(theirs, 5)
        until(lambda: "Another GanLab has trained this run further" in str(theirs.message))
        until(lambda: {stored.iteration for stored in Store(tmp_path).runs()} == {5, 6})
        assert mine.message is None
        trained_to(theirs, 7)
        trained_to(mine, 8)
    runs = {stored.iteration: stored for stored in Store(tmp_path).runs()}
    assert runs.keys() == {7, 8}
    assert runs[8].id == run.id
    record = Store(tmp_path).record(runs[7].id)
    assert record.checkpoint is not None and len(record.checkpoint.history) == 7


def test_a_checkpoint_from_before_there_were_more_sources_of_chance_goes_on(tmp_path: Path) -> None:
    with opened(tmp_path) as lab:
        run = lab.create(SMALL)
        trained_to(run, 4)
    record = Store(tmp_path).record(run.id)
    assert record.checkpoint is not None
    del record.checkpoint.tensors["chance.networks"], record.checkpoint.plain["experiment"]["ema_decay"]
    with Lab() as lab:
        other = Run.restored(record, lambda: record)
        other.obey()
        other.step()
        other.obey()
        assert (other.state, other.iteration) == (State.PAUSED, 5), other.message


def test_a_run_of_another_construction_is_left_alone_with_a_sentence(tmp_path: Path) -> None:
    with opened(tmp_path) as lab:
        run = lab.create(SMALL)
        trained_to(run, 4)
    record = Store(tmp_path).record(run.id)
    assert record.checkpoint is not None
    record.checkpoint.tensors["generator.new_layer.weight"] = torch.zeros(3)
    other = Run.restored(record, lambda: record)
    other.step()
    other.obey()
    assert other.state is State.FAILED
    assert "saved by another version of GanLab" in str(other.message)
    assert other.recorded() is None

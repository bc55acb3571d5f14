"""What pages may ask of a run, on each kind of host: the same commands, answers and bits wherever it trains."""

from __future__ import annotations

import json
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from ganlab.experiment import Experiment, ExperimentError
from ganlab.experiment.sentence import from_plain
from ganlab.export.trained_run import trained_run
from ganlab.hosts.remote_sweep import RemoteSweep
from ganlab.runs import Axis, Plan, Run, State, replay
from ganlab.runs.directions import KeptDirection
from ganlab.runs.gate import OPEN, Gate
from ganlab.runs.sweeps.wall import SweepEngine
from ganlab.runs.trained.starts import trained_start, trained_starts
from ganlab.training.build import build_trainer
from ganlab.training.trainer import Trainer
from ganlab.views import VIEWS
from ganlab.views.questions import read_question
from tests.hosts.stage import (
    DIGITS,
    PATIENCE,
    SMALL,
    Stage,
    assert_same_bits,
    assert_same_looks,
    record_of,
    trained_to,
    tried_here,
    until,
)
from tests.live.decoding import decode
from tests.views.test_questions import questions

WILD = SMALL.changed(loss="wasserstein", optimizer_d="sgd", optimizer_g="sgd", lr_d=10.0, lr_g=10.0)


def after(experiment: Experiment, steps: int) -> Trainer:
    trainer = build_trainer(experiment)
    torch.set_num_threads(trainer.threads)
    for _ in range(steps):
        trainer.step()
    return trainer


@pytest.mark.parametrize("experiment", [SMALL, DIGITS], ids=["points", "images"])
def test_a_run_trains_to_the_bits_of_a_plain_loop(stage: Stage, experiment: Experiment) -> None:
    run = trained_to(stage.lab.create(experiment), 30)
    assert (run.state, run.message) == (State.PAUSED, "here")
    record = record_of(run)
    assert_same_bits(record, after(experiment, 30))
    assert record.checkpoint is not None
    assert record.checkpoint.history.shape == (30, 7)
    assert np.isfinite(record.checkpoint.history).all()


def test_steps_changes_and_a_traced_step_replay_to_the_same_bits(stage: Stage) -> None:
    run = trained_to(stage.lab.create(SMALL), 10)
    run.change(lr_g=3e-4, loss="hinge")
    run.step()
    run.step_d()
    run.step_g()
    traced = run.trace().result(PATIENCE)
    happened = decode(traced) if isinstance(traced, bytes) else traced
    assert (happened["iteration"], happened["batch"]) == (14, 16)
    until(lambda: run.iteration == 14)
    record = record_of(run)
    kinds = [(each.iteration, each.kind) for each in record.interventions]
    assert kinds == [(10, "change"), (11, "step_d"), (12, "step_g")]
    assert_same_bits(record, replay(record))
    expected = after(SMALL, 10)
    expected.change(lr_g=3e-4, loss="hinge")
    for step in (expected.step, expected.step_d, expected.step_g, expected.step):
        step()
    assert_same_bits(record, expected)


def test_a_command_is_seen_at_once_and_stays(stage: Stage) -> None:
    run = stage.lab.create(SMALL)
    run.play()
    assert run.state is State.RUNNING
    until(lambda: run.iteration > 20 and run.rate > 0)
    run.pause("for a moment")
    assert (run.state, run.message, run.rate) == (State.PAUSED, "for a moment", 0)
    at = record_of(run).iteration
    until(lambda: run.iteration == at)
    assert (run.state, run.message) == (State.PAUSED, "for a moment")
    run.stop()
    assert run.state is State.STOPPED
    run.play()
    assert run.state is State.STOPPED
    with pytest.raises(ExperimentError, match="over"):
        run.trace()


def test_a_reset_begins_again_and_cancels_what_waits(stage: Stage) -> None:
    run = trained_to(stage.lab.create(SMALL), 10)
    run.change(lr_g=5e-4)
    run.reset()
    assert (run.state, run.build) == (State.READY, 1)
    until(lambda: run.iteration == 0)
    record = record_of(trained_to(run, 10))
    assert record.initial_experiment == SMALL.changed(lr_g=5e-4)
    assert record.interventions == ()
    assert_same_bits(record, after(SMALL.changed(lr_g=5e-4), 10))


def test_its_end_and_its_failure_are_said(stage: Stage) -> None:
    run = stage.lab.create(SMALL.changed(max_steps=5))
    run.play()
    until(lambda: run.state is State.FINISHED)
    assert run.message == "All 5 iterations are done."
    wild = stage.lab.create(WILD)
    wild.play()
    until(lambda: wild.state is State.FAILED)
    assert wild.message is not None
    assert "Try smaller learning rates" in wild.message
    wild.reset()
    assert wild.state is State.READY


def test_a_value_that_is_not_allowed_is_refused_at_once(stage: Stage) -> None:
    run = stage.lab.create(SMALL)
    with pytest.raises(ExperimentError, match="can't change while it trains"):
        run.change(g_width=16)
    with pytest.raises(ExperimentError):
        run.change(lr_g=-1.0)
    assert run.experiment == SMALL


@pytest.mark.parametrize("experiment", [SMALL, DIGITS], ids=["points", "images"])
def test_every_question_gets_the_answer_of_the_same_networks(stage: Stage, experiment: Experiment) -> None:
    run, trainer = trained_to(stage.lab.create(experiment), 3), after(experiment, 3)
    for asked in questions(experiment):
        question = read_question(json.dumps(asked).encode())
        try:
            question.prepare(experiment)
            expected = question.answer(trainer)
        except ValueError as error:
            with pytest.raises(ValueError, match=str(error)[:20]):
                run.reply_to(question).result(PATIENCE)
            continue
        answer = run.reply_to(question).result(PATIENCE)
        answer = decode(answer) if isinstance(answer, bytes) else answer
        for name, value in expected.items():
            if isinstance(value, np.ndarray) and value.dtype.kind in "fiu":
                np.testing.assert_array_equal(np.asarray(answer[name], value.dtype), value, err_msg=asked["ask"])


def test_a_question_about_a_run_that_is_reset_is_cancelled_or_answered_by_the_old_networks(stage: Stage) -> None:
    run = trained_to(stage.lab.create(SMALL), 3)
    asked = [run.record() for _ in range(5)]
    run.reset()
    for each in asked:
        until(each.done)
        assert each.cancelled() or each.result().iteration == 3


def test_a_fork_goes_on_with_other_settings_and_the_original_as_it_was(stage: Stage) -> None:
    original = trained_to(stage.lab.create(SMALL), 20)
    original.keep_direction(KeptDirection(name="left", vector=[1.0, 0.0]))
    same, other = stage.lab.fork(original), stage.lab.fork(original, lr_d=5e-4, d_width=16)
    for child in (same, other):
        assert child.state is State.PAUSED
        trained_to(child, 25)
        assert child.origin is not None
        assert (child.origin.run, child.origin.iteration) == (original.id, 20)
        assert "left" in child.directions
    assert_same_bits(record_of(same), after(SMALL, 25))
    record = record_of(other)
    assert record.origin is not None
    assert "New: the discriminator" in record.origin.sentence
    assert_same_bits(record, replay(record))
    grandchild = stage.lab.fork(stage.lab.fork(original))
    assert_same_bits(record_of(trained_to(grandchild, 22)), after(SMALL, 22))
    assert_same_bits(record_of(original), after(SMALL, 20))


def test_a_preset_that_comes_trained_goes_on(stage: Stage) -> None:
    name = next(iter(trained_starts()))
    run, begun = stage.lab.open_trained(name), trained_start(name)
    assert (run.state, run.iteration) == (State.PAUSED, begun.iteration)
    record = record_of(trained_to(run, begun.iteration + 2))
    assert record.origin is not None
    assert record.origin.shipped
    assert run.origin is not None
    assert run.origin.before_the_curves is not None
    assert_same_bits(record, replay(record))


def test_a_wall_trains_to_the_same_bits_and_its_members_go_on_from_there(stage: Stage) -> None:
    plan = Plan(SMALL.changed(max_steps=10), Axis("lr_d", (1e-3, 2e-3)), Axis("seed", (0, 1)))
    wall = stage.lab.create_sweep(plan)
    stage.viewer.views[wall.id] = frozenset({"wall"})
    stage.lab.refresh(wall.id)
    until(lambda: bool(stage.viewer.seen.get(wall.id)))
    wall.play()
    assert wall.state is State.RUNNING
    until(lambda: wall.state is State.FINISHED)
    assert (wall.iteration, wall.message, wall.broken) == (10, "All 10 iterations are done.", {})
    here = SweepEngine(plan.experiments)
    while here.iteration < 10:
        here.step()
    until(lambda: stage.viewer.seen[wall.id][-1]["state"] == "finished")
    shown = stage.viewer.seen[wall.id][-1]
    assert (shown["iteration"], shown["broken"]) == (10, {})
    np.testing.assert_array_equal(shown["views"]["wall"]["measures"]["loss_g"], here.view()["measures"]["loss_g"])
    record = record_of(stage.lab.open_member(wall, 2))
    assert (record.iteration, record.experiment) == (10, plan.experiments[2])
    assert record.origin is not None
    assert record.origin.wall
    assert record.checkpoint is not None
    expected = here.checkpoint(2).tensors
    assert all(torch.equal(value, record.checkpoint.tensors[name]) for name, value in expected.items())
    stage.lab.remove(wall.id)
    assert stage.lab.sweep(wall.id) is None


def test_families_of_a_wall_train_wherever_there_is_room_to_the_same_bits_and_keep_pace(stage: Stage) -> None:
    """Widths that differ make four families, of two members each."""
    plan = Plan(SMALL.changed(max_steps=150), Axis("g_width", (8, 12, 16, 24)), Axis("lr_d", (1e-3, 2e-3)))
    wall = stage.lab.create_sweep(plan)
    stage.viewer.views[wall.id] = frozenset({"wall"})
    stage.lab.refresh(wall.id)
    if isinstance(wall, RemoteSweep):
        until(lambda: len(wall.workers) == 2)
    wall.play()
    until(lambda: wall.iteration > 20)
    wall.pause()  # in time, as a rule

    def apart() -> int:
        taken = [wall.checkpoint(member).result(PATIENCE).iteration for member in range(8)]
        return max(taken) - min(taken)

    until(lambda: apart() <= 1)
    wall.play()
    until(lambda: wall.state is State.FINISHED)
    assert (wall.iteration, wall.message, wall.broken) == (150, "All 150 iterations are done.", {})
    here = SweepEngine(plan.experiments)
    while here.iteration < 150:
        here.step()
    measures = here.view()["measures"]

    def is_shown() -> bool:  # the frame of a part may come before the last one of another
        frame = stage.viewer.seen[wall.id][-1]
        shown = frame["views"].get("wall", {"measures": {}, "points": ()})
        same = (
            np.array_equal(shown["measures"].get(name, ()), values, equal_nan=True) for name, values in measures.items()
        )
        return frame["state"] == "finished" and len(shown["points"]) == 8 and all(same)

    until(is_shown)
    for member in (1, 6):
        expected, taken = here.checkpoint(member).tensors, wall.checkpoint(member).result(PATIENCE).tensors
        assert all(torch.equal(value, taken[name]) for name, value in expected.items())
    stage.lab.remove(wall.id)


def test_a_wall_says_which_of_its_members_broke(stage: Stage) -> None:
    wild = SMALL.changed(optimizer_d="sgd", loss="least_squares")
    wall = stage.lab.create_sweep(Plan(wild, Axis("lr_d", (0.001, 10.0))))
    wall.play()
    until(lambda: 1 in wall.broken)
    wall.pause()
    assert wall.state is State.PAUSED
    assert "became infinite or NaN" in wall.broken[1]
    again = stage.lab.open_member(wall, 1)
    assert (again.state, again.iteration) == (State.READY, 0)
    stage.lab.remove(wall.id)


def test_a_trial_compares_a_remedy_with_its_twin_from_one_moment(stage: Stage) -> None:
    parent = trained_to(stage.lab.create(SMALL), 20)
    twin = stage.lab.begin_trial(parent)
    remedied = stage.lab.try_remedy(twin, packing=2)
    remedied.rename("Packing")
    stage.look(remedied, "trial")

    def shown() -> dict[str, Any]:
        return stage.frames(remedied)[-1]["views"]["trial"] if remedied.looks else {}

    remedied.train_to(100)
    until(lambda: remedied.state is State.PAUSED and remedied.since == 100)
    assert shown().get("at", 0) == 0
    twin.train_to(100)  # which the remedy must hear of, though it holds still
    until(lambda: shown().get("at") == 100)
    assert_same_bits(record_of(twin), after(SMALL, 120))
    for run, experiment in ((twin, SMALL), (remedied, SMALL.changed(packing=2))):
        assert (run.state, run.since) == (State.PAUSED, 100)
        assert_same_looks(run.looks, tried_here(record_of(parent), experiment, 100).looks)
    assert from_plain(shown()["headline"]) == "Not yet decided."
    np.testing.assert_array_equal(shown()["twin_good"], [twin.looks[at].good.astype("f4") for at in (0, 50, 100)])
    assert "100 more iterations, 5 pairs" in from_plain(shown()["evidence"])
    assert "with Packing;" in from_plain(shown()["evidence"])
    remedied.change(lr_g=1e-5)
    until(lambda: shown().get("changed", False))


def test_frames_show_what_is_watched_and_nothing_else(stage: Stage) -> None:
    run = stage.lab.create(SMALL)
    stage.look(run, "losses", "plane")
    until(lambda: bool(stage.frames(run)))
    first = stage.frames(run)[0]
    assert first["views"].keys() == {"losses", "plane"}
    assert (first["state"], first["iteration"], first["build"]) == ("ready", 0, 0)
    run.play()
    until(lambda: len(stage.frames(run)) > 5)
    stage.look(run)
    run.pause()
    until(lambda: run.state is State.PAUSED)
    at = record_of(run).iteration
    stage.look(run, *VIEWS)
    until(lambda: stage.frames(run)[-1]["iteration"] == at and len(stage.frames(run)[-1]["views"]) > 5)
    assert stage.frames(run)[-1]["state"] == "paused"
    for build in range(1, 6):  # a frame may be on its way when a run is reset
        run.play()
        shown = len(stage.frames(run))
        until(lambda shown=shown: len(stage.frames(run)) > shown)
        run.reset()
        until(lambda build=build: stage.frames(run)[-1]["build"] == build)
    run.set_view(interpolation="lerp")
    shown = len(stage.frames(run))
    until(lambda: len(stage.frames(run)) > shown)
    stage.look(run)


def test_an_export_holds_the_networks_of_its_iteration(stage: Stage) -> None:
    run = trained_to(stage.lab.create(SMALL), 8)
    taken, trainer = trained_run(record_of(run)), after(SMALL, 8)
    z = torch.randn(5, 2, generator=torch.Generator().manual_seed(1))
    with torch.no_grad():
        assert torch.equal(taken.generator(z), trainer.shown.eval()(z))
    assert len(taken.history) == taken.iteration == 8


def test_a_run_is_stored_and_comes_back_as_it_was(stage: Stage) -> None:
    run = trained_to(stage.lab.create(SMALL), 12)
    run.rename("mine")
    run.pick(((0.5, -1.0),))

    def is_stored() -> bool:
        stored = stage.store.run(run.id)
        return stored is not None and (stored.iteration, stored.name, stored.record.picks) == (12, "mine", run.picks)

    until(is_stored)
    written = stage.store.record(run.id)
    assert_same_bits(written, after(SMALL, 12))
    assert written.checkpoint is not None
    assert len(written.checkpoint.history) == 12


def test_a_stored_run_goes_on_to_the_same_bits(stage: Stage, tmp_path: Path) -> None:
    """Stored by a thread, it goes on wherever it is found."""
    before = Stage("thread", tmp_path)
    run = trained_to(before.lab.create(SMALL), 12)
    run.change(lr_g=5e-4)
    trained_to(run, 15)
    before.lab.close()
    assert before.store.run(run.id) is not None
    record = before.store.record(run.id)

    restored = stage.lab.bring_back(record)
    assert (restored.id, restored.state, restored.iteration) == (run.id, State.PAUSED, 15)
    assert_same_bits(record_of(trained_to(restored, 20)), replay(replace(record, iteration=20)))


def test_one_that_must_make_room_is_saved_first_and_found_again(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    run = trained_to(stage.lab.create(SMALL), 6)
    for other in stage.lab.runs():
        if other is not run:
            stage.lab.remove(other.id)
    monkeypatch.setattr("ganlab.runs.lab.MOST_RUNS", 1)
    monkeypatch.setattr("ganlab.runs.lab.MOST_RUNNING", 0)  # so many more for each further worker
    monkeypatch.setattr(stage.viewer, "present", lambda _: False)
    stage.lab.create(SMALL)
    assert stage.lab.get(run.id) is None
    again: list[Run | None] = []
    threading.Thread(target=lambda: again.append(stage.lab.find(run.id))).start()
    until(lambda: bool(again))
    monkeypatch.undo()
    assert again[0] is not None
    assert_same_bits(record_of(again[0]), after(SMALL, 6))


def test_nobody_asks_a_removed_run_in_vain(stage: Stage) -> None:
    run = trained_to(stage.lab.create(SMALL), 2)
    stage.lab.remove(run.id)
    assert stage.lab.get(run.id) is None
    answer: Any = run.record()
    until(answer.done)
    assert answer.cancelled()


def test_a_closed_gate_holds_runs_without_pausing_them_and_the_bits_stay_the_same(stage: Stage) -> None:
    held, free = stage.lab.create(SMALL), stage.lab.create(SMALL)
    stage.look(held, "losses")
    held.play()
    until(lambda: held.iteration > 0)
    stage.lab.set_gate(Gate(closed=True, open_to=frozenset({free.id})))
    trained_to(free, 30)  # which takes many turns
    until(lambda: bool(stage.frames(held)) and stage.frames(held)[-1]["held"])
    at = held.iteration
    trained_to(free, 60)
    assert (held.state, held.iteration, held.rate) == (State.RUNNING, at, 0.0)
    for step in (held.step, held.step_d, held.step_g, held.trace):
        with pytest.raises(ExperimentError, match="has paused the class"):
            step()
    free.step()
    until(lambda: free.iteration == 61)
    stage.lab.set_gate(OPEN)
    until(lambda: held.iteration > at)
    held.pause()
    record = record_of(held)
    assert_same_bits(record, after(SMALL, record.iteration))

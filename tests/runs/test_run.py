"""One run's states, commands and record, without a background thread: the test takes the turns itself."""

import math
import re
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from typing import Any

import numpy as np
import pytest
import torch

from ganlab.experiment import Experiment, ExperimentError
from ganlab.presets.collapse import BLOBS
from ganlab.runs import Rest, Run, State, replay
from ganlab.runs.audience import Nobody
from ganlab.runs.pace import ShowingBudget
from ganlab.runs.snapshot import changes_of
from ganlab.runs.state import Intervention
from ganlab.training.trainer import Trainer
from ganlab.views import classes, quality

SMALL = Experiment.of(g_width=16, d_width=16, batch_size=32, latent_dim=4)


def train(run: Run, iterations: int) -> None:
    """Play until at least so many iterations are done, then pause."""
    run.play()
    while run.state is State.RUNNING and run.iteration < iterations:
        run.obey()
        run.turn(0.0)
    run.pause()
    run.obey()


def asked(run: Run, question: Callable[[Trainer], Any]) -> Any:
    answer = run.ask(question)
    run.obey()
    return answer.result(timeout=0)


def weights(run: Run) -> torch.Tensor:
    return asked(run, lambda trainer: torch.cat([trainer.g.theta, trainer.d.theta]))


def test_the_way_through_the_states() -> None:
    run = Run(SMALL.changed(max_steps=30))
    assert (run.state, run.iteration) == (State.READY, 0)
    train(run, 10)
    assert (run.state, run.iteration) == (State.PAUSED, 10)
    train(run, 100)
    assert (run.state, run.iteration, run.message) == (State.FINISHED, 30, "All 30 iterations are done.")
    assert len(run.history) == 30
    run.stop()
    run.play()
    assert run.state is State.STOPPED
    run.reset()
    run.obey()
    assert (run.state, run.iteration, len(run.history), run.message) == (State.READY, 0, 0, None)


def test_it_pauses_by_itself_where_it_was_told_to_and_goes_on_when_played_again() -> None:
    run = Run(SMALL)
    run.play(Rest(5, "Look."))
    run.obey()
    run.turn(60.0)
    assert (run.state, run.iteration, run.message) == (State.PAUSED, 5, "Look.")
    train(run, 7)
    assert (run.iteration, run.message) == (7, None)


def test_it_holds_still_once_its_samples_sit_on_few_modes_and_says_what_it_saw() -> None:
    run = Run(BLOBS)
    run.play(Rest(2_000, "Too late.", once_collapsed=True))
    run.obey()
    while run.state is State.RUNNING:
        run.turn(60.0)
    seen = run._built().probes.coverage()
    assert seen is not None
    assert seen.collapsed
    assert 100 <= run.iteration < 2_000
    assert f"after {run.iteration} iterations, because the run has collapsed" in str(run.message)
    assert f"capture {seen.captured} of 3 modes" in str(run.message)


def test_pausing_and_changing_are_recorded_and_replay_to_the_same_bits() -> None:
    run = Run(SMALL)
    train(run, 7)
    run.step_d()
    run.obey()
    run.step_g()
    run.obey()
    run.change(lr_g=0.01, loss="hinge")
    train(run, 15)
    run.change(n_critic=2)
    run.change(n_critic=2)  # no change: no record
    train(run, 20)
    assert [(done.iteration, done.kind, done.values) for done in run.interventions] == [
        (7, "step_d", {}),
        (8, "step_g", {}),
        (9, "change", {"lr_g": 0.01, "loss": "hinge"}),
        (15, "change", {"n_critic": 2}),
    ]
    assert run.initial_experiment == SMALL
    run.change(history_weight=0.1, lecam_weight=0.1, unroll_steps=1, top_k=0.5)
    train(run, 23)
    run.change(consensus_weight=0.1, cosine_weight=1.0, dragan_weight=1.0)
    train(run, 25)
    asked = run.record()
    run.obey()
    again = replay(asked.result(timeout=0))
    assert again.iteration == run.iteration == 25
    assert torch.equal(torch.cat([again.g.theta, again.d.theta]), weights(run))


def test_a_step_pauses_and_reset_keeps_the_settings() -> None:
    run = Run(SMALL)
    run.step()
    run.obey()
    assert (run.state, run.iteration) == (State.PAUSED, 1)
    run.change(lr_d=0.02)
    run.obey()
    first = weights(run)
    run.reset()
    run.obey()
    assert run.experiment.lr_d == 0.02
    assert run.initial_experiment.lr_d == 0.02
    assert run.interventions == []
    run.step()
    run.obey()
    assert not torch.equal(first, weights(run))


@pytest.mark.parametrize(
    ("values", "says"),
    [({"lr_g": 99}, "Learning rate"), ({"g_width": 32}, "g_width can't change"), ({"nonsense": 1}, '"nonsense"')],
)
def test_a_change_that_cannot_be_is_refused_at_once(values: dict, says: str) -> None:
    run = Run(SMALL)
    with pytest.raises(ExperimentError, match=says):
        run.change(**values)
    assert run.experiment == SMALL


def test_divergence_ends_the_run_with_its_last_good_weights() -> None:
    run = Run(SMALL.changed(loss="least_squares", optimizer_g="sgd", optimizer_d="sgd", lr_g=10.0, lr_d=10.0))
    train(run, 10_000)
    assert run.state is State.FAILED
    assert run.message is not None
    assert "became" in run.message
    assert "smaller learning rates" in run.message
    first_bad = len(run.history)
    assert f"At iteration {first_bad:,}," in run.message
    assert np.isfinite(run.history.rows()[: first_bad - 1]).all()
    assert weights(run).isfinite().all()
    run.play()
    assert run.state is State.FAILED
    run.change(lr_g=1e-3, lr_d=1e-3, loss="non_saturating")
    run.reset()
    train(run, 5)
    assert (run.state, run.iteration) == (State.PAUSED, 5)


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (
            RuntimeError("sizes do not match\nat line 3"),
            "with RuntimeError: sizes do not match. The weights of iteration",
        ),
        (
            torch.OutOfMemoryError("CUDA out of memory"),
            r"Out of memory at iteration 4. .* smaller batch size \(it is 32 now\)",
        ),
        (RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried"), "Out of memory at iteration 4"),
    ],
)
def test_an_error_in_the_loop_ends_the_run_in_a_sentence(
    error: Exception, says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = Run(SMALL)
    train(run, 4)
    good = weights(run).clone()

    def failing(self: Trainer) -> None:
        self.g.theta.fill_(math.nan)
        raise error

    monkeypatch.setattr(Trainer, "step", failing)
    train(run, 5)
    assert run.state is State.FAILED
    assert run.message is not None
    assert re.search(says, run.message), run.message
    assert torch.equal(weights(run), good)


def test_a_traced_step_is_an_iteration_like_any_other_and_pauses() -> None:
    traced, plain = Run(SMALL), Run(SMALL)
    for run in (traced, plain):
        train(run, 3)
    answer = traced.trace()
    traced.obey()
    assert answer.result(timeout=0)["iteration"] == 4
    assert (traced.state, traced.iteration, len(traced.history)) == (State.PAUSED, 4, 4)
    assert traced.interventions == []  # replayed as an iteration
    plain.step()
    plain.obey()
    assert torch.equal(weights(traced), weights(plain))
    traced.stop()
    with pytest.raises(ExperimentError, match="This run is over"):
        traced.trace()


def test_an_error_in_a_traced_step_is_the_run_s_and_its_asker_s(monkeypatch: pytest.MonkeyPatch) -> None:
    run = Run(SMALL)
    train(run, 2)
    monkeypatch.setattr(Trainer, "_update_generator", lambda *_: 1 / 0)
    answer = run.trace()
    run.obey()
    assert run.state is State.FAILED
    assert isinstance(answer.exception(timeout=0), ZeroDivisionError)


def test_a_question_that_fails_harms_nobody() -> None:
    run = Run(SMALL)
    with pytest.raises(ZeroDivisionError):
        asked(run, lambda trainer: 1 / 0)
    assert run.state is State.READY


def test_weights_that_an_update_spoilt_are_not_kept() -> None:
    """Its scalars are measured before the update, so they may still be finite when the weights are not."""
    run = Run(SMALL.changed(loss="wasserstein", optimizer_g="sgd", optimizer_d="sgd", lr_g=10.0, lr_d=10.0, seed=1))
    while run.state is not State.FAILED:
        run.step()
        run.obey()
    assert weights(run).isfinite().all()


def test_a_reset_outlives_the_failure_of_what_it_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    run = Run(SMALL)

    def failing(self: Trainer) -> None:
        run.reset()
        raise RuntimeError("broken while it was reset")

    monkeypatch.setattr(Trainer, "step", failing)
    run.play()
    run.obey()
    run.turn(0.0)
    run.obey()
    assert (run.state, run.message) == (State.READY, None)


def test_no_answer_is_left_open() -> None:
    run = Run(SMALL)
    asked_before = run.ask(lambda trainer: 1)
    run.reset()
    assert asked_before.cancelled()
    waiting = run.ask(lambda trainer: 1)
    run.retire()
    assert waiting.cancelled()
    assert run.ask(lambda trainer: 1).cancelled()


def test_what_was_measured_before_an_error_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    run, real_step = Run(SMALL), Trainer.step

    def failing_at_20(self: Trainer) -> None:
        if self.iteration == 20:
            raise RuntimeError("broken")
        real_step(self)

    monkeypatch.setattr(Trainer, "step", failing_at_20)
    run.play()
    run.obey()
    while run.state is State.RUNNING:
        run.turn(1.0)
    assert len(run.history) == run.iteration == 20


def test_commands_from_many_threads_are_all_obeyed() -> None:
    run = Run(SMALL)
    threads = [threading.Thread(target=lambda: [run.step() for _ in range(20)]) for _ in range(8)]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        run.obey()
    run.obey()
    assert run.iteration == 160
    assert len(run.history) == 160


def test_ids_cannot_be_guessed_and_can_be_typed() -> None:
    ids = {Run(SMALL).id for _ in range(50)}
    assert len(ids) == 50
    assert all(re.fullmatch("[0-9a-f]{32}", run_id) for run_id in ids)


@pytest.mark.parametrize("device", ["cuda", "mps"])
def test_a_device_that_is_not_there_is_refused_before_anything_runs(
    device: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: False)
    with pytest.raises(ExperimentError, match=rf'is "{device}", but this machine has only: cpu'):
        Run(SMALL.changed(device=device))


class Viewer(Nobody):
    """Looks at what needs classifiers of the images, and counts how often it is shown."""

    def __init__(self) -> None:
        self.shown = 0

    def watched(self, run_id: str) -> frozenset[str]:
        return frozenset({"quality", "classes"})

    def publish(self, run_id: str, snapshot: Mapping[str, Any]) -> None:
        self.shown += 1


def test_at_rest_it_is_shown_again_when_each_thing_that_its_views_wait_for_is_there(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    comings: list[Future[Any]] = [Future(), Future()]
    monkeypatch.setattr(quality, "features_soon", lambda dataset: None)
    monkeypatch.setattr(quality, "in_training", lambda dataset: comings[0])
    monkeypatch.setattr(classes, "classifier_soon", lambda dataset: None)
    monkeypatch.setattr(classes, "in_training", lambda dataset: comings[1])
    viewer = Viewer()
    run = Run(SMALL.changed(data="digits"), viewer)
    asked(run, lambda trainer: None)
    for expected, coming in enumerate(comings, start=1):
        run.show(ShowingBudget())
        assert viewer.shown == expected
        coming.set_result(None)
        run.obey()
    run.show(ShowingBudget())
    run.show(ShowingBudget())
    assert viewer.shown == 3


def test_a_press_is_shown_at_once_whatever_other_runs_have_used_of_the_time_for_frames() -> None:
    viewer, budget = Viewer(), ShowingBudget()
    run = Run(SMALL, viewer)
    asked(run, lambda trainer: None)
    for held in (False, True, False):
        budget.spend(time.perf_counter(), 1000)
        run.held = held
        run.play()
        run.obey()
        before = viewer.shown
        run.show(budget)
        run.show(budget)
        assert viewer.shown == before + 1


def test_viewers_hear_when_which_settings_were_changed() -> None:
    done = [
        Intervention(3, "step_d"),
        Intervention(5, "change", {"lr_g": 0.1, "lr_d": 0.1}),
        Intervention(5, "change", {"loss": "hinge"}),
        Intervention(9, "change", {"lr_g": 0.2}),
    ]
    assert changes_of(done) == [(5, "Learning rate, Loss"), (9, "Learning rate")]

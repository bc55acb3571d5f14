"""Runs that take turns on the Lab's thread: fair, undisturbed by each other, and never waited for in vain."""

import threading
import time
from collections.abc import Callable, Mapping
from typing import Any

import pytest
import torch

from ganlab.experiment import Experiment, ExperimentError
from ganlab.runs import Lab, LabFull, Run, State, trainee
from ganlab.runs import lab as lab_module
from ganlab.runs.host import OwnThread
from ganlab.training.trainer import Trainer
from tests.patience import PATIENCE

SMALL = Experiment.of(g_width=16, d_width=16, batch_size=32, latent_dim=4)
LARGE = Experiment.of(g_width=256, d_width=256, batch_size=512)


class Watcher:
    """An audience that keeps what it is shown."""

    def __init__(self, *views: str) -> None:
        self.views = frozenset(views)
        self.open: set[str] = set()  # runs that a tab is on
        self.shown: list[Mapping[str, Any]] = []
        self.forgotten: list[str] = []
        self.news = threading.Condition()

    def watched(self, run_id: str) -> frozenset[str]:
        return self.views

    def present(self, run_id: str) -> bool:
        return run_id in self.open

    def publish(self, run_id: str, snapshot: Mapping[str, Any]) -> None:
        with self.news:
            self.shown.append(snapshot)
            self.news.notify_all()

    def forget(self, run_id: str) -> None:
        self.forgotten.append(run_id)

    def wait_for(self, condition: Callable[[Mapping[str, Any]], bool]) -> Mapping[str, Any]:
        """The first snapshot that fulfils the condition."""
        with self.news:
            assert self.news.wait_for(lambda: any(map(condition, self.shown)), timeout=PATIENCE)
            return next(filter(condition, self.shown))


def wait_until(condition: Callable[[], bool]) -> None:
    """Until the Lab's thread has got there; fails after half a minute."""
    deadline = time.monotonic() + PATIENCE
    tick = threading.Event()
    while not condition():
        assert time.monotonic() < deadline, "it never happened"
        tick.wait(0.005)


def weights(trainer: Trainer) -> torch.Tensor:
    return torch.cat([trainer.g.theta, trainer.d.theta])


def test_turns_are_fair_in_time_whatever_a_step_costs() -> None:
    with Lab() as lab:
        runs = [lab.create(experiment) for experiment in (SMALL, LARGE, SMALL, LARGE)]
        for run in runs:
            run.play()
        wait_until(lambda: all(run.iteration > 0 for run in runs))  # building them is done
        before, at = [run.used_seconds for run in runs], [run.iteration for run in runs]
        wait_until(lambda: min(run.used_seconds - was for run, was in zip(runs, before, strict=True)) > 0.5)
        used = [run.used_seconds - was for run, was in zip(runs, before, strict=True)]
        assert max(used) < 2 * min(used)
        steps = [run.iteration - was for run, was in zip(runs, at, strict=True)]
        assert min(steps[0], steps[2]) > 2 * max(steps[1], steps[3])


def test_a_run_that_rested_does_not_catch_up_at_the_others_cost() -> None:
    with Lab() as lab:
        early, late = lab.create(SMALL), lab.create(SMALL)
        early.play()
        wait_until(lambda: early.used_seconds > 0.5)
        late.play()
        wait_until(lambda: late.iteration > 0)
        assert late.used_seconds >= 0.5


def test_a_run_in_a_crowd_has_the_same_bits_as_alone() -> None:
    alone = Trainer(SMALL)
    for _ in range(60):
        alone.step()
    with Lab(Watcher("plane", "modes", "commentary")) as lab:
        crowd = [lab.create(SMALL.changed(seed=seed)) for seed in range(1, 4)]
        run = lab.create(SMALL.changed(max_steps=60))
        for other in (*crowd, run):
            other.play()
        run.pause()
        run.play()
        wait_until(lambda: run.state is State.FINISHED)
        assert torch.equal(weights(alone), run.ask(weights).result(PATIENCE))


def test_a_run_that_fails_leaves_the_others_training() -> None:
    with Lab() as lab:
        good = lab.create(SMALL)
        bad = lab.create(
            SMALL.changed(loss="least_squares", optimizer_d="sgd", optimizer_g="sgd", lr_d=10.0, lr_g=10.0)
        )
        good.play()
        bad.play()
        wait_until(lambda: bad.state is State.FAILED)
        seen = good.iteration
        wait_until(lambda: good.iteration > seen + 10)
        assert good.state is State.RUNNING


def test_whoever_asks_without_end_takes_no_more_than_half_of_the_time() -> None:
    with Lab() as lab:
        asked, others = lab.create(SMALL), [lab.create(SMALL), lab.create(LARGE)]
        for run in others:
            run.play()
        wait_until(lambda: all(run.iteration > 0 for run in others))
        asking = True

        def ask_again(_: object = None) -> None:
            if asking:
                asked.ask(lambda trainer: time.sleep(0.03) or {}).add_done_callback(ask_again)

        started, before = time.perf_counter(), [run.used_seconds for run in others]
        ask_again()
        wait_until(lambda: all(run.used_seconds > was + 0.3 for run, was in zip(others, before, strict=True)))
        trained = sum(run.used_seconds - was for run, was in zip(others, before, strict=True))
        asking = False
        assert trained > 0.4 * (time.perf_counter() - started)


def test_who_looks_sees_the_untrained_run_at_once_then_each_change_of_state() -> None:
    watcher = Watcher("losses", "plane")
    with Lab(watcher) as lab:
        run = lab.create(SMALL)
        first = watcher.wait_for(lambda s: s["state"] == "ready")
        assert (first["iteration"], set(first["views"])) == (0, {"losses", "plane"})
        assert run.id not in str(first)  # whoever may watch a run may not command it for that
        run.play()
        watcher.wait_for(lambda s: s["state"] == "running" and s["iteration"] > 0)
        run.pause()
        paused = watcher.wait_for(lambda s: s["state"] == "paused")
        assert paused["iteration"] == run.iteration
        assert paused["rate"] == 0.0
        iterations = [s["iteration"] for s in watcher.shown]
        assert iterations == sorted(iterations)


def test_a_late_viewer_of_a_resting_run_is_shown_it() -> None:
    watcher = Watcher()
    with Lab(watcher) as lab:
        run = lab.create(SMALL)
        run.step()
        wait_until(lambda: run.iteration == 1)
        watcher.views = frozenset({"scores"})
        lab.refresh(run.id)
        assert watcher.wait_for(lambda s: s["iteration"] == 1)["views"].keys() == {"scores"}


def test_a_run_that_nobody_watches_is_put_to_sleep() -> None:
    with Lab(abandoned_seconds=0.2) as lab:
        run = lab.create(SMALL)
        run.play()
        wait_until(lambda: run.state is State.PAUSED)
        assert run.message is not None
        assert "nobody has watched" in run.message


def test_a_run_in_a_hidden_tab_trains_on_until_the_tab_is_closed() -> None:
    watcher = Watcher()
    with Lab(watcher, abandoned_seconds=0.2) as lab:
        run = lab.create(SMALL)
        watcher.open.add(run.id)  # and no view of it is watched
        run.play()
        started = time.monotonic()
        wait_until(lambda: run.iteration > 0 and time.monotonic() - started > 0.6)
        assert run.state is State.RUNNING
        watcher.open.clear()
        wait_until(lambda: run.state is State.PAUSED)
        assert "every tab that showed this run was closed" in str(run.message)


def test_too_many_runs_make_room_or_say_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lab_module, "MOST_RUNS", 3)
    watcher = Watcher()
    with Lab(watcher) as lab:
        trained, untrained, looked_at = (lab.create(SMALL) for _ in range(3))
        trained.step()
        wait_until(lambda: trained.iteration == 1)
        watcher.open.add(looked_at.id)
        lab.create(SMALL)
        assert lab.get(untrained.id) is None
        assert lab.get(trained.id) is trained
        watcher.open.update(run.id for run in lab.runs())
        with pytest.raises(LabFull, match="3 runs are open"):
            lab.create(SMALL)


@pytest.mark.parametrize("places", [1, 2])
def test_one_run_too_many_for_all_places_does_not_stop_the_others(places: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lab_module, "MOST_RUNNING", 1)
    monkeypatch.setattr(OwnThread, "places", places)
    with Lab() as lab:
        oldest, *running = (lab.create(SMALL) for _ in range(places + 1))
        for run in running:
            run.play()
            wait_until(lambda run=run: run.iteration > 0)  # type: ignore[misc]
        oldest.play()
        wait_until(lambda: oldest.state is State.PAUSED)
        assert str(oldest.message).startswith(f"As many runs are training as can train at once: {places}.")
        assert all(run.state is State.RUNNING for run in running)


def test_a_run_that_cannot_be_built_says_so_once_and_holds_nobody_up(monkeypatch: pytest.MonkeyPatch) -> None:
    watcher, builds = Watcher("losses"), []

    def failing(experiment: Experiment) -> None:
        builds.append(experiment)
        raise torch.OutOfMemoryError("no memory")

    monkeypatch.setattr(trainee, "Engine", failing)
    with Lab(watcher) as lab:
        run = lab.create(SMALL)
        run.play()
        shown = watcher.wait_for(lambda s: s["state"] == "failed")
        assert "Out of memory at iteration 0." in shown["message"]
        assert shown["views"] == {}
        tried = len(builds)
        lab.refresh(run.id)
        lab.refresh(run.id)
        assert len(builds) == tried


def test_a_removed_run_stops_and_is_forgotten() -> None:
    watcher = Watcher()
    with Lab(watcher) as lab:
        run: Run = lab.create(SMALL)
        run.play()
        lab.remove(run.id)
        assert (run.state, lab.get(run.id), watcher.forgotten) == (State.STOPPED, None, [run.id])
        lab.remove(run.id)


def test_the_thread_ends_with_the_lab() -> None:
    before = set(threading.enumerate())
    with Lab() as lab:
        lab.create(SMALL).play()
        assert set(threading.enumerate()) - before
    assert not set(threading.enumerate()) - before


def test_where_others_wait_a_huge_step_is_refused_and_alone_it_is_not() -> None:
    huge = Experiment.of(
        data="shapes", image_size=64, generator="dcgan", discriminator="dcgan", batch_size=512, g_channels=48
    )
    with Lab(shared=True) as lab:
        with pytest.raises(ExperimentError, match="other people on this server would have to wait"):
            lab.create(huge)
        small = lab.create(SMALL)
        with pytest.raises(ExperimentError, match="smaller batch"):
            lab.fork(small, **huge.differences(SMALL))
    with Lab() as own:
        assert own.create(huge).state is State.READY


def test_a_step_that_takes_too_long_while_others_wait_pauses_its_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lab_module, "LONGEST_STEP", 0.0)
    with Lab(shared=True) as lab:
        one, other = lab.create(SMALL), lab.create(SMALL)
        one.play()
        wait_until(lambda: one.iteration > 5)  # alone, it may take its time
        assert one.state is State.RUNNING
        other.play()
        wait_until(lambda: State.PAUSED in (one.state, other.state))
        paused, left = (one, other) if one.state is State.PAUSED else (other, one)
        assert "other runs are waiting" in str(paused.message)
        seen = left.iteration
        wait_until(lambda: left.iteration > seen + 5)

"""A sweep on the Lab: its members, its commands, what is seen of it, and what a member that breaks does to the rest."""

import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np
import pytest

from ganlab.experiment import DEFAULTS, Experiment, ExperimentError
from ganlab.runs import Axis, Lab, LabFull, Nobody, Plan, Run, State, Sweep
from ganlab.runs.lab import MOST_SWEEPS
from ganlab.runs.pace import ShowingBudget
from ganlab.runs.sweeps.plan import MOST_MEMBERS, read_values, suggested
from ganlab.training.trainer import Trainer
from tests.patience import PATIENCE

SMALL = Experiment.of(g_width=8, d_width=8, batch_size=16, latent_dim=2, device="cpu")


class Watcher:
    """An audience that looks at all of a wall."""

    def __init__(self) -> None:
        self.seen: list[Mapping[str, Any]] = []

    def watched(self, _: str) -> frozenset[str]:
        return frozenset({"wall"})

    def present(self, _: str) -> bool:
        return True

    def publish(self, _: str, snapshot: Mapping[str, Any]) -> None:
        self.seen.append(snapshot)

    def forget(self, _: str) -> None:
        pass


def seeds(count: int, base: Experiment = SMALL) -> Plan:
    return Plan(base, Axis("seed", tuple(range(count))))


def trained(sweep: Sweep, iterations: int) -> None:
    """Train on this thread, as the Lab would."""
    sweep.play()
    while sweep.state is State.RUNNING and sweep.iteration < iterations:
        sweep.obey()
        sweep.turn(0.0)
    sweep.pause()
    sweep.obey()


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


@pytest.fixture
def watcher() -> Watcher:
    return Watcher()


@pytest.fixture
def lab(watcher: Watcher) -> Iterator[Lab]:
    with Lab(watcher) as made:
        yield made


# The plan


def test_members_are_every_value_with_every_other_row_by_row() -> None:
    plan = Plan(SMALL, Axis("lr_d", (0.1, 0.2, 0.3)), Axis("lr_g", (0.01, 0.02)))
    assert [(e.lr_g, e.lr_d) for e in plan.experiments] == [(g, d) for g in (0.01, 0.02) for d in (0.1, 0.2, 0.3)]
    assert plan.title(4) == "G learning rate 0.02, D learning rate 0.2"


@pytest.mark.parametrize(
    ("columns", "rows", "complaint"),
    [
        (Axis("seed", ()), None, "no values"),
        (Axis("seed", (1, 1)), None, "twice"),
        (Axis("seed", (1,)), Axis("seed", (2,)), "two different settings"),
        (Axis("seed", tuple(range(MOST_MEMBERS + 1))), None, "at most 64 are possible"),
        (Axis("data", ("ring", "grid")), None, "same for all"),
        (Axis("lr_g", (-1.0,)), None, "must be a number from"),
    ],
)
def test_a_plan_that_can_not_be_says_why(columns: Axis, rows: Axis | None, complaint: str) -> None:
    with pytest.raises(ExperimentError, match=complaint):
        Plan(SMALL, columns, rows)


def test_values_are_read_as_their_field_takes_them() -> None:
    assert read_values("lr_g", "0.001; 1e-2,") == (0.001, 0.01)
    assert read_values("seed", "1, 2") == (1, 2)
    assert read_values("loss", "hinge, Least squares") == ("hinge", "least_squares")
    assert read_values("spectral_norm", "True, false") == (True, False)
    for field, no_number in (("lr_g", "quick"), ("lr_g", "0.001, true"), ("seed", "True")):
        with pytest.raises(ExperimentError, match="but must be a"):
            read_values(field, no_number)


@pytest.mark.parametrize(
    "field", ["seed", "lr_g", "r1_weight", "beta1_g", "loss", "n_critic", "spectral_norm", "g_width"]
)
def test_suggested_values_are_allowed(field: str) -> None:
    values = suggested(DEFAULTS, field)
    assert len(values) > 1
    assert len(Plan(DEFAULTS, Axis(field, values)).experiments) == len(values)


# Training


def test_a_sweep_plays_pauses_and_is_seen(lab: Lab, watcher: Watcher) -> None:
    sweep = lab.create_sweep(Plan(SMALL, Axis("lr_d", (0.001, 0.002)), Axis("seed", (0, 1, 2))))
    assert lab.watchable(sweep.id) is sweep
    assert lab.get(sweep.id) is None
    sweep.play()
    until(lambda: sweep.iteration > 20)
    sweep.pause()
    until(lambda: bool(watcher.seen) and watcher.seen[-1]["state"] == "paused")
    wall = watcher.seen[-1]["views"]["wall"]
    assert wall["points"].shape == (6, 150, 2)
    assert wall["measures"]["modes"].shape == (6,)
    assert np.isfinite(wall["measures"]["loss_d"]).all()
    held = sweep.iteration
    assert held == watcher.seen[-1]["iteration"]


def test_runs_and_sweeps_take_turns(lab: Lab) -> None:
    run, sweep = lab.create(SMALL), lab.create_sweep(seeds(4))
    run.play()
    sweep.play()
    until(lambda: run.iteration > 20 and sweep.iteration > 20)
    lab.remove(sweep.id)
    until(lambda: sweep.state is State.STOPPED)
    assert lab.watchable(sweep.id) is None


def test_one_member_breaks_and_the_others_go_on() -> None:
    watcher = Watcher()
    sweep = Sweep(
        Plan(SMALL.changed(optimizer_d="sgd", loss="least_squares"), Axis("lr_d", (0.001, 10.0, 0.002))), watcher
    )
    trained(sweep, 200)
    sweep.show(ShowingBudget())
    assert set(sweep.broken) == {1}
    assert "NaN" in sweep.broken[1]
    wall = watcher.seen[-1]["views"]["wall"]
    assert np.isfinite(wall["measures"]["loss_g"][[0, 2]]).all()
    assert not np.isfinite(wall["points"][1]).any()
    assert sweep.state is State.PAUSED


def test_a_sweep_ends_at_its_last_iteration() -> None:
    sweep = Sweep(seeds(3, SMALL.changed(max_steps=7)))
    trained(sweep, 100)
    assert (sweep.state, sweep.iteration) == (State.FINISHED, 7)
    assert sweep.message == "All 7 iterations are done."


@pytest.mark.parametrize(
    ("base", "shape"),
    [
        (SMALL.changed(data="mixture_1d"), {"bars": (2, 40)}),
        (SMALL.changed(data="digits"), {"pixels": (2, 9, 8, 8, 1)}),
        (SMALL.changed(data="moons", spectral_norm=True), {"points": (2, 150, 2)}),  # one after another
    ],
)
def test_every_kind_of_data_has_a_small_view(base: Experiment, shape: dict[str, tuple[int, ...]]) -> None:
    watcher = Watcher()
    sweep = Sweep(seeds(2, base), watcher)
    trained(sweep, 2)
    sweep.show(ShowingBudget())
    for name, size in shape.items():
        assert watcher.seen[-1]["views"]["wall"][name].shape == size


# Opening a member


def test_a_member_is_opened_from_its_present_weights() -> None:
    sweep = Sweep(seeds(3))
    trained(sweep, 10)
    run = Run.from_checkpoint(sweep.plan.experiments[2], sweep.id, sweep.checkpoint(2), sweep.obey, Nobody(), wall=True)
    answer = run.ask(lambda trainer: (trainer.iteration, trainer.g.theta.clone()))
    run.obey()
    iteration, theta = answer.result(timeout=0)
    alone = Trainer(SMALL.changed(seed=2))
    for _ in range(10):
        alone.step()
    assert (run.state, iteration, len(run.history)) == (State.PAUSED, 10, 10)
    assert theta.numpy() == pytest.approx(alone.g.theta.numpy(), abs=1e-3)
    assert run.origin is not None
    assert run.origin.run == sweep.id
    assert run.origin.before_the_curves == "Trained in a wall until iteration 10: curves begin here."
    run.play()
    run.obey()
    run.turn(0.0)
    assert (run.iteration, run.state) == (11, State.RUNNING)


def test_a_broken_member_is_opened_from_the_start(lab: Lab) -> None:
    sweep = Sweep(seeds(2))
    trained(sweep, 3)
    sweep.broken[1] = "It broke."
    run = lab.open_member(sweep, 1)
    assert (run.state, run.iteration, run.experiment.seed) == (State.READY, 0, 1)


def test_a_full_lab_says_so(lab: Lab) -> None:
    first, *_ = [lab.create_sweep(seeds(2)) for _ in range(MOST_SWEEPS)]
    with pytest.raises(LabFull, match="walls are open, and all of them are in use"):
        lab.create_sweep(seeds(2))
    second = lab.create_sweep(seeds(2), instead_of=first.id)
    assert (lab.sweep(first.id), lab.sweep(second.id)) == (None, second)
    assert first.state is State.STOPPED

"""A fork goes on from where its parent is: with everything that fits, and a sentence about what does not."""

from collections.abc import Callable
from typing import Any

import pytest
import torch

from ganlab.experiment import Experiment, ExperimentError
from ganlab.runs import Lab, Run, State, replay
from ganlab.runs.fork import setting
from ganlab.training.checkpoint import state_of
from ganlab.training.trainer import Trainer
from tests.patience import PATIENCE

SMALL = Experiment.of(g_width=16, d_width=16, batch_size=32, latent_dim=4, ema_decay=0.9)


def step(run: Run, times: int) -> None:
    for _ in range(times):
        run.step()
    run.obey()


def asked(run: Run, question: Callable[[Trainer], Any]) -> Any:
    answer = run.ask(question)
    run.obey()
    return answer.result(timeout=0)


def tensors(run: Run) -> dict[str, torch.Tensor]:
    return asked(run, lambda trainer: state_of(trainer)[0])


def weights(run: Run) -> torch.Tensor:
    return asked(run, lambda trainer: torch.cat([trainer.g.theta, trainer.d.theta]))


def forked(parent: Run, **changes: Any) -> Run:
    child = parent.fork(**changes)
    child.obey()
    assert child.message is None
    return child


@pytest.fixture
def parent() -> Run:
    run = Run(SMALL)
    step(run, 5)
    return run


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"optimizer_g": "rmsprop", "lecam_weight": 0.1, "history_weight": 0.1, "schedule_g": "cosine"},
        {"data": "digits", "generator": "dcgan", "discriminator": "dcgan", "g_channels": 4, "d_channels": 4}
        | {"batch_size": 500, "g_norm": "batch", "augment": "adaptive", "augment_steps": 20},
    ],
)
def test_without_changes_it_gives_the_same_bits(values: dict[str, Any]) -> None:
    parent = Run(SMALL.changed(**values))
    step(parent, 5)
    child = forked(parent)
    assert (child.state, child.iteration) == (State.PAUSED, 5)
    for run in (parent, child):
        step(run, 4)
    mine, theirs = tensors(child), tensors(parent)
    assert mine.keys() == theirs.keys()
    assert all(torch.equal(mine[name], theirs[name]) for name in mine)
    assert (child.history.rows() == parent.history.rows()).all(), "the curves go on from the parent's"
    assert child.origin is not None
    assert child.origin.sentence == "Goes on from iteration 5 with everything that was learned."
    assert child.origin.before_the_curves is None


def test_a_smaller_learning_rate_carries_everything_over(parent: Run) -> None:
    child = forked(parent, lr_g=1e-5, lr_d=1e-5, unroll_steps=2, loss="hinge")
    assert child.origin.fresh == {}
    assert child.origin.sentence == (
        "Goes on from iteration 5 with everything that was learned. Changed: Learning rate (G), Unrolled D (G), "
        "Learning rate (D) and Loss."
    )
    assert asked(child, lambda trainer: trainer.optimizer_g.param_groups[0]["lr"]) == 1e-5
    mine, theirs = tensors(child), tensors(parent)
    assert all(torch.equal(mine[name], theirs[name]) for name in theirs)


@pytest.mark.parametrize("change", [{"packing": 2}, {"d_minibatch": "stddev"}, {"d_width": 32}])
def test_a_discriminator_of_another_shape_starts_fresh_and_g_stays(parent: Run, change: dict[str, Any]) -> None:
    child = forked(parent, **change)
    mine, theirs = tensors(child), tensors(parent)
    for name, value in theirs.items():
        if name.startswith(("generator.", "ema.", "optimizer_g.", "chance.", "sampler.")):
            assert torch.equal(mine[name], value)
    untrained = Trainer(SMALL.changed(**change)).d.theta
    assert torch.equal(asked(child, lambda trainer: trainer.d.theta.clone()), untrained)
    assert not any(name.startswith("optimizer_d.") for name in mine)
    assert child.origin.sentence == (
        "Goes on from iteration 5. Carried over: the generator, G's optimiser, the random numbers and the place in "
        "the data. New: the discriminator (its layers have other shapes) and D's optimiser (its network is new). "
        f"Changed: {setting(next(iter(change)))}."
    )
    step(child, 3)
    assert (child.iteration, len(child.history)) == (8, 8)


def test_another_optimiser_starts_without_memory(parent: Run) -> None:
    child = forked(parent, optimizer_d="rmsprop")
    assert child.origin.fresh == {"optimizer_d": "it is of another kind"}
    assert torch.equal(weights(child), weights(parent))
    step(child, 1)


def test_another_seed_means_other_chance_from_there_on(parent: Run) -> None:
    child = forked(parent, seed=7)
    assert set(child.origin.fresh) == {"chance", "sampler"}
    for run in (parent, child):
        step(run, 1)
    assert not torch.equal(weights(child), weights(parent))


def test_an_average_that_was_not_kept_before_begins_at_the_generator() -> None:
    parent = Run(SMALL.changed(ema_decay=0.0))
    step(parent, 3)
    mine = tensors(forked(parent, ema_decay=0.9))
    for name, value in tensors(parent).items():
        if name.startswith("generator."):
            assert torch.equal(mine[name.replace("generator.", "ema.")], value)


def test_where_neither_network_fits_it_starts_afresh(parent: Run) -> None:
    child = forked(parent, g_width=32, d_width=32)
    assert (child.iteration, len(child.history)) == (0, 0)
    assert "Nothing was carried over" in child.origin.sentence
    assert child.origin.before_the_curves is None
    step(child, 2)
    assert (child.iteration, len(child.history)) == (2, 2)


def test_a_fork_is_replayed_from_what_it_went_on_from(parent: Run) -> None:
    child = forked(parent, packing=2)
    step(child, 2)
    child.change(lr_g=0.01)
    child.step_d()
    step(child, 2)
    record = child.record()
    child.obey()
    again = replay(record.result(timeout=0))
    assert torch.equal(again.g.theta, asked(child, lambda trainer: trainer.g.theta.clone()))


def test_a_reset_fork_is_an_ordinary_run(parent: Run) -> None:
    child = forked(parent, lr_g=0.01)
    child.reset()
    child.obey()
    assert (child.iteration, child.origin, child.state) == (0, None, State.READY)


def test_a_parent_reset_first_leaves_a_fork_that_says_so(parent: Run) -> None:
    child = parent.fork()
    parent.reset()
    child.obey()
    assert child.state is State.FAILED
    assert "was reset, failed or was closed first" in child.message
    child.reset()
    step(child, 1)
    assert child.iteration == 1


def test_values_that_are_not_allowed_are_refused(parent: Run) -> None:
    with pytest.raises(ExperimentError, match="Packing"):
        parent.fork(packing=3)


def test_the_lab_forks_a_run_while_it_trains() -> None:
    with Lab() as lab:
        parent = lab.create(SMALL)
        parent.play()
        assert parent.ask(lambda trainer: trainer.iteration).result(PATIENCE) >= 0
        child = lab.fork(parent, packing=2)
        start = child.ask(lambda trainer: trainer.iteration).result(PATIENCE)
        assert lab.get(child.id) is child
        assert start == child.origin.iteration
        parent.pause()

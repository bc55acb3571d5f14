"""What holds on a GPU: on a pretended one everywhere, and on a real one where there is one (`-m gpu`)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
import torch

from ganlab.experiment import Experiment, ExperimentError
from ganlab.runs import Run, replay
from ganlab.runs.audience import Nobody
from ganlab.runs.start import HAS_MOVED
from ganlab.runs.state import MOVED, Intervention
from ganlab.training.batched import BatchedTrainer
from ganlab.training.build import build_trainer
from ganlab.training.captured.prepared import PreparedBatches
from ganlab.training.captured.program import Program
from ganlab.training.captured.recording import Recording
from ganlab.training.captured.repeatable import Repeatable
from ganlab.training.checkpoint import restore, restore_what_fits, state_of
from ganlab.training.history import History
from ganlab.training.trainer import Trainer
from ganlab.views import Probes, views_of
from tests.training.pretended_device import Pretence, pretended_device

no_gpu = pytest.mark.skipif(not torch.cuda.is_available(), reason="there is no CUDA device")
POINTS = {"data": "ring", "g_width": 8, "d_width": 8, "batch_size": 8, "latent_dim": 2}
IMAGES = {"data": "digits", "g_channels": 2, "d_channels": 2, "batch_size": 8}
EXPERIMENTS = {
    "plain": POINTS,
    "remembers": POINTS | {"lecam_weight": 0.1, "history_weight": 0.1, "ema_decay": 0.9},
    "wgan-gp": POINTS | {"loss": "wasserstein", "gp_weight": 1.0, "n_critic": 2, "optimizer_d": "rmsprop"},
    "dragan": POINTS | {"dragan_weight": 1.0, "instance_noise": 0.1, "optimizer_g": "momentum"},
    "r1 and r2": POINTS | {"loss": "relativistic", "r1_weight": 0.1, "r2_weight": 0.1, "schedule_g": "cosine"},
    "consensus": POINTS | {"consensus_weight": 1.0, "optimizer_g": "sgd", "optimizer_d": "sgd"},
    "unrolled": POINTS | {"unroll_steps": 2},
    "packed": POINTS | {"packing": 2, "d_minibatch": "discrimination"},
    "spectral": POINTS | {"spectral_norm": True, "loss": "hinge"},
    "began": POINTS | {"loss": "began", "discriminator": "autoencoder"},
    "codes": POINTS | {"info_categories": 8, "info_weight": 1.0},
    "images": IMAGES | {"augment": "always"},
    "classes": IMAGES | {"condition": "projection"},
    "vae": IMAGES | {"model": "vae"},
    "dirac": {"data": "dirac", "generator": "point", "discriminator": "linear"},
}
WALLS = {
    "plain": POINTS,
    "wgan-gp": EXPERIMENTS["wgan-gp"],
    "dragan": EXPERIMENTS["dragan"],
    "r1 and r2": EXPERIMENTS["r1 and r2"],
    "unrolled": POINTS | {"unroll_steps": 2, "optimizer_d": "sgd"},
    "packed": POINTS | {"packing": 2, "d_minibatch": "stddev", "g_norm": "batch", "ema_decay": 0.9},
    "clipped": POINTS | {"loss": "wasserstein", "weight_clip": 0.1, "clip_norm_g": 0.1, "schedule_d": "linear"},
    "images": IMAGES | {"g_norm": "batch", "d_norm": "batch", "generator": "dcgan", "discriminator": "dcgan"},
}


@pytest.fixture(params=["pretended", pytest.param("cuda", marks=[pytest.mark.gpu, no_gpu])])
def device(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Pretence | None]:
    """Where an Experiment whose device is "auto" trains: never the CPU."""
    if request.param == "cuda":
        yield None
        return
    with pretended_device(monkeypatch) as pretence:
        yield pretence


def on_the_device(settings: dict[str, object]) -> Experiment:
    return Experiment.of(**settings, device="auto", seed=3)


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_a_step_never_waits_for_the_device(name: str, device: Pretence | None) -> None:
    trainer = trained(on_the_device(EXPERIMENTS[name]), 2)
    assert trainer.device.type != "cpu"
    assert_never_waits(trainer.step, device)


@pytest.mark.parametrize("name", WALLS)
def test_a_step_of_a_wall_never_waits_for_the_device(name: str, device: Pretence | None) -> None:
    wall = wall_of(on_the_device(WALLS[name]), 2)
    assert wall.device.type != "cpu"
    assert_never_waits(wall.step, device)


@pytest.mark.usefixtures("device")
@pytest.mark.parametrize(
    "name", sorted(EXPERIMENTS.keys() - {"wgan-gp"})
)  # RMSprop counts on the device if that is CUDA
def test_an_iteration_uses_nothing_that_is_not_on_the_device(name: str) -> None:
    trainer = trained(on_the_device(EXPERIMENTS[name]), 2)
    assert places_of_an_iteration(trainer) == {trainer.device.type}


@pytest.mark.usefixtures("device")
@pytest.mark.parametrize("name", WALLS)
def test_an_iteration_of_a_wall_uses_nothing_that_is_not_on_the_device(name: str) -> None:
    wall = wall_of(on_the_device(WALLS[name]), 2)
    assert places_of_an_iteration(wall) == {wall.device.type}


def places_of_an_iteration(trainer: Repeatable) -> set[str]:
    """Where all tensors are that a recorded iteration reads or changes: a CUDA graph takes none of the CPU."""
    trainer.sampler = batches = PreparedBatches(trainer.sampler, trainer.device)
    trainer.iterate()
    batches.prepare()
    with Recording() as recording:
        measured = trainer.iterate()
    assert not recording.obstacle
    return {thing.device.type for thing in Program(recording, measured).outside if isinstance(thing, torch.Tensor)}


def assert_never_waits(step: Callable[[], None], device: Pretence | None) -> None:
    if device is None:
        torch.cuda.set_sync_debug_mode("error")
    else:
        device.stops.clear()
    try:
        step()
    finally:
        if device is None:
            torch.cuda.set_sync_debug_mode("default")
    assert device is None or not device.stops


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_goes_on_from_its_state_to_the_same_bits(name: str, device: Pretence | None) -> None:
    trainer = trained(on_the_device(EXPERIMENTS[name]), 3)
    again = build_trainer(trainer.experiment)
    restore(again, *state_of(trainer))
    for either in (trainer, again):
        either.step()
    ours, theirs = state_of(trainer)[0], state_of(again)[0]
    assert ours.keys() == theirs.keys()
    assert all(torch.equal(value, theirs[part]) for part, value in ours.items())


@pytest.mark.parametrize("name", ["plain", "wgan-gp", "classes", "vae"])
@pytest.mark.parametrize("came_from", ["cpu", "auto"])
def test_a_state_of_another_device_is_taken_but_for_its_chance(
    name: str, came_from: str, device: Pretence | None
) -> None:
    experiment = on_the_device(EXPERIMENTS[name])
    before = trained(experiment.changed(device=came_from), 3)
    after = build_trainer(experiment.changed(device="auto" if came_from == "cpu" else "cpu"))
    tensors, plain = state_of(before)
    assert restore_what_fits(after, tensors, plain) == {"chance": "the device is another"}
    after.step()
    assert after.iteration == 4


def test_a_run_stored_on_another_device_opens_and_says_so(device: Pretence | None) -> None:
    there = Run(on_the_device(POINTS).changed(device="cpu"))
    there.step()
    there.obey()
    record, _ = there.recorded() or pytest.fail("nothing was recorded")
    moved = replace(record, experiment=on_the_device(POINTS), checkpoint=None)
    here = Run.restored(moved, lambda: record, Nobody())
    here.step()
    here.obey()
    assert here.iteration == 2
    assert here.message == HAS_MOVED
    after, _ = here.recorded() or pytest.fail("nothing was recorded")
    assert after.interventions == (Intervention(1, MOVED),)
    assert replay(replace(after, initial_experiment=record.initial_experiment, iteration=1)).iteration == 1
    with pytest.raises(ExperimentError, match="After iteration 1 this run went on, on another kind of device"):
        replay(after)


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_every_view_is_answered(name: str, device: Pretence | None) -> None:
    trainer = trained(on_the_device(EXPERIMENTS[name]), 2)
    history = History(trainer.scalars)
    for rows in trainer.drain():
        history.append(rows)
    wanted = [view.name for view in views_of(trainer.experiment)]
    assert Probes(trainer, history).answer(wanted).keys() == set(wanted)


@pytest.mark.parametrize("name", ["plain", "wgan-gp", "dragan", "packed"])
def test_a_member_meets_the_chance_that_it_would_meet_alone(name: str, device: Pretence | None) -> None:
    plain = {"optimizer_g": "sgd", "optimizer_d": "sgd"}  # other than Adam, it hides no small gradient
    base = on_the_device(WALLS[name] | plain | ({"gp_weight": 1.0} if name == "dragan" else {}))
    members = [base, base.changed(seed=4)]
    wall, alone = BatchedTrainer(members), trained(members[1], 3)
    for _ in range(3):
        wall.step()
    torch.testing.assert_close(wall.discriminator.theta[1].cpu(), alone.d.theta.cpu(), rtol=1e-5, atol=1e-6)


def test_a_wall_trains_and_lends_a_member(device: Pretence | None) -> None:
    experiments = [on_the_device(POINTS).changed(lr_g=rate) for rate in (1e-3, 2e-3)]
    wall = BatchedTrainer(experiments)
    for _ in range(2):
        wall.step()
    member = wall.trainer(1)
    member.step()
    assert member.iteration == 3


def wall_of(base: Experiment, steps: int) -> BatchedTrainer:
    """Two members that differ in all that a family's may in these tests."""
    wall = BatchedTrainer([base, base.changed(seed=4, lr_g=2 * base.lr_g, label_smoothing=0.1)])
    for _ in range(steps):
        wall.step()
    return wall


def trained(experiment: Experiment, steps: int) -> Trainer:
    trainer = build_trainer(experiment)
    for _ in range(steps):
        trainer.step()
    return trainer

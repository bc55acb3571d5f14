"""Members trained as one computation come to the numbers that each would come to alone."""

from collections.abc import Iterator

import numpy as np
import pytest
import torch

from ganlab.data import Sampler
from ganlab.experiment import Experiment
from ganlab.experiment.loss import ENERGY_LOSSES
from ganlab.game.losses import LOSSES
from ganlab.training.batched import BatchedTrainer, families, together, why_apart
from ganlab.training.history import SCALARS
from ganlab.training.trainer import Trainer

SMALL = {"g_width": 8, "d_width": 8, "batch_size": 16, "latent_dim": 4, "device": "cpu"}
STEPS = 30
FEW_STEPS = 8  # of convolutions, which are slow in double precision
METHODS = [
    {"r1_weight": 1.0},
    {"r1_weight": 1.0, "r2_weight": 0.5, "loss": "relativistic", "ema_decay": 0.99},
    {"loss": "wasserstein", "weight_clip": 0.05, "n_critic": 2, "optimizer_g": "rmsprop", "optimizer_d": "rmsprop"},
    {"loss": "wasserstein", "gp_weight": 0.1, "n_critic": 3},
    {"zero_gp_weight": 1.0, "dragan_weight": 1.0},
    {"packing": 4, "data": "grid"},
    {"unroll_steps": 3},
    {"d_minibatch": "stddev"},
    {"g_norm": "layer", "d_norm": "layer", "ema_decay": 0.9},
    {"g_norm": "batch", "d_norm": "batch", "optimizer_g": "momentum", "optimizer_d": "sgd", "ema_decay": 0.9},
    {"instance_noise": 0.1, "instance_noise_steps": 15, "loss": "symmetric", "data": "moons"},
    {"clip_norm_g": 0.01, "clip_value_d": 0.01, "schedule_g": "cosine", "schedule_steps_g": 25},
    {"latent_distribution": "uniform", "generator": "dense", "batch_size": 6, "latent_dim": 3},
    *({"loss": loss} for loss in LOSSES if loss not in ENERGY_LOSSES),
]

IMAGES = {"data": "digits", "generator": "dcgan", "discriminator": "dcgan", "g_channels": 4, "d_channels": 4}
CNN = IMAGES | {"discriminator": "cnn", "d_depth": 2}
CONVOLUTIONS = [
    IMAGES | {"g_norm": "batch", "d_norm": "batch", "init": "dcgan", "ema_decay": 0.9, "loss": "relativistic"},
    IMAGES | {"g_norm": "layer", "d_norm": "layer", "r1_weight": 1.0, "d_minibatch": "stddev"},
    IMAGES | {"data": "shapes", "image_size": 8, "d_norm": "batch", "unroll_steps": 2, "generator": "mlp"},
    CNN | {"gp_weight": 1.0, "d_norm": "layer"},
    CNN | {"gp_weight": 1.0, "d_norm": "layer", "pooling": "average", "packing": 2},
    CNN | {"r1_weight": 1.0, "d_norm": "batch", "pooling": "strided", "d_minibatch": "stddev", "dropout": 0.0},
]


@pytest.fixture
def double(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """In double precision rounding stays small for a hundred steps; in single, training soon magnifies it."""
    batch = Sampler.next
    monkeypatch.setattr(Sampler, "next", lambda sampler, n: batch(sampler, n).double())  # images are kept in single
    torch.set_default_dtype(torch.float64)
    yield
    torch.set_default_dtype(torch.float32)


def three(**values: object) -> list[Experiment]:
    """Members that differ in their seeds, learning rates and labels."""
    base = Experiment.of(**SMALL | values)
    return [base.changed(seed=i, lr_g=1e-3 * i, lr_d=1e-3 * (4 - i), label_smoothing=0.1 * (i == 2)) for i in (1, 2, 3)]


def largest_difference(alone: Trainer, together: BatchedTrainer, member: int) -> float:
    pairs = [(alone.g.theta, together.generator.theta), (alone.d.theta, together.discriminator.theta)]
    if alone.ema is not None and together.ema is not None:
        pairs.append((alone.ema_parameters.theta, together.ema.theta))
    return max(float((one - many[member]).abs().max()) for one, many in pairs)


@pytest.mark.usefixtures("double")
@pytest.mark.parametrize("values", METHODS, ids=str)
def test_each_member_is_as_if_it_were_alone(values: dict) -> None:
    members = three(**values)
    assert families(members) == [[0, 1, 2]]
    batched = BatchedTrainer(members)
    alone = [Trainer(e) for e in members]
    for _ in range(STEPS):
        batched.step()
        for trainer in alone:
            trainer.step()
    assert [largest_difference(trainer, batched, i) for i, trainer in enumerate(alone)] == pytest.approx(
        [0] * 3, abs=1e-8
    )
    last = np.stack([trainer.drain()[-1][-1] for trainer in alone], axis=1)
    assert tuple(batched.scalars()) == SCALARS
    assert np.stack(list(batched.scalars().values())) == pytest.approx(last, abs=1e-7)


@pytest.mark.usefixtures("double")
@pytest.mark.parametrize("values", CONVOLUTIONS, ids=str)
def test_each_convolutional_member_is_as_if_it_were_alone(values: dict) -> None:
    members = three(**values)
    assert families(members) == [[0, 1, 2]]
    batched, alone = BatchedTrainer(members), [Trainer(e) for e in members]
    for _ in range(FEW_STEPS):
        batched.step()
        for trainer in alone:
            trainer.step()
    assert [largest_difference(trainer, batched, i) for i, trainer in enumerate(alone)] == pytest.approx(
        [0] * 3, abs=1e-8
    )
    went_on = batched.trainer(1)
    went_on.step()
    alone[1].step()
    assert went_on.drain()[-1][-1] == pytest.approx(alone[1].drain()[-1][-1], abs=1e-7)


@pytest.mark.usefixtures("double")
def test_members_with_other_penalties_are_as_if_they_were_alone() -> None:
    base = Experiment.of(**SMALL, d_norm="batch")
    penalties = ({}, {"gp_weight": 1.0}, {"zero_gp_weight": 1.0}, {"dragan_weight": 1.0}, {"r1_weight": 1.0})
    members = [base.changed(**penalty, seed=seed) for penalty in penalties for seed in (1, 2)]
    found = together(members)
    assert len(found) == len(penalties), "each draws or looks in its own way"
    for family, batched in found:
        for _ in range(10):
            batched.step()
        for i, number in enumerate(family):
            one, alone = batched.trainer(i), Trainer(members[number])
            for _ in range(10):
                alone.step()
            torch.testing.assert_close(dict(one.discriminator.state_dict()), dict(alone.discriminator.state_dict()))


def test_in_single_precision_the_first_steps_agree_to_seven_digits_of_the_largest_weight() -> None:
    members = three(optimizer_g="sgd", optimizer_d="momentum")
    batched, alone = BatchedTrainer(members), [Trainer(e) for e in members]
    for _ in range(STEPS):
        batched.step()
        for trainer in alone:
            trainer.step()
    assert all(largest_difference(trainer, batched, i) < 1e-7 for i, trainer in enumerate(alone))


def test_images_are_drawn_in_the_order_of_a_run_alone() -> None:
    members = three(data="digits", optimizer_g="sgd", optimizer_d="sgd", batch_size=100)  # 18 batches in a pass
    batched, alone = BatchedTrainer(members), [Trainer(e) for e in members]
    for _ in range(25):
        batched.step()
        for trainer in alone:
            trainer.step()
    assert all(largest_difference(trainer, batched, i) < 1e-6 for i, trainer in enumerate(alone))
    assert batched.samples(torch.zeros(5, 4)).shape == (3, 5, 1, 8, 8)


@pytest.mark.usefixtures("double")
@pytest.mark.parametrize("optimizer", ["adam", "rmsprop", "momentum", "sgd"])
def test_a_member_goes_on_alone_from_where_it_is(optimizer: str) -> None:
    methods = {"gp_weight": 0.1, "instance_noise": 0.1, "ema_decay": 0.9, "g_norm": "layer", "schedule_d": "linear"}
    batched = BatchedTrainer(three(optimizer_g=optimizer, optimizer_d=optimizer, **methods))
    for _ in range(37):
        batched.step()
    taken = batched.trainer(1)
    for _ in range(10):
        batched.step()
        taken.step()
    assert taken.iteration == batched.iteration
    assert largest_difference(taken, batched, 1) < 1e-11


@pytest.mark.usefixtures("double")
@pytest.mark.parametrize("optimizer", ["adam", "rmsprop", "momentum", "sgd"])
def test_members_go_on_from_where_trainers_are(optimizer: str) -> None:
    methods = {
        "gp_weight": 0.1,
        "instance_noise": 0.1,
        "ema_decay": 0.9,
        "d_minibatch": "stddev",
        "schedule_d": "linear",
    }
    members = three(optimizer_g=optimizer, optimizer_d=optimizer, **methods)
    alone = [Trainer(e) for e in members]
    batched = BatchedTrainer(members)
    for _ in range(5):
        batched.step()  # what was drawn ahead here is forgotten
    for _ in range(37):
        for trainer in alone:
            trainer.step()
    batched.go_on_from(alone)
    for _ in range(10):
        batched.step()
        for trainer in alone:
            trainer.step()
    assert batched.iteration == 47
    assert max(largest_difference(trainer, batched, i) for i, trainer in enumerate(alone)) < 1e-11


def test_a_member_that_breaks_touches_no_other() -> None:
    members = three()
    broken = BatchedTrainer([members[0], members[1].changed(lr_d=10.0, optimizer_d="adam"), members[2]])
    broken.discriminator.theta[1, 0] = torch.nan
    whole = BatchedTrainer(members)
    for _ in range(20):
        broken.step()
        whole.step()
    assert broken.finite() == [True, False, True]
    assert not np.isfinite([values[1] for values in broken.scalars().values()]).all()
    for member in (0, 2):
        assert torch.equal(broken.generator.theta[member], whole.generator.theta[member])


def test_what_can_be_trained_together_and_what_can_not() -> None:
    base = Experiment.of(**SMALL)
    assert why_apart(base) is None
    images = base.changed(**IMAGES)
    assert why_apart(images) is None
    assert "here 9,216" in str(why_apart(images.changed(data="shapes", image_size=32, d_channels=36)))
    assert "only MLP, Dense, DCGAN" in str(why_apart(images.changed(generator="resnet")))
    assert why_apart(base.changed(history_weight=1.0)) == "Historical averaging (history_weight) is not"
    assert why_apart(base.changed(g_channels=4)) is None  # means nothing to an MLP
    wide, apart = base.changed(g_width=16), base.changed(spectral_norm=True)
    assert families([base, wide, apart, base.changed(seed=1), apart, wide.changed(lr_g=0.1)]) == [
        [0, 3],
        [1, 5],
        [2],
        [4],
    ]
    both = base.changed(gp_weight=1.0, dragan_weight=1.0)
    assert families([both, both.changed(dragan_weight=0.0)]) == [[0], [1]]  # their dice would fall otherwise


def test_a_large_family_is_split_into_parts_that_fit_fast_memory() -> None:
    base = Experiment.of(g_width=128, d_width=128, batch_size=256)
    parts = families([base.changed(seed=i) for i in range(25)])
    assert [len(part) for part in parts] == [6, 6, 6, 7]
    assert sorted(i for part in parts for i in part) == list(range(25))
    assert len(families([base.changed(seed=i, device="cuda") for i in range(25)])) == 1, "a GPU has room for all"


def test_members_that_train_alone_answer_like_the_others() -> None:
    base = Experiment.of(**SMALL)
    found = together([base, base.changed(seed=1), base.changed(spectral_norm=True)])
    assert [family for family, _ in found] == [[0, 1], [2]]
    for family, members in found:
        members.step()
        assert members.iteration == 1
        assert {name: len(values) for name, values in members.scalars().items()} == dict.fromkeys(SCALARS, len(family))
        assert members.finite() == [True] * len(family)
        assert members.samples(torch.zeros(5, 4)).shape == (len(family), 5, 2)
        assert members.trainer(0).iteration == 1

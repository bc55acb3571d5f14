"""What bfloat16 and TF32 round, and what stays float32."""

from __future__ import annotations

from typing import Any, TypeAlias

import pytest
import torch
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves

from ganlab.experiment import Experiment, ExperimentError
from ganlab.experiment.choices import MISTAKES
from ganlab.runs import Run
from ganlab.training import device, precision
from ganlab.training.batched import BatchedTrainer, families
from ganlab.training.build import build_trainer
from ganlab.training.checkpoint import restore, restore_what_fits, state_of
from ganlab.training.trainer import Trainer
from ganlab.views.tracing.trace import trace_step
from tests.training.test_devices import EXPERIMENTS, IMAGES, POINTS, no_gpu

aten = torch.ops.aten
PRODUCTS = (aten.mm, aten.addmm, aten.bmm, aten.baddbmm, aten.convolution, aten.convolution_backward)
Values: TypeAlias = "dict[str, Any]"
DCGAN = IMAGES | {"generator": "dcgan", "discriminator": "dcgan"}
NORMED = {"g_norm": "batch", "d_norm": "layer", "gp_weight": 1.0}
CASES: dict[str, Values] = {
    **EXPERIMENTS,
    "normalised": POINTS | NORMED | {"d_minibatch": "stddev"},
    "normalised images": DCGAN | NORMED | {"dropout": 0.2},
    "batches seen by D": POINTS | {"d_norm": "batch", "r1_weight": 1.0, "consensus_weight": 0.1},
    "looks ahead, dcgan": DCGAN | {"unroll_steps": 1, "d_norm": "batch"},
    "attends": IMAGES | {"generator": "resnet", "discriminator": "resnet", "spectral_norm": True, "gp_weight": 1.0},
    "r3gan": IMAGES | {"generator": "r3gan", "discriminator": "r3gan", "r1_weight": 1.0, "r2_weight": 1.0},
    "stylegan": IMAGES | {"generator": "stylegan", "discriminator": "cnn", "ema_decay": 0.9, "style_mixing": 0.5},
    "AC-GAN": POINTS | {"condition": "auxiliary", "info_continuous": 1, "unroll_steps": 1},
    **{name: IMAGES | {"mistake": name, "gp_weight": 0.1} for name in MISTAKES if name != "none"},
}  # fmt: skip


def experiment(values: Values, chosen: str = "bf16") -> Experiment:
    return Experiment.of(**values, device="cpu", precision=chosen, seed=3)


def trained(e: Experiment, steps: int = 2) -> Trainer:
    trainer = build_trainer(e)
    for _ in range(steps):
        trainer.step()
    return trainer


def allows_tf32() -> bool:
    products, convolutions = torch.backends.cuda.matmul.allow_tf32, torch.backends.cudnn.allow_tf32
    assert products == convolutions
    return products


def same(one: Trainer, other: Trainer) -> bool:
    ours, theirs = state_of(one)[0], state_of(other)[0]
    return ours.keys() == theirs.keys() and all(torch.equal(value, theirs[name]) for name, value in ours.items())


class Seen(TorchDispatchMode):
    """The kinds of numbers that each operation was given."""

    def __init__(self) -> None:
        super().__init__()
        self.kinds: dict[Any, set[torch.dtype]] = {}

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        given = {x.dtype for x in tree_leaves(args) if isinstance(x, torch.Tensor) and x.is_floating_point()}
        self.kinds.setdefault(func.overloadpacket, set()).update(given)
        return func(*args, **(kwargs or {}))


@pytest.mark.parametrize("name", CASES)
def test_every_method_trains_in_bfloat16_and_resumes_to_the_bit(name: str) -> None:
    trainer = trained(experiment(CASES[name]))
    tensors, plain = state_of(trainer)
    assert {value.dtype for value in tensors.values() if value.is_floating_point()} == {torch.float32}
    assert all(value.isfinite().all() for value in tensors.values())
    again = build_trainer(trainer.experiment)
    restore(again, tensors, plain)
    for either in (trainer, again):
        either.step()
    assert same(trainer, again)
    assert trainer.drain()[-1].dtype == "float32"


@pytest.mark.parametrize("values", [POINTS, DCGAN])
@pytest.mark.parametrize("method", [{}, {"gp_weight": 1.0}, {"consensus_weight": 1.0}, {"unroll_steps": 1}])
def test_all_products_are_of_bfloat16_and_nothing_of_the_loss_is(values: Values, method: Values) -> None:
    trainer = trained(experiment(values | method))
    with Seen() as seen:
        trainer.step()
    made = [kinds for product, kinds in seen.kinds.items() if product in PRODUCTS]
    assert made and all(kinds == {torch.bfloat16} for kinds in made)
    for of_a_loss in (aten.log_sigmoid_forward, aten.mean, aten.linalg_vector_norm, aten._fused_adam_):
        assert seen.kinds[of_a_loss] == {torch.float32}


@pytest.mark.parametrize("chosen", ["float32", "tf32"])
def test_otherwise_nothing_is_bfloat16_and_the_cpu_knows_no_tf32(chosen: str) -> None:
    trainer = build_trainer(experiment(POINTS, chosen))
    device.claim(1, trainer.experiment.precision)
    try:
        with Seen() as seen:
            trainer.step()
            trainer.step()
    finally:
        device.release()
    assert torch.bfloat16 not in set().union(*seen.kinds.values())
    assert torch.equal(trainer.g.theta, trained(experiment(POINTS, "float32")).g.theta)


def test_what_is_shown_and_exported_is_computed_in_float32() -> None:
    trainer = trained(experiment(POINTS | {"ema_decay": 0.9}))
    z = trainer._latents()
    with Seen() as seen, torch.no_grad():
        trainer.shown.eval()(z)
    assert seen.kinds[aten.addmm] == {torch.float32}


@pytest.mark.parametrize("name", ["plain", "wgan-gp", "unrolled", "classes", "vae"])
def test_slow_motion_ends_in_the_bits_of_a_plain_step(name: str) -> None:
    plain, slow = trained(experiment(CASES[name]), 3), trained(experiment(CASES[name]), 2)
    trace_step(slow)
    assert same(plain, slow)


@pytest.mark.parametrize("values", [POINTS | NORMED | {"d_minibatch": "stddev"}, DCGAN | {"d_norm": "layer"}])
def test_a_wall_in_bfloat16_moves_each_member_as_it_would_alone_up_to_rounding(values: Values) -> None:
    plain = {"optimizer_g": "sgd", "optimizer_d": "sgd"}  # its step is the gradient
    members = [experiment(values | plain | {"lr_g": rate}) for rate in (1e-3, 2e-3)]
    wall = BatchedTrainer(members)
    with Seen() as seen:
        wall.step()
    assert all(kinds == {torch.bfloat16} for product, kinds in seen.kinds.items() if product in PRODUCTS)
    for i, member in enumerate(members):
        alone = build_trainer(member)
        players = {alone.g: wall.generator, alone.d: wall.discriminator}
        before = {player: player.theta.clone() for player in players}
        alone.step()
        for player, stack in players.items():
            assert (stack.theta[i] - player.theta).norm() < 0.05 * (player.theta - before[player]).norm()


def test_members_of_a_wall_of_other_precision_are_another_family() -> None:
    walls = families([experiment(POINTS, chosen) for chosen in ("float32", "bf16", "bf16", "tf32")])
    assert sorted(walls) == [[0], [1, 2], [3]]


def test_a_fork_goes_on_in_another_precision() -> None:
    before = trained(experiment(POINTS, "float32"))
    after = build_trainer(before.experiment.changed(precision="bf16"))
    assert restore_what_fits(after, *state_of(before)) == {}
    assert torch.equal(after.g.theta, before.g.theta)
    with pytest.raises(ExperimentError, match=r"Precision \(precision\) can't change while it trains"):
        after.change(precision="float32")


def test_tf32_holds_in_the_turns_of_its_run_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[tuple[str, bool]] = []
    step = Trainer.step

    def noted(self: Trainer) -> None:
        seen.append((self.experiment.precision, allows_tf32()))
        step(self)

    monkeypatch.setattr(Trainer, "step", noted)
    for run in [Run(experiment(POINTS, chosen)) for chosen in ("tf32", "float32", "tf32")]:
        run.play()
        run.obey()
        run.turn(seconds=0)
        run.pause()
        run.step()
        run.obey()
        assert not allows_tf32()
    assert seen == [("tf32", True)] * 2 + [("float32", False)] * 2 + [("tf32", True)] * 2


def test_the_page_says_in_what_a_run_computes_here() -> None:
    cpu = torch.device("cpu")
    said = [precision.in_words(experiment(POINTS, chosen), cpu) for chosen in ("float32", "tf32", "bf16")]
    assert said == ["cpu", "cpu, float32 (it has no TF32)", "cpu, bfloat16"]


@pytest.mark.gpu
@no_gpu
@pytest.mark.parametrize("name", CASES)
def test_every_method_trains_in_bfloat16_on_cuda(name: str) -> None:
    trainer = trained(experiment(CASES[name]).changed(device="cuda"))
    assert all(value.isfinite().all() for value in state_of(trainer)[0].values())
    assert trainer.g.theta.dtype == torch.float32


@pytest.mark.gpu
@no_gpu
def test_on_cuda_a_float32_run_is_exact_after_one_in_tf32() -> None:
    weights = []
    for chosen in ("float32", "tf32", "float32"):
        run = Run(experiment(DCGAN, chosen).changed(device="cuda"))
        run.step()
        run.obey()
        weights.append(run._built().trainer.g.theta)
    assert torch.equal(weights[0], weights[2])
    assert torch.equal(weights[0], weights[1]) != precision.has_tf32(torch.device("cuda"))

"""A trained start is the run that made it, to the bit; it says where it began, and is a run like any other."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from benchmarks.trained_starts import STARTS, Start, at_the_end, rounded, same_bits, train
from ganlab.experiment import Experiment, ExperimentError
from ganlab.export.trained_run import trained_run
from ganlab.presets import PRESETS
from ganlab.runs import Lab, Run, State, replay
from ganlab.runs import lab as lab_module
from ganlab.runs.keeping.keeper import Keeper
from ganlab.runs.keeping.store import Store
from ganlab.runs.trained.starts import FOLDER, INDEX, MOST_BYTES, file_name, read, trained_start, trained_starts, write
from ganlab.training.checkpoint import state_of
from ganlab.training.history import History
from ganlab.views import Probes
from ganlab.views.questions.samples import Walk
from tests.patience import PATIENCE

SMALL = Experiment.of(
    data="mnist_10k", generator="dcgan", discriminator="dcgan", g_channels=2, d_channels=2, latent_dim=4, batch_size=16,
    g_norm="batch", d_norm="batch", ema_decay=0.9, schedule_g="cosine", augment="adaptive",
)  # fmt: skip
MOST_BYTES_IN_ALL = 6_000_000


@pytest.fixture
def maker() -> Run:
    run = Run(SMALL)
    train(run, 7)
    return run


@pytest.fixture
def file(maker: Run, tmp_path: Path) -> Path:
    asked = maker.record()
    maker.obey()
    write(asked.result(timeout=0), tmp_path / "start.safetensors.xz")
    return tmp_path / "start.safetensors.xz"


def test_it_is_the_run_that_made_it_and_goes_on_to_the_same_bits(maker: Run, file: Path) -> None:
    opened = Run.trained(read(file))
    assert (opened.state, opened.iteration, opened.experiment) == (State.PAUSED, 7, SMALL)
    opened.obey()
    assert same_bits(opened, maker)
    for run in (opened, maker):
        train(run, 12)
    assert same_bits(opened, maker)
    assert not same_bits(opened, Run.trained(read(file)))


def test_it_says_where_it_began_and_that_its_curves_are_not_known(file: Path) -> None:
    opened = Run.trained(read(file))
    told = "This run came trained with GanLab. Goes on from iteration 7 with everything that was "
    assert opened.origin is not None
    assert opened.origin.sentence == f"{told}learned."
    assert opened.origin.before_the_curves == "Trained beforehand until iteration 7: curves begin here."
    train(opened, 9)
    assert opened.origin.sentence == f"{told}learned."
    column = opened.history.column("loss_d")
    assert np.isnan(column[:7]).all()
    assert np.isfinite(column[7:]).all()


def test_it_can_be_forked_replayed_and_reset(file: Path) -> None:
    opened = Run.trained(read(file))
    train(opened, 10)
    asked = opened.record()
    opened.obey()
    again = replay(asked.result(timeout=0))
    there = opened.ask(lambda trainer: state_of(trainer)[0])
    opened.obey()
    assert all(torch.equal(value, there.result(timeout=0)[name]) for name, value in state_of(again)[0].items())
    fork = opened.fork(lr_g=1e-4)
    fork.obey()
    opened.obey()
    train(fork, 11)
    assert fork.origin is not None
    assert not fork.origin.shipped
    opened.reset()
    opened.obey()
    assert (opened.iteration, opened.origin) == (0, None)


def test_it_outlives_the_app(file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lab_module, "trained_start", lambda _: read(file))
    store = tmp_path / "runs"
    with Lab(keeper=Keeper(Store(store))) as lab:
        opened = lab.open_trained("small")
        opened.step()
        opened.ask(lambda trainer: trainer.iteration).result(PATIENCE)
        said = opened.origin
    with Lab(keeper=Keeper(Store(store))) as lab:
        found = lab.find(opened.id)
        assert found is not None
        assert said is not None
        assert found.ask(lambda trainer: trainer.iteration).result(PATIENCE) == 8
        assert found.origin is not None
        assert (found.origin.sentence, found.origin.shipped) == (said.sentence, True)
        assert found.origin.before_the_curves == said.before_the_curves


@pytest.mark.parametrize("damage", [lambda b: b[: len(b) // 2], lambda b: b"no", lambda b: b""])
def test_a_damaged_file_is_refused_with_a_sentence(file: Path, damage: object) -> None:
    assert callable(damage)
    file.write_bytes(damage(file.read_bytes()))
    with pytest.raises(ExperimentError, match=r"can't be read"):
        read(file)


def test_what_comes_with_it_is_small_and_of_the_presets_as_they_are() -> None:
    assert set(trained_starts()) == set(STARTS)
    sizes = [(FOLDER / file_name(name)).stat().st_size for name in STARTS]
    assert max(sizes) <= MOST_BYTES
    assert sum(sizes) <= MOST_BYTES_IN_ALL
    files = {path.name for path in FOLDER.iterdir() if path.suffix in (".xz", ".json")}
    assert files == {INDEX, *map(file_name, STARTS)}


@pytest.mark.parametrize("name", STARTS)
def test_each_opens_as_its_preset_is_looked_into_exported_and_trained_on(name: str) -> None:
    start, checkpoint = STARTS[name], trained_start(name)
    opened = Run.trained(checkpoint)
    assert opened.experiment == PRESETS[name].experiment
    assert opened.iteration == trained_starts()[name].iterations == start.iterations
    assert checkpoint.plain.get("came", Start(0).notes) == start.notes
    asked = opened.record()
    ends = [[value] * opened.experiment.latent_dim for value in (-0.5, 0.5)]
    walked = opened.ask(Walk(ask="walk", points=ends, way="lerp", frames=3).answer)
    opened.obey()
    generator = trained_run(asked.result(timeout=0)).generator
    layers = opened.ask(lambda trainer: Probes(trainer, History()).answer(["model", "layers", "layers.g"])["layers"])
    traced = opened.trace()
    opened.obey()
    assert generator.sample(4).isfinite().all()
    assert len(walked.result(timeout=0)["steps"]) == 2
    assert layers.result(timeout=0)["layers"]
    assert traced.result(timeout=0)["steps"]
    assert opened.iteration == start.iterations + 1
    train(opened, start.iterations + 3)
    assert opened.iteration == start.iterations + 3
    assert opened.message in (None, "")


def test_a_run_that_is_made_smaller_is_what_its_file_holds_and_says_so(maker: Run, tmp_path: Path) -> None:
    path = tmp_path / "start.safetensors.xz"
    before = maker.ask(lambda trainer: trainer.shown.state_dict()["0.weight"].clone())
    maker.obey()
    write(at_the_end(maker, Start(7, bits=8, moments=False, averaged=True), 1.0), path)
    opened = Run.trained(read(path))
    opened.obey()
    assert same_bits(opened, maker)
    found = opened.ask(lambda trainer: state_of(trainer)[0])
    opened.obey()
    tensors = found.result(timeout=0)
    assert torch.equal(tensors["ema.0.weight"], rounded(before.result(timeout=0), 8))
    assert torch.equal(tensors["generator.0.weight"], tensors["ema.0.weight"])
    assert not any(name.startswith("optimizer") for name in tensors)
    for run in (opened, maker):
        train(run, 9)
    assert same_bits(opened, maker)
    assert opened.origin is not None
    assert opened.origin.sentence == (
        "This run came trained with GanLab. Goes on from iteration 7. Carried over: the discriminator, the random "
        "numbers and the place in the data. New: the generator (it goes on as the average of its weights), G's "
        "optimiser (its moments were left out) and D's optimiser (its moments were left out). So that the file is "
        "small, its weights were rounded to 8 significant bits."
    )


def test_numbers_are_rounded_to_the_nearest_of_so_many_bits() -> None:
    x = torch.tensor([0.0, 1.0, 1.0 + 2**-7, 1.0 + 2**-9, -3.0e-30, 1e5])
    assert torch.equal(rounded(x, 8), torch.cat([x[:3], x[1:2], x[4:].bfloat16().float()]))
    assert torch.equal(rounded(torch.tensor([300]), 8), torch.tensor([300]))


def test_a_preset_without_one_is_refused_with_a_sentence() -> None:
    with pytest.raises(ExperimentError, match="no trained start of ring-ns"):
        trained_start("ring-ns")

"""A network that was added as docs/adding/network.md says is all that the others are."""

from __future__ import annotations

import pytest

from tests.adding.growing import Grown, grow


@pytest.fixture(scope="module")
def grown(tmp_path_factory: pytest.TempPathFactory) -> Grown:
    return grow("network.md", tmp_path_factory.mktemp("grown"))


def test_two_files_are_touched(grown: Grown) -> None:
    assert grown.touched == {"ganlab/networks/waves.py", "ganlab/experiment/networks.py"}


def test_it_trains_alone_and_in_a_wall_is_watched_and_goes_on_from_a_checkpoint(grown: Grown) -> None:
    grown.call(_trains)


def test_it_is_taken_home_as_weights_and_as_a_script_with_the_losses_of_the_run(grown: Grown) -> None:
    grown.call(_is_exported)


def test_the_page_offers_it_with_its_settings_and_shows_its_source(grown: Grown) -> None:
    grown.call(_is_on_the_page)


def _trains() -> None:
    from pathlib import Path

    import torch

    from ganlab.experiment import Experiment
    from ganlab.training.batched import BatchedTrainer, families, why_apart
    from ganlab.training.build import build_trainer
    from ganlab.training.checkpoint import load_trainer, save
    from ganlab.training.history import History
    from ganlab.views.probes import Probes, views_of

    small = {"generator": "waves", "discriminator": "waves", "g_width": 8, "d_width": 8, "batch_size": 16}
    e = Experiment.of(**small, frequency=3.0, device="cpu")
    trainer = build_trainer(e)
    for _ in range(5):
        trainer.step()
    assert str(trainer.generator[1]) == "Sine()" and trainer.generator[1].frequency == 3.0

    views = views_of(e)
    assert set(Probes(trainer, History(trainer.scalars)).answer(views)) >= {"losses", "plane", "modes", "histograms"}

    resumed = load_trainer(save(trainer, Path("run.safetensors")))
    for each in (trainer, resumed):
        each.step()
    assert torch.equal(resumed.g.theta, trainer.g.theta) and torch.equal(resumed.d.theta, trainer.d.theta)

    assert why_apart(e) is None
    members = [e, e.changed(seed=1), e.changed(frequency=5.0)]
    assert families(members) == [[0, 1], [2]]  # one computation needs one shape and one frequency
    wall = BatchedTrainer(members[:2])
    for _ in range(6):
        wall.step()
    torch.testing.assert_close(wall.generator.theta[0], trainer.g.theta.detach(), rtol=1e-4, atol=1e-6)


def _is_exported() -> None:
    import csv
    import subprocess
    import sys
    from pathlib import Path

    import pytest
    import torch

    from ganlab.export.formats import FORMATS, export
    from ganlab.export.reopening import reopened
    from tests.export.conftest import trained

    taken, home = trained(5, generator="waves", discriminator="waves", frequency=3.0), Path("home")
    for name in ("weights", "script"):
        export(taken, FORMATS[name], home)
    experiment, state = reopened(home / "generator.safetensors")
    assert experiment == taken.experiment
    assert torch.equal(state.tensors["generator.0.weight"], taken.generator.network[0].weight)

    assert "WavesGenerator(4, (2,), 8, 3.0)" in (home / "train.py").read_text()
    subprocess.run([sys.executable, "-I", "train.py", "--steps", "5"], cwd=home, check=True, capture_output=True)
    with (home / "losses.csv").open() as file:
        rows = list(csv.DictReader(file))
    for name in ("loss_d", "loss_g"):
        ours = taken.history[:, taken.scalars.index(name)]
        assert [float(row[name]) for row in rows] == pytest.approx(ours, rel=1e-4), name


def _is_on_the_page() -> None:
    from streamlit.testing.v1 import AppTest

    from tests.ui.page import choose, opened, run_of, widget

    app = opened()
    for role in ("generator", "discriminator"):
        assert "Waves (sines)" in widget(app, f"setting_{role}").options
        choose(app, role, "waves")
    choose(app, "frequency", "3")
    e = run_of(app).experiment
    assert (e.generator, e.discriminator, e.frequency) == ("waves", "waves", 3.0)

    app = AppTest.from_string(
        "from ganlab.experiment import Experiment\n"
        "from ganlab.ui.train.theory import source\n"
        "source(Experiment.of(generator='waves', discriminator='waves'))\n"
    ).run()
    assert not app.exception
    assert any("Sums of sines bend" in text.value for text in app.markdown)
    codes = [code.value for code in app.code]
    for network in ("WavesGenerator", "WavesDiscriminator"):
        assert any(f"class {network}(" in code and "class Sine(" in code for code in codes)

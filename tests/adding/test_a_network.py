"""A network that was added as docs/adding/network.md says is all that the others are."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.adding.growing import Grown, growing


@pytest.fixture(scope="module")
def grown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Grown]:
    with growing("network.md", tmp_path_factory.mktemp("grown")) as grown:
        yield grown


def test_two_files_are_touched(grown: Grown) -> None:
    assert grown.touched == {"ganlab/networks/waves.py", "ganlab/experiment/networks.py"}


def test_it_is_trained_watched_and_resumed_to_the_same_bits(grown: Grown) -> None:
    grown.call(_is_trained)


def test_a_wall_trains_members_of_one_shape_as_one_computation(grown: Grown) -> None:
    grown.call(_is_on_a_wall)


def test_it_is_taken_home_as_weights_and_as_a_script_with_the_losses_of_the_run(grown: Grown) -> None:
    grown.call(_is_exported)


def test_the_page_offers_it_with_its_settings_and_shows_its_source(grown: Grown) -> None:
    grown.call(_is_on_the_page)


def _is_trained() -> None:
    import torch

    from ganlab.experiment import Experiment
    from ganlab.latent.directions import first_features
    from tests.adding import journey

    e = Experiment.of(**journey.SMALL, generator="waves", discriminator="waves", frequency=3.0)
    journey.is_watched(e, e.changed(generator="mlp", discriminator="mlp"))
    journey.is_resumed_to_the_same_bits(e)
    generator = journey.begun(e).generator
    z, (dense, sine, *_) = torch.randn(8, 16), generator
    assert sine.frequency == 3.0
    assert torch.equal(first_features(generator, z), sine(dense(z)))  # GANSpace finds the sines


def _is_on_a_wall() -> None:
    from ganlab.experiment import Experiment
    from ganlab.training.batched import families, why_apart
    from tests.adding import journey

    e = Experiment.of(**journey.SMALL, generator="waves", discriminator="waves", frequency=3.0)
    members = [e, e.changed(seed=1), e.changed(frequency=5.0)]
    assert families(members) == [[0, 1], [2]]  # one computation has one frequency
    journey.is_trained_on_a_wall(members)
    unbatched = e.changed(data="digits", generator="resnet")
    assert why_apart(unbatched) == "only MLP, Dense, DCGAN, Waves and CNN networks are"


def _is_exported() -> None:
    from pathlib import Path

    import torch

    from ganlab.export.formats import FORMATS, export
    from ganlab.export.reopening import reopened
    from tests.adding import journey
    from tests.export.conftest import trained

    values = {"generator": "waves", "discriminator": "waves", "frequency": 3.0}
    run = trained(5, **values)
    export(run, FORMATS["weights"], Path("home"))
    experiment, state = reopened(Path("home/generator.safetensors"))
    assert experiment == run.experiment
    assert torch.equal(state.tensors["generator.0.weight"], run.generator.network[0].weight)

    journey.is_exported_as_a_script(values)
    assert "WavesGenerator(4, (2,), 8, 3.0)" in Path("train.py").read_text()


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

"""docs/adding/loss.md adds a loss with options and a memory to a copy of the package, which knows it everywhere."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.adding.growing import Grown, growing


@pytest.fixture(scope="module")
def grown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Grown]:
    with growing("loss.md", tmp_path_factory.mktemp("grown")) as grown:
        yield grown


def test_two_files_are_touched(grown: Grown) -> None:
    assert grown.touched == {"ganlab/experiment/loss.py", "ganlab/game/losses.py"}


def test_it_is_in_the_menus_with_its_settings(grown: Grown) -> None:
    grown.call(_is_in_the_menus)


def test_it_is_trained_watched_resumed_and_exported(grown: Grown) -> None:
    grown.call(_is_trained)


def test_d_takes_its_option_and_its_memory_follows_the_scores(grown: Grown) -> None:
    grown.call(_is_computed)


def test_members_of_a_wall_train_one_by_one_because_it_remembers_something(grown: Grown) -> None:
    grown.call(_is_on_a_wall)


def _is_in_the_menus() -> None:
    from ganlab.experiment import Experiment, fields_of, knob

    assert knob("loss").choices["centred"] == "Centred hinge"
    assert {"centred_width", "centred_rate"} <= set(fields_of("loss"))
    e = Experiment.of(loss="centred", centred_width=0.5)
    assert knob("centred_width").applies(e) and not knob("centred_width").applies(Experiment())
    assert Experiment.from_link(e.to_link()) == e


def _is_trained() -> None:
    from ganlab.experiment import Experiment
    from tests.adding import journey

    values = {**journey.SMALL, "loss": "centred", "centred_width": 0.5}
    e = Experiment.of(**values)
    journey.is_watched(e, e.changed(loss="hinge"))
    journey.is_resumed_to_the_same_bits(e)
    journey.is_exported_as_a_script(values)


def _is_computed() -> None:
    import torch

    from ganlab.experiment import Experiment
    from ganlab.training.build import build_trainer

    narrow, wide = (build_trainer(Experiment.of(loss="centred", centred_width=width)) for width in (0.5, 2.0))
    real, fake = torch.full((16,), 0.2), torch.full((16,), -0.4)
    assert narrow._discriminator_loss(real, fake).isclose(torch.tensor(0.3 + 0.1))
    assert wide._discriminator_loss(real, fake).isclose(torch.tensor(1.8 + 1.6))
    narrow._scores(real, fake)
    assert narrow._discriminator_loss(real, fake).isclose(torch.tensor(0.29 + 0.11)), "a centre of -0.01"


def _is_on_a_wall() -> None:
    from ganlab.experiment import Experiment
    from ganlab.training.batched import families, why_apart
    from tests.adding import journey

    members = [Experiment.of(**journey.SMALL, loss="centred", seed=seed) for seed in (0, 1)]
    assert why_apart(members[0]) == "a loss that remembers something (Centred hinge) is not"
    assert families(members) == [[0], [1]]
    journey.is_trained_on_a_wall(members)

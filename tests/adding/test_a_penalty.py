"""docs/adding/penalty.md adds a gradient penalty to a copy of the package, which knows it everywhere."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.adding.growing import Grown, growing


@pytest.fixture(scope="module")
def grown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Grown]:
    with growing("penalty.md", tmp_path_factory.mktemp("grown")) as grown:
        yield grown


def test_two_files_are_touched(grown: Grown) -> None:
    assert grown.touched == {"ganlab/experiment/loss.py", "ganlab/game/penalties.py"}


def test_it_is_in_the_menus_and_among_the_methods_in_use(grown: Grown) -> None:
    grown.call(_is_in_the_menus)


def test_it_is_trained_watched_resumed_and_exported(grown: Grown) -> None:
    grown.call(_is_trained)


def test_it_has_a_part_in_the_field_of_the_dirac_game(grown: Grown) -> None:
    grown.call(_is_in_the_field)


def test_members_of_a_wall_that_use_it_train_one_by_one(grown: Grown) -> None:
    grown.call(_is_on_a_wall)


def _is_in_the_menus() -> None:
    from ganlab.experiment import Experiment, fields_of, knob
    from ganlab.training.methods import in_use

    e = Experiment.of(steep_weight=0.5)
    assert "steep_weight" in fields_of("loss") and knob("steep_weight").applies(e)
    assert [note.label for note in in_use(e)] == ["Steepness"]
    assert Experiment.from_link(e.to_link()) == e


def _is_trained() -> None:
    from ganlab.experiment import Experiment
    from ganlab.training.history import SCALARS
    from tests.adding import journey

    values = {**journey.SMALL, "steep_weight": 0.5}
    e = Experiment.of(**values)
    assert journey.begun(e).drain()[-1][-1][SCALARS.index("penalty")] > 0
    journey.is_watched(e, e.changed(steep_weight=0.0))
    journey.is_resumed_to_the_same_bits(e)
    journey.is_exported_as_a_script(values)


def _is_in_the_field() -> None:
    """Where D's slope is 2, a penalty of 10 times the slope draws it down by 10."""
    import numpy as np

    from ganlab.experiment import Experiment
    from ganlab.game.losses import LOSSES
    from ganlab.training.dirac import field

    e = Experiment.of(data="dirac", generator="point", discriminator="linear")
    at = np.array([0.5]), np.array([2.0])
    with_it, without = (field(each, LOSSES[each.loss], *at) for each in (e.changed(steep_weight=10.0), e))
    assert np.allclose(with_it - without, [[0.0, -10.0]])


def _is_on_a_wall() -> None:
    from ganlab.experiment import Experiment
    from ganlab.training.batched import families, why_apart
    from tests.adding import journey

    members = [Experiment.of(**journey.SMALL, steep_weight=0.5, seed=seed) for seed in (0, 1)]
    assert why_apart(members[0]) == "Steepness (steep_weight) is not"
    assert families(members) == [[0], [1]]
    journey.is_trained_on_a_wall(members)

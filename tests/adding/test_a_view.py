"""docs/adding/view.md adds a live view to a copy of the package, which knows it everywhere."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.adding.growing import Grown, growing


@pytest.fixture(scope="module")
def grown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Grown]:
    with growing("view.md", tmp_path_factory.mktemp("grown")) as grown:
        yield grown


def test_one_python_module_and_one_of_the_browsers(grown: Grown) -> None:
    assert grown.touched == {"ganlab/views/spread.py", "ganlab/browser/views/spread.js"}


def test_it_is_answered_sent_and_on_the_page(grown: Grown) -> None:
    grown.call(_is_watched)


def test_what_it_noted_goes_with_a_fork(grown: Grown) -> None:
    grown.call(_is_remembered)


def _is_watched() -> None:
    import pytest

    from ganlab.experiment import Experiment
    from ganlab.live.frames import encode
    from ganlab.live.wire import WIRES, lighten
    from ganlab.runs.engine import Engine
    from ganlab.ui.scripts import surroundings
    from ganlab.views import cards_of
    from tests.live.decoding import decode

    engine = Engine(Experiment.of(g_width=8, d_width=8))
    answer = engine.probes.answer(["spread"])
    ratio = answer["spread"]["ratio"]
    frame = decode(encode(lighten({"views": answer})))["views"]["spread"]
    assert frame["x"].tolist() == [0]
    assert frame["ratio"] == pytest.approx(ratio, abs=1e-4) and 0 < ratio[0] < 2

    assert "spread" in WIRES, "viewers may ask for it"
    cards = cards_of(engine.trainer.experiment, "train")
    assert cards[cards.index("spread") - 1 : cards.index("spread") + 2] == ("cosine", "spread", "quality")
    told = surroundings("board/live.js", "train")
    assert "spread" in told["views"] and "views/spread.js" in told["modules"]
    assert "spread" not in surroundings("collapse/collapse.js", "collapse")["views"]


def _is_remembered() -> None:
    from ganlab.experiment import Experiment
    from ganlab.runs.engine import Engine

    one = Engine(Experiment.of(g_width=8, d_width=8))
    for _ in range(2):
        one.probes.answer(["spread"])
        one.trainer.step()
        one.settle()
    other = Engine(one.trainer.experiment)
    other.go_on_from(one.checkpoint())
    assert other.probes.answer(["spread"])["spread"]["x"].tolist() == [0, 1, 2]

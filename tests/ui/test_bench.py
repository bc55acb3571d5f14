"""The runs of a tab: how they come together, what they are called, and which of them a page works on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from ganlab.experiment import Experiment
from ganlab.live.colours import COLOURS, RUN_COLOURS
from ganlab.presets import DEFAULT, PRESETS
from ganlab.ui import bench, session, working
from ganlab.ui.naming import title
from tests.patience import PATIENCE

SMALL = Experiment.of(g_width=8, d_width=8, batch_size=16)


@pytest.fixture(autouse=True)
def _no_run_left_behind() -> Iterator[None]:
    yield
    for run in session.lab().runs():
        session.lab().remove(run.id)


def in_tab(act: Callable[[], Any]) -> Callable[[AppTest], Any]:
    """Runs a function inside a browser tab."""

    def call(app: AppTest) -> Any:
        app.session_state["act"], app.session_state["answer"] = act, None
        app.run()
        assert not app.exception
        return app.session_state["answer"]

    return call


def script() -> None:
    import streamlit as st

    from ganlab.ui import picker

    act = st.session_state.pop("act", None)
    if act is not None:
        st.session_state["answer"] = act()
    st.session_state["shown"] = picker.run_box()


@pytest.fixture
def app() -> AppTest:
    return AppTest.from_function(script, default_timeout=PATIENCE).run()


def test_a_run_with_another_loss_or_other_data_is_not_named_after_its_preset() -> None:
    ring = PRESETS["ring-ns"].experiment
    assert title(ring.changed(loss="hinge"), "ring-ns") == "Ring of 8 Gaussians, hinge"
    assert title(ring.changed(data="moons"), "ring-ns") == "Two moons, non-saturating"
    assert title(ring.changed(batch_size=32), "ring-ns") == f"{PRESETS['ring-ns'].title}, Batch size 32"


def test_a_page_works_on_the_train_pages_run_until_another_is_picked(app: AppTest) -> None:
    first = app.session_state["tab"].run
    assert app.session_state["shown"] is first
    second = in_tab(lambda: bench.add(SMALL, "Small"))(app)
    assert app.session_state["shown"] is first
    assert app.selectbox[0].options == [DEFAULT.title, "Small"]
    app.selectbox[0].select(second.id).run()
    assert app.session_state["shown"] is second
    in_tab(lambda: bench.remove(second))(app)
    assert app.session_state["shown"] is first


def test_names_say_what_differs_and_no_two_are_alike(app: AppTest) -> None:
    changed = DEFAULT.experiment.changed(packing=2, lr_g=0.01)

    def three() -> list[str]:
        bench.add(changed, preset=DEFAULT.name)
        bench.rename(bench.add(DEFAULT.experiment), "  Sick  one ")
        bench.add(DEFAULT.experiment)
        return list(bench.names().values())

    assert in_tab(three)(app) == [
        DEFAULT.title,
        f"{DEFAULT.title}, G learning rate 0.01, D packing 2",
        "Sick one",
        f"{DEFAULT.title} (2)",
    ]


def test_each_run_gets_a_colour_of_its_own(app: AppTest) -> None:
    def many() -> list[int]:
        for _ in range(bench.COLOURS - 1):
            bench.add(SMALL)
        return [bench.label_of(run).colour for run in bench.runs()]

    assert sorted(in_tab(many)(app)) == list(range(bench.COLOURS))


def test_a_run_opened_on_the_train_page_changes_places(app: AppTest) -> None:
    first = app.session_state["tab"].run
    wgan = PRESETS["ring-wgan-gp"]
    second = in_tab(lambda: bench.add(wgan.experiment))(app)
    in_tab(lambda: bench.open_on_train_page(second))(app)
    here = app.session_state["tab"]
    assert (here.run, here.preset, here.start) == (second, wgan.name, wgan.experiment)
    assert in_tab(bench.runs)(app) == [first, second]
    in_tab(lambda: bench.remove(second))(app)
    assert here.run is first
    in_tab(lambda: bench.remove(first))(app)
    assert here.run is first, "a tab is never without a run"


def test_an_untrained_run_that_is_changed_keeps_its_name_and_colour(app: AppTest) -> None:
    first = app.session_state["tab"].run
    second = in_tab(lambda: bench.add(SMALL))(app)
    in_tab(lambda: bench.rename(first, "Mine"))(app)
    in_tab(lambda: working.change("seed", 7))(app)
    changed = app.session_state["tab"].run
    assert changed is not first
    assert in_tab(bench.runs)(app) == [changed, second]
    assert in_tab(bench.names)(app)[changed.id] == "Mine"


def test_experiments_are_opened_side_by_side_and_alone(app: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    gone_to: list[str] = []
    monkeypatch.setattr(bench.st, "switch_page", gone_to.append)
    wanted = {"GAN": SMALL, "Critic": SMALL.changed(loss="wasserstein")}
    in_tab(lambda: bench.open_side_by_side(wanted))(app)
    assert {name: run.experiment for name, run in in_tab(visible)(app).items()} == wanted
    assert gone_to == ["compare.py"]


def visible() -> dict[str, Any]:
    """The runs that the Compare page shows, by name."""
    names = bench.names()
    return {names[run.id]: run for run in bench.runs() if not bench.label_of(run).hidden}


# How much of each primary colour each kind of eye has left (Machado et al. 2009, severity 1).
EYES = {
    "all": np.eye(3),
    "no red cones": np.array([[0.152, 1.053, -0.205], [0.115, 0.786, 0.099], [-0.004, -0.048, 1.052]]),
    "no green cones": np.array([[0.367, 0.861, -0.228], [0.280, 0.673, 0.047], [-0.012, 0.043, 0.969]]),
}


def linear(colour: str) -> np.ndarray:
    value = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)


def oklab(rgb: np.ndarray) -> np.ndarray:
    """Ottosson 2020: in this space equal distances look about equally different."""
    cones = np.array([[0.4122, 0.5363, 0.0514], [0.2119, 0.6807, 0.1074], [0.0883, 0.2817, 0.6300]])
    opponents = np.array([[0.2105, 0.7936, -0.0041], [1.9780, -2.4286, 0.4506], [0.0259, 0.7828, -0.8087]])
    return opponents @ np.cbrt(cones @ np.clip(rgb, 0, 1))


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("eye", EYES)
def test_runs_can_be_told_apart_by_any_eye(theme: str, eye: str) -> None:
    seen = [oklab(EYES[eye] @ linear(colour)) for colour in RUN_COLOURS[theme]]
    closest = min(np.linalg.norm(a - b) for i, a in enumerate(seen) for b in seen[:i])
    assert closest > 0.12
    if eye == "all":
        meanings = [oklab(linear(colour)) for colour in COLOURS[theme].values()]
        assert min(np.linalg.norm(a - b) for a in seen for b in meanings) > 0.1

"""The Sweep page through AppTest: a wall is planned, trained, refused with a sentence, and left through a member."""

from __future__ import annotations

import time

import pytest
from streamlit.testing.v1 import AppTest

from ganlab.experiment import Experiment
from ganlab.runs import Axis, Plan, State, Sweep
from ganlab.ui import session
from ganlab.ui.sweep.page import together_in_words
from tests.patience import PATIENCE
from tests.ui.page import SHELL, SMALL


@pytest.fixture
def app() -> AppTest:
    page = AppTest.from_file(str(SHELL), default_timeout=PATIENCE)
    page.query_params["x"] = SMALL
    page.run()
    return page.switch_page(str(SHELL.with_name("sweep.py"))).run()


def wall(app: AppTest) -> Sweep:
    found = session.lab().sweep(app.session_state["sweep"])
    assert found is not None
    return found


def until_trained(app: AppTest) -> None:
    deadline = time.monotonic() + PATIENCE
    while wall(app).iteration == 0:
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_a_wall_is_planned_trained_and_paused(app: AppTest) -> None:
    assert "press **Train the wall**" in app.info[0].value
    app.selectbox(key="sweep_wall").select("16 seeds").run()
    assert "16 members, trained together" in app.caption[-2].value
    assert "not saved, and there is no link to it" in app.caption[-1].value
    app.button(key="sweep_train").click().run()
    assert not app.exception
    assert [e.seed for e in wall(app).plan.experiments] == list(range(16))
    assert wall(app).state is State.RUNNING
    until_trained(app)
    app.button(key="sweep_play").click().run()
    assert wall(app).state is State.PAUSED


def test_a_wall_of_own_fields_takes_the_place_of_the_one_before(app: AppTest) -> None:
    app.selectbox(key="sweep_wall").select("16 seeds").run()
    app.button(key="sweep_train").click().run()
    first = wall(app)
    app.selectbox(key="sweep_wall").select("Choose the settings yourself").run()
    app.selectbox(key="sweep_columns").select("d_activation").run()
    app.text_input[-1].set_value("tanh, ReLU").run()
    app.button(key="sweep_train").click().run()
    assert not app.exception
    assert [e.d_activation for e in wall(app).plan.experiments] == ["tanh", "relu"]
    assert session.lab().sweep(first.id) is None
    assert first.state is State.STOPPED


@pytest.mark.parametrize(
    ("values", "complaint"),
    [
        ("quick", "but must be a number"),
        ("[" * 100_000, "but must be a number"),
        ("", "has no values"),
        ("0.1, 0.1", "twice"),
    ],
)
def test_values_that_make_no_wall_are_refused_with_a_sentence(app: AppTest, values: str, complaint: str) -> None:
    app.text_input[0].set_value(values).run()
    assert complaint in app.error[0].value
    assert app.button(key="sweep_train").disabled


def test_the_page_says_how_members_are_trained() -> None:
    base = Experiment.of(g_width=8, d_width=8, batch_size=16)
    seeds = Axis("seed", (0, 1))
    assert together_in_words(Plan(base, seeds)).startswith("2 members, trained together as one batched computation")
    widths = Plan(base, seeds, Axis("g_width", (16, 32)))
    assert together_in_words(widths).startswith("4 members, trained together in 2 batched computations.")
    apart = together_in_words(Plan(base.changed(spectral_norm=True), seeds))
    assert apart.startswith("2 members. All of them are trained one after another")
    assert "Spectral norm (spectral_norm) is not" in apart
    alone = together_in_words(Plan(base, Axis("g_width", (8, 16))))
    assert "because no other has its networks and method" in alone


def test_from_an_opened_member_the_way_back_leads_to_its_wall(app: AppTest, gone_to: list[str]) -> None:
    app.selectbox(key="sweep_wall").select("16 seeds").run()
    app.button(key="sweep_train").click().run()
    until_trained(app)
    wall(app).pause()
    app.switch_page(str(SHELL.with_name("train.py"))).run()
    assert "back_to_wall" not in {button.key for button in app.button}, "its run is none of the wall's"
    run = app.session_state["tab"].run
    app.session_state["tab"].walls[run.id] = wall(app).id
    app.run()
    app.button(key="back_to_wall").click().run()
    assert gone_to == ["sweep.py"]
    session.lab().remove(wall(app).id)
    app.run()
    assert "back_to_wall" not in {button.key for button in app.button}, "the wall is no more"

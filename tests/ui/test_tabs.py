"""Tabs and the runs they work on: a new run, the way back, a link, a reload, two tabs on one run."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import torch

from ganlab.experiment import Experiment
from ganlab.presets import DEFAULT
from ganlab.runs import State
from ganlab.ui import session
from tests.ui.page import SMALL, choose, opened, press, run_of, trained, until, widget


@pytest.fixture(autouse=True)
def _no_run_left_behind() -> Iterator[None]:
    yield
    for run in session.lab().runs():
        session.lab().remove(run.id)


def test_another_setting_starts_a_new_run_and_keeps_the_old_one() -> None:
    app = opened(x=SMALL)
    old = trained(app)
    choose(app, "g_depth", 3)
    new = run_of(app)
    assert new is not old
    assert new.experiment == old.experiment.changed(g_depth=3)
    assert session.lab().get(old.id) is old
    assert f"iteration {old.iteration:,}" in app.button(key="back").label

    press(app, "back")
    assert run_of(app) is old
    assert widget(app, "setting_g_depth").value == old.experiment.g_depth
    choose(app, "seed", 5)
    choose(app, "seed", 6)
    assert [shelf.run for shelf in app.session_state.tab.aside] == [old], "only what has learnt something is kept"


def test_a_run_begun_a_moment_ago_does_not_train_on_unseen() -> None:
    app = opened(x=SMALL)
    old = run_of(app)
    old.play()  # and at once, before its first iteration:
    choose(app, "seed", 3)
    assert old.state is State.PAUSED


def test_a_new_run_goes_on_training_if_the_old_one_was() -> None:
    app = opened(x=SMALL)
    old = run_of(app)
    old.play()
    until(lambda: old.iteration > 0)
    choose(app, "seed", 3)
    assert old.state is State.PAUSED
    assert run_of(app).state is State.RUNNING


def test_one_tab_does_not_take_away_the_run_of_another() -> None:
    first = opened(x=SMALL)
    shared = run_of(first)
    second = opened(run=shared.id)
    choose(first, "seed", 3)
    trained(second)
    choose(first, "seed", 4)
    assert session.lab().get(shared.id) is shared
    assert run_of(second) is shared


def test_two_tabs_work_on_one_run() -> None:
    one = opened(x=SMALL)
    other = opened(run=run_of(one).id)
    trained(one)
    choose(one, "n_critic", 3)
    other.run()
    assert run_of(other) is run_of(one)
    assert widget(other, "setting_n_critic").value == 3


def test_a_run_put_away_meanwhile_is_replaced() -> None:
    app = opened(x=SMALL)
    gone = run_of(app)
    session.lab().remove(gone.id)
    app.run()
    assert not app.exception
    assert run_of(app) is not gone
    assert run_of(app).experiment == gone.experiment
    assert "is not stored" in app.warning[0].value


def test_a_link_opens_the_same_experiment_elsewhere() -> None:
    app = opened()
    choose(app, "data", "digits")
    choose(app, "lr_g", "0.0003")
    elsewhere = opened(x=app.query_params["x"])
    assert run_of(elsewhere).experiment == run_of(app).experiment
    assert run_of(elsewhere) is not run_of(app)


def test_reloading_finds_the_run_again_with_its_settings() -> None:
    app = opened(x=SMALL)
    run = trained(app)
    choose(app, "lr_g", "0.0003")
    again = opened(run=app.query_params["run"], x=app.query_params["x"])
    assert run_of(again) is run
    assert widget(again, "setting_lr_g").value == "0.0003"


def test_a_run_that_is_gone_is_made_anew_from_the_address() -> None:
    app = opened(run="no-such-run", x=SMALL)
    assert run_of(app).experiment == Experiment.from_link(SMALL)
    app = opened(run="no-such-run")
    assert "is not stored here" in app.warning[0].value
    assert run_of(app).experiment == DEFAULT.experiment


@pytest.mark.parametrize(
    ("link", "said"), [("lr_g:fast", "Learning rate"), ("colour:red", "colour"), ("%7B", "%7B"), ("data:cats", "cats")]
)
def test_a_bad_link_is_explained_and_the_default_opened(link: str, said: str) -> None:
    app = opened(x=link)
    assert said in app.warning[0].value
    assert run_of(app).experiment == DEFAULT.experiment


def test_a_link_with_a_device_that_is_not_here_opens_the_defaults(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    app = opened(x="device:cuda")
    assert 'Device (device) is "cuda", but this machine has only' in app.warning[0].value
    assert run_of(app).experiment == DEFAULT.experiment


def test_defaults_go_back_to_the_links_own_settings() -> None:
    app = opened(x=SMALL)
    choose(app, "seed", 3)
    press(app, "defaults")
    assert run_of(app).experiment == Experiment.from_link(SMALL)


def test_going_back_in_the_browser_goes_back_to_the_run() -> None:
    app = opened(x=SMALL)
    first = trained(app)
    choose(app, "seed", 3)
    second = run_of(app)
    app.query_params["run"] = first.id  # as a browser sends it that has not heard of the new run yet
    app.run()
    assert run_of(app) is second and app.query_params["run"] == second.id
    app.session_state["tab"].addressed -= session.ON_ITS_WAY
    app.query_params["run"] = first.id
    app.run()
    assert run_of(app) is first
    app.session_state["tab"].addressed -= session.ON_ITS_WAY
    app.query_params["run"] = second.id
    app.run()
    assert run_of(app).experiment.seed == 3


def test_an_address_of_no_run_changes_nothing() -> None:
    app = opened(x=SMALL)
    run = run_of(app)
    app.session_state["tab"].addressed -= session.ON_ITS_WAY
    app.query_params["run"] = "no-such-run"
    app.run()
    assert run_of(app) is run and app.query_params["run"] == run.id

"""The train page through AppTest: what it shows, and what each widget does to the run behind it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ganlab.experiment import Experiment
from ganlab.presets import DEFAULT, FAMILIES, PRESETS, Family
from ganlab.runs import State
from ganlab.ui import session
from ganlab.ui.widgets import shown
from tests.patience import PATIENCE
from tests.ui.page import SMALL, choose, opened, press, run_of, until, widget

WILD = "g_width:8,d_width:8,batch_size:16,loss:wasserstein,optimizer_d:sgd,optimizer_g:sgd,lr_d:10,lr_g:10"


@pytest.fixture(autouse=True)
def _no_run_left_behind() -> Iterator[None]:
    yield
    for run in session.lab().runs():
        session.lab().remove(run.id)


def test_a_newcomer_finds_the_default_preset_ready_to_train() -> None:
    app = opened()
    run = run_of(app)
    assert run.experiment == DEFAULT.experiment
    assert run.state is State.READY
    assert app.button(key="play").label == "Train"
    assert widget(app, "preset").value == DEFAULT.name
    assert DEFAULT.explanation in app.caption[0].value
    assert app.query_params["run"] == run.id


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.title)
def test_a_preset_opens_with_its_explanation(family: Family) -> None:
    app, preset = opened(), family.presets[-1]
    widget(app, "preset").select(preset.name).run()
    assert not app.exception
    assert run_of(app).experiment == preset.experiment
    assert preset.explanation in app.caption[0].value


def test_the_buttons_drive_the_run() -> None:
    app = opened(x=SMALL)
    run = run_of(app)
    press(app, "play")
    assert run.state is State.RUNNING
    assert app.button(key="play").label == "Pause"
    until(lambda: run.iteration > 0)
    press(app, "play")
    assert run.state is State.PAUSED
    assert app.button(key="play").label == "Train"
    at = run.ask(lambda trainer: trainer.iteration).result(PATIENCE)  # after the step that the pause came in
    for key in ("step", "step_d", "step_g"):
        press(app, key)
    until(lambda: run.iteration == at + 3)
    assert [taken.kind for taken in run.interventions] == ["step_d", "step_g"]
    press(app, "reset")
    until(lambda: run.iteration == 0)
    assert run.state is State.READY
    assert run.experiment == Experiment.from_link(SMALL)


def test_a_stopped_run_can_only_start_over() -> None:
    app = opened(x=SMALL)
    press(app, "stop")
    assert run_of(app).state is State.STOPPED
    assert app.button(key="play").disabled
    assert app.button(key="step").disabled
    press(app, "reset")
    assert not app.button(key="play").disabled


def test_defaults_restart_with_the_presets_settings() -> None:
    app = opened()
    widget(app, "preset").select("grid").run()
    choose(app, "lr_g", "0.5")
    assert "1 setting changed" in app.caption[0].value
    press(app, "defaults")
    assert run_of(app).experiment == PRESETS["grid"].experiment
    assert widget(app, "setting_lr_g").value == shown("lr_g", PRESETS["grid"].experiment.lr_g)


def test_a_failed_run_says_why_and_what_to_try() -> None:
    app = opened(x=WILD)
    run = run_of(app)
    run.play()
    until(lambda: run.state is State.FAILED)
    app.run()
    assert not app.exception
    assert run.message in [error.value for error in app.error]
    assert "iteration" in app.error[0].value
    assert "Try" in app.error[0].value
    assert app.button(key="play").disabled
    press(app, "reset")
    assert not app.error


def test_a_failed_run_starts_over_slower_in_one_click() -> None:
    app = opened(x=WILD)
    run = run_of(app)
    run.play()
    until(lambda: run.state is State.FAILED)
    app.run()
    press(app, "slower")
    fresh = run_of(app)
    assert (fresh.experiment.lr_g, fresh.experiment.lr_d) == (1, 1)
    assert fresh.interventions == []
    assert widget(app, "setting_lr_g").value == "1"
    until(lambda: fresh.iteration > 0)
    fresh.stop()
    assert run.state is State.FAILED, "the failed one is kept as it is"
    press(app, "back")
    assert run_of(app) is run


def test_the_formulas_and_the_source_are_those_of_the_loss_in_use() -> None:
    app = opened(x="loss:wasserstein,gp_weight:10")
    formulas = " ".join(latex.value for latex in app.latex)
    assert r"\mathbb{E}" in formulas
    assert r"\lVert \nabla D(\hat x) \rVert" in formulas
    assert "def wasserstein_d" not in "\n".join(block.value for block in app.code), "nothing is coloured in vain"
    app.session_state["source"] = True
    app.run()
    code = "\n".join(block.value for block in app.code)
    for function in (
        "def wasserstein_d",
        "def gradient_penalty(",
        "def gradient_penalties(",
        "def iterate(",
        "class MLPGenerator",
    ):
        assert function in code
    choose(app, "gp_weight", "off")
    assert "e.gp_weight *" not in "\n".join(block.value for block in app.code)
    choose(app, "loss", "hinge")
    assert "def hinge_d" in "\n".join(block.value for block in app.code)

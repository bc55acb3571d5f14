"""The train page through AppTest: what it shows, and what each widget does to the run behind it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import torch
from streamlit.testing.v1 import AppTest

from ganlab.choices import DIRAC, DISCRIMINATORS, GENERATORS
from ganlab.experiment import DEFAULTS, Experiment, fields_of, knob
from ganlab.presets import DEFAULT, FAMILIES, PRESETS, Family
from ganlab.runs import Run, State
from ganlab.ui import session
from ganlab.ui.widgets import LIVE, shown, suggestions, typed

SHELL = Path(__file__).parents[2] / "pages" / "shell.py"
WILD = "g_width:8,d_width:8,batch_size:16,loss:wasserstein,optimizer_d:sgd,optimizer_g:sgd,lr_d:10,lr_g:10"
SMALL = "g_width:8,d_width:8,batch_size:16"


@pytest.fixture(scope="module", autouse=True)
def _no_thread_left_behind() -> Iterator[None]:
    yield
    session.lab().close()
    session.lab.cache_clear()
    session.hub.cache_clear()


@pytest.fixture(autouse=True)
def _no_run_left_behind() -> Iterator[None]:
    yield
    for run in session.lab().runs():
        session.lab().remove(run.id)


def opened(**query: str) -> AppTest:
    app = AppTest.from_file(str(SHELL), default_timeout=30)
    for name, value in query.items():
        app.query_params[name] = value
    app.run()
    assert not app.exception
    return app


def widget(app: AppTest, name: str) -> Any:
    """A widget by its name, whatever it has shown before."""
    return app.get_by_key(f"{name}.{app.session_state['generations'][name]}")


def run_of(app: AppTest) -> Run:
    run = app.session_state["tab"].run
    assert isinstance(run, Run)
    return run


def press(app: AppTest, key: str) -> None:
    app.button(key=key).click().run()
    assert not app.exception


def choose(app: AppTest, name: str, value: Any) -> None:
    """Pick or type a value of a setting, in whatever widget it has."""
    box = widget(app, f"setting_{name}")
    if isinstance(value, str) and not knob(name).choices and value not in box.options:
        box.options.append(value)  # AppTest has no way to type into a select box that takes new values
    box.set_value(value)
    app.run()
    assert not app.exception


def until(condition: Callable[[], bool], seconds: float = 30) -> None:
    """Wait for the training thread."""
    deadline = time.monotonic() + seconds
    tick = threading.Event()
    while not condition():
        assert time.monotonic() < deadline, "it never happened"
        tick.wait(0.01)


def trained(app: AppTest, iterations: int = 1) -> Run:
    """The tab's run, paused after some training."""
    run = run_of(app)
    run.play()
    until(lambda: run.iteration >= iterations)
    run.pause()
    app.run()
    return run


def test_a_newcomer_finds_the_default_preset_ready_to_train() -> None:
    app = opened()
    run = run_of(app)
    assert run.experiment == DEFAULT.experiment
    assert run.state is State.READY
    assert app.button(key="play").label == "Train"
    assert widget(app, "preset").value == DEFAULT.name
    assert DEFAULT.explanation in app.caption[0].value
    assert app.query_params["run"] == run.id


def test_every_setting_that_applies_has_a_widget_with_its_label_and_help() -> None:
    app = opened()
    for name in Experiment.model_fields:
        if not knob(name).applies(DEFAULT.experiment):
            assert f"setting_{name}" not in app.session_state["generations"]
            continue
        shown_as = widget(app, f"setting_{name}")
        assert knob(name).label.lower() in shown_as.label.lower()
        assert knob(name).help in shown_as.help
        assert (LIVE in shown_as.label) == knob(name).live


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.title)
def test_a_preset_opens_with_its_explanation(family: Family) -> None:
    app, preset = opened(), family.presets[-1]
    widget(app, "preset").select(preset.name).run()
    assert not app.exception
    assert run_of(app).experiment == preset.experiment
    assert preset.explanation in app.caption[0].value


def test_the_gallery_shows_a_family_and_opens_a_preset() -> None:
    app = opened()
    press(app, "gallery")
    shown_now = [button.key for button in app.button if button.key.startswith("open_")]
    assert shown_now == [f"open_{preset.name}" for preset in FAMILIES[0].presets]
    press(app, "open_grid")
    assert run_of(app).experiment == PRESETS["grid"].experiment
    assert not [button.key for button in app.button if button.key.startswith("open_")], "the gallery is closed"


OTHER_VALUES = {
    "threads": 1,
    "data": "moons", "latent_dim": 3, "latent_distribution": "uniform", "batch_size": "64", "g_depth": 1,
    "g_width": "32", "g_activation": "tanh", "g_norm": "layer", "optimizer_g": "rmsprop", "lr_g": "0.0005",
    "beta1_g": "0.9", "beta2_g": "0.99", "schedule_g": "cosine", "ema_decay": "0.99", "d_depth": 3, "d_width": "64",
    "d_activation": "relu", "d_norm": "layer", "spectral_norm": True, "optimizer_d": "sgd", "lr_d": "0.0002",
    "beta1_d": "0", "beta2_d": "0.9", "schedule_d": "linear", "n_critic": 5, "loss": "hinge", "gp_weight": "10",
    "r1_weight": "0.5", "r2_weight": "0.1", "weight_clip": "0.01", "label_smoothing": "0.1", "instance_noise": "0.1",
    "init": "dcgan", "seed": 7, "max_steps": 500, "device": "cpu",
    "zero_gp_weight": "1", "dragan_weight": "10", "lecam_weight": "0.1", "history_weight": "0.01",
    "consensus_weight": "0.1", "feature_matching": "1", "cosine_weight": "0.5", "top_k": "0.5", "unroll_steps": 3,
    "clip_norm_g": "1", "clip_value_g": "0.1", "clip_norm_d": "2", "clip_value_d": "0.2", "packing": 2,
    "d_minibatch": "stddev", "weight_decay_g": "0.01", "weight_decay_d": "0.02", "model": "vae",
    "condition": "projection", "info_categories": 3, "info_continuous": 2,
}  # fmt: skip


@pytest.mark.parametrize("name", OTHER_VALUES)
def test_changing_a_setting_reaches_the_run_and_the_address(name: str) -> None:
    app = opened(x=SMALL)
    choose(app, name, OTHER_VALUES[name])
    value = OTHER_VALUES[name]
    expected = typed(value) if isinstance(value, str) and not knob(name).choices else value
    assert getattr(run_of(app).experiment, name) == expected
    assert Experiment.from_link(app.query_params["x"]) == run_of(app).experiment


def test_no_setting_was_forgotten_above() -> None:
    applicable = {name for name in Experiment.model_fields if knob(name).applies(DEFAULTS)}
    assert applicable - {"generator", "discriminator"} == set(OTHER_VALUES)


@pytest.mark.parametrize(
    ("name", "text"), [("lr_g", "quick"), ("lr_g", "100"), ("lr_d", "nan"), ("batch_size", "2.5"), ("g_width", "-3")]
)
def test_a_value_that_makes_no_sense_is_refused_in_a_sentence_and_the_old_one_kept(name: str, text: str) -> None:
    app = opened()
    before = run_of(app)
    choose(app, name, text)
    assert len(app.error) == 1
    sentence = app.error[0].value
    assert knob(name).label in sentence
    assert "must be" in sentence
    assert run_of(app) is before
    assert widget(app, f"setting_{name}").value == shown(name, getattr(DEFAULT.experiment, name))
    app.run()
    assert not app.error, "said once"


def test_a_live_setting_changes_the_run_while_it_trains() -> None:
    app = opened(x=SMALL)
    run = run_of(app)
    run.play()
    until(lambda: run.iteration > 0)
    choose(app, "lr_g", "0.0001")
    assert run_of(app) is run
    assert run.state is State.RUNNING
    until(lambda: bool(run.interventions))
    assert run.interventions[0].values == {"lr_g": 1e-4}
    assert run.interventions[0].iteration > 0


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


def test_one_tab_does_not_take_away_the_run_of_another() -> None:
    first = opened(x=SMALL)
    shared = run_of(first)
    second = opened(run=shared.id)
    choose(first, "seed", 3)
    trained(second)
    choose(first, "seed", 4)
    assert session.lab().get(shared.id) is shared
    assert run_of(second) is shared


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


def test_parameters_of_a_d_that_sees_packs_are_counted_as_such() -> None:
    plain, packed = (session.parameters(Experiment.of(packing=m, batch_size=64)) for m in (1, 4))
    assert packed["discriminator"] - plain["discriminator"] == 3 * 2 * Experiment().d_width


def test_a_new_run_goes_on_training_if_the_old_one_was() -> None:
    app = opened(x=SMALL)
    old = run_of(app)
    old.play()
    until(lambda: old.iteration > 0)
    choose(app, "seed", 3)
    assert old.state is State.PAUSED
    assert run_of(app).state is State.RUNNING


def test_networks_follow_the_data_from_points_to_images_and_back() -> None:
    app = opened()
    choose(app, "data", "digits")
    e = run_of(app).experiment
    assert (e.data, e.generator, e.discriminator) == ("digits", "dcgan", "dcgan")
    choose(app, "data", "spiral")
    assert run_of(app).experiment == DEFAULT.experiment.changed(data="spiral")


def test_every_network_can_be_chosen_for_images_and_is_left_with_them() -> None:
    app = opened()
    choose(app, "data", "digits")
    for role, networks in (("generator", GENERATORS), ("discriminator", DISCRIMINATORS)):
        for network in set(networks) - set(DIRAC):
            choose(app, role, network)
            assert not app.exception and not app.error
            assert getattr(run_of(app).experiment, role) == network
            applying = {name for name in fields_of(role) if knob(name).applies(run_of(app).experiment)}
            assert all(widget(app, f"setting_{name}") for name in applying)
    choose(app, "data", "spiral")
    e = run_of(app).experiment
    assert (e.generator, e.discriminator) == ("mlp", "mlp")


def test_an_image_size_that_a_network_can_not_make_is_refused_in_a_sentence() -> None:
    app = opened()
    choose(app, "data", "digits")
    choose(app, "image_size", 100)
    assert "choose 64, or a dense generator" in app.error[0].value
    choose(app, "generator", "dense")
    choose(app, "discriminator", "cnn")
    choose(app, "image_size", 100)
    assert run_of(app).experiment.image_size == 100


def test_a_network_that_does_not_fit_is_refused_in_a_sentence() -> None:
    app = opened()
    choose(app, "generator", "dcgan")
    assert "works on images" in app.error[0].value
    assert run_of(app).experiment == DEFAULT.experiment


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
    at = run.ask(lambda trainer: trainer.iteration).result(timeout=30)  # after the step that the pause came in
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
    assert "gone" in app.warning[0].value
    assert run_of(app).experiment == DEFAULT.experiment


@pytest.mark.parametrize(
    ("link", "said"), [("lr_g:fast", "Learning rate"), ("colour:red", "colour"), ("%7B", "%7B"), ("data:cats", "cats")]
)
def test_a_bad_link_is_explained_and_the_default_opened(link: str, said: str) -> None:
    app = opened(x=link)
    assert said in app.warning[0].value
    assert run_of(app).experiment == DEFAULT.experiment


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
    press(app, "remedy")
    assert run_of(app) is run
    assert (run.experiment.lr_g, run.experiment.lr_d) == (1, 1)
    assert run.interventions == []
    assert widget(app, "setting_lr_g").value == "1"
    run.stop()


def test_the_formulas_and_the_source_are_those_of_the_loss_in_use() -> None:
    app = opened(x="loss:wasserstein,gp_weight:10")
    formulas = " ".join(latex.value for latex in app.latex)
    assert r"\mathbb{E}" in formulas
    assert r"\lVert \nabla D(\hat x) \rVert" in formulas
    assert "def wasserstein_d" not in "\n".join(block.value for block in app.code), "nothing is coloured in vain"
    app.session_state["source"] = True
    app.run()
    code = "\n".join(block.value for block in app.code)
    for function in ("def wasserstein_d", "def gradient_penalty", "def step(", "class MLPGenerator"):
        assert function in code
    choose(app, "loss", "hinge")
    assert "def hinge_d" in "\n".join(block.value for block in app.code)


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
    assert "put away" in app.warning[0].value


@pytest.mark.parametrize("name", [name for name in Experiment.model_fields if knob(name).log])
def test_suggested_values_are_allowed_and_can_be_typed(name: str) -> None:
    assert suggestions(name)
    for value in suggestions(name):
        assert getattr(DEFAULTS.changed(**{name: typed(shown(name, value))}), name) == pytest.approx(value)
